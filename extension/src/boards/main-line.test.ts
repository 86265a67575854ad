import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { mainLine } from "./main-line";

const lineOf = (text: string) => mainLine(text.split("\n"));

describe("the line of main", () => {
  it("is that of the attribute that makes it the entry point", () => {
    expect(lineOf("use x;\n\n#[embassy_executor::main]\nasync fn main(spawner: Spawner) {}")).toBe(2);
    expect(lineOf('#[embassy_executor::main(entry = "x")]\nasync fn main() {}')).toBe(0);
    expect(lineOf("#[cortex_m_rt::entry]\nfn main() -> ! {}")).toBe(0);
    expect(lineOf("  #[entry]\n  fn start() -> ! {}")).toBe(0);
    expect(lineOf("#[hal::entry]\nfn main() -> ! {}")).toBe(0);
  });

  it("is none in programs of a host, in comments and tasks", () => {
    expect(lineOf("fn main() {}")).toBeUndefined();
    expect(lineOf("// #[entry]\nfn main() {}")).toBeUndefined();
    expect(lineOf("#[entry_point]\nfn main() {}")).toBeUndefined();
    expect(lineOf("#[embassy_executor::task]\nasync fn x() {}")).toBeUndefined();
  });

  it("is found in a sample", () => {
    const lines = readFileSync("samples/blink/src/main.rs", "utf8").split("\n");
    expect(lines[mainLine(lines)! + 1]).toContain("async fn main(");
  });
});
