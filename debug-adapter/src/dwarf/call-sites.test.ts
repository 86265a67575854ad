import { describe, expect, it } from "vitest";
import { buildDwarf, type EntryDescription } from "#test/helpers/dwarf-builder";
import { expression } from "#test/helpers/expression-text";
import { CallSites } from "./call-sites";
import { DW_AT, DW_FORM, DW_TAG } from "./constants";
import { DebugInfo } from "./debug-info";

const RETURN = 0x1000_0010;

/** Parameters written as `[location, value]`. */
function site(isGnu: boolean, parameters: readonly (readonly [string, string])[]): EntryDescription {
  return {
    tag: isGnu ? DW_TAG.GNU_call_site : DW_TAG.call_site,
    attributes: [[isGnu ? DW_AT.low_pc : DW_AT.call_return_pc, DW_FORM.addr, RETURN]],
    children: parameters.map(([location, value]) => ({
      tag: isGnu ? DW_TAG.GNU_call_site_parameter : DW_TAG.call_site_parameter,
      attributes: [
        [DW_AT.location, DW_FORM.exprloc, expression(location)],
        [isGnu ? DW_AT.GNU_call_site_value : DW_AT.call_value, DW_FORM.exprloc, expression(value)],
      ],
    })),
  };
}

function check(children: readonly EntryDescription[], returnAddress: number, expected: unknown): void {
  const root = {
    tag: DW_TAG.compile_unit,
    children: [{ id: "caller", tag: DW_TAG.subprogram, children }],
  };
  const built = buildDwarf([{ root }]);
  const sites = new CallSites(new DebugInfo(built));
  expect([...(sites.at(built.offsetOf("caller"), returnAddress)?.registers ?? [])]).toEqual(expected);
}

describe("CallSites", () => {
  it("finds what registers hold at a call, in blocks too", () => {
    const found = [
      [0, expression("breg4 8")],
      [40, expression("lit3")],
    ];
    const parameters = [
      ["reg0", "breg4 8"],
      ["regx 40", "lit3"],
    ] as const;
    check([site(false, parameters)], RETURN, found);
    check([{ tag: DW_TAG.lexical_block, children: [site(true, parameters)] }], RETURN, found);
    check([site(false, parameters)], RETURN + 2, []);
  });

  it("leaves out arguments that are not in registers", () => {
    check(
      [
        site(false, [
          ["breg13 0", "lit1"],
          ["", "lit2"],
          ["regx 200", "lit3"],
        ]),
      ],
      RETURN,
      [[200, expression("lit3")]],
    );
  });
});
