import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { RustcDiagnostic, RustcSpan } from "./build-messages";
import { toFinding } from "./source-findings";

const ROOT = resolve("/work");

function span(parts: Partial<RustcSpan> = {}): RustcSpan {
  return {
    file_name: "src/main.rs",
    line_start: 2,
    line_end: 2,
    column_start: 5,
    column_end: 9,
    is_primary: true,
    label: null,
    text: [{ text: "    many" }],
    expansion: null,
    ...parts,
  };
}

function diagnostic(parts: Partial<RustcDiagnostic> = {}): RustcDiagnostic {
  return {
    message: "mismatched types",
    code: { code: "E0308" },
    level: "error",
    spans: [span()],
    children: [],
    rendered: null,
    ...parts,
  };
}

describe("what the compiler has against the sources", () => {
  it("stands at its place, counted from zero", () => {
    expect(toFinding(diagnostic(), ROOT)).toEqual({
      severity: "error",
      message: "mismatched types",
      code: "E0308",
      place: {
        file: resolve(ROOT, "src/main.rs"),
        start: { line: 1, column: 4 },
        end: { line: 1, column: 8 },
      },
      related: [],
    });
  });

  it("counts as an editor does where characters are wide", () => {
    const wide = span({ column_start: 4, column_end: 5, text: [{ text: 'a🦀"x' }] });
    expect(toFinding(diagnostic({ spans: [wide] }), ROOT)?.place).toMatchObject({
      start: { column: 4 },
      end: { column: 5 },
    });
  });

  it("ends on the last of several lines", () => {
    const long = span({ line_end: 3, column_end: 3, text: [{ text: "    many" }, { text: "é)" }] });
    expect(toFinding(diagnostic({ spans: [long] }), ROOT)?.place.end).toEqual({ line: 2, column: 2 });
  });

  it("takes along the label, the advice and the other places", () => {
    const finding = toFinding(
      diagnostic({
        spans: [
          span({ label: "expected `u32`" }),
          span({ is_primary: false, line_start: 7, line_end: 7, label: "because of this" }),
        ],
        children: [
          diagnostic({ level: "help", message: "write 1", spans: [] }),
          diagnostic({ level: "note", message: "defined here", spans: [span({ file_name: "src/lib.rs" })] }),
        ],
      }),
      ROOT,
    );
    expect(finding?.message).toBe("mismatched types\nexpected `u32`\nhelp: write 1");
    expect(finding?.related.map(({ message, place }) => [message, place.file, place.start.line])).toEqual([
      ["because of this", resolve(ROOT, "src/main.rs"), 6],
      ["note: defined here", resolve(ROOT, "src/lib.rs"), 1],
    ]);
  });

  it("shows what is wrong inside another crate's macro where the macro is used", () => {
    const inside = span({
      file_name: "/elsewhere/macros.rs",
      line_start: 99,
      expansion: { span: span({ line_start: 12, line_end: 12 }) },
    });
    expect(toFinding(diagnostic({ spans: [inside] }), ROOT)?.place).toMatchObject({
      file: resolve(ROOT, "src/main.rs"),
      start: { line: 11 },
    });
  });

  it("is nothing without a place", () => {
    expect(
      toFinding(diagnostic({ message: "aborting due to 2 previous errors", spans: [] }), ROOT),
    ).toBeUndefined();
  });

  it.each([
    ["error: internal compiler error", "error"],
    ["warning", "warning"],
    ["failure-note", "note"],
  ])("takes level %j for %s", (level, severity) => {
    expect(toFinding(diagnostic({ level }), ROOT)?.severity).toBe(severity);
  });
});
