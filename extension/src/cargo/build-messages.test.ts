import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseBuildLine } from "./build-messages";

describe("a line of cargo's messages", () => {
  it("tells what was built, and with how much debug info", () => {
    const line = JSON.stringify({
      reason: "compiler-artifact",
      target: { name: "blink", kind: ["bin"] },
      profile: { opt_level: "0", debuginfo: 2 },
      executable: "/work/target/debug/blink",
    });
    expect(parseBuildLine(line)).toEqual({
      kind: "artifact",
      artifact: { name: "blink", kind: ["bin"], executable: "/work/target/debug/blink", debugInfo: 2 },
    });
  });

  it("takes debug info that is not mentioned for none", () => {
    const line = JSON.stringify({
      reason: "compiler-artifact",
      target: { name: "driver", kind: ["lib"] },
      profile: { debuginfo: null },
      executable: null,
    });
    expect(parseBuildLine(line)).toMatchObject({ artifact: { executable: null, debugInfo: 0 } });
  });

  it("tells what the compiler says, whatever a message lacks", () => {
    const line = JSON.stringify({ reason: "compiler-message", message: { message: "cannot find `x`" } });
    expect(parseBuildLine(line)).toEqual({
      kind: "diagnostic",
      diagnostic: {
        message: "cannot find `x`",
        code: null,
        level: "error",
        spans: [],
        children: [],
        rendered: null,
      },
    });
  });

  it("tells how the build ended", () => {
    expect(parseBuildLine('{"reason":"build-finished","success":false}')).toEqual({
      kind: "finished",
      isSuccess: false,
    });
  });

  it.each([
    "",
    "warning: printed by a build script",
    "{",
    '{"reason":"build-script-executed"}',
    '{"reason":"compiler-artifact"}',
    '{"reason":"compiler-message"}',
    "{}",
  ])("passes over %j", (line) => {
    expect(parseBuildLine(line)).toBeUndefined();
  });

  it("throws on no line whatsoever", () => {
    const reasons = fc.constantFrom("compiler-artifact", "compiler-message", "build-finished");
    const garbage = fc.oneof(
      fc.string(),
      fc
        .tuple(
          reasons,
          fc.dictionary(fc.constantFrom("target", "profile", "message", "executable"), fc.jsonValue()),
        )
        .map(([reason, rest]) => JSON.stringify({ ...rest, reason })),
    );
    fc.assert(fc.property(garbage, (line) => void parseBuildLine(line)));
  });
});
