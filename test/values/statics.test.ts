import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { childrenOf } from "#adapter/values/children";
import { valueText } from "#adapter/values/value-text";
import { firmwareFiles } from "#test/helpers/firmware";
import { notStarted, staticsOf, stoppedAt, type StoppedProgram } from "./firmware-values";

/** With one of every object of embassy-sync, in both profiles; `test/firmware/suspended` says what each holds. */
const SYNC = ["dev", "release"].map(
  (profile) => `test/firmware/suspended/prebuilt/suspended-sync-${profile}.elf`,
);

/** Not a round number of milliseconds, at which timers are due. */
const INSTANT = "1.2345s";

/** Compares with a text that was reviewed by eye; `GOLDEN=update` writes it. */
function check(path: string, text: string): void {
  if (process.env["GOLDEN"] === "update") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(text).toBe(existsSync(path) ? readFileSync(path, "utf8") : "");
}

/** The statics with their values and, two levels deep, their children. */
function staticsText({ program, reader }: StoppedProgram): string {
  const lines: string[] = [];
  for (const { name, type, address } of staticsOf(program)) {
    const value = reader.at(type, address);
    lines.push(`${name}: ${type.name}`, `    ${valueText(value, reader)}`);
    const children = childrenOf(value, reader);
    const first = children.elements(0, Math.min(children.indexed, 2));
    for (const child of [...children.named, ...first]) {
      lines.push(`    ${child.name}: ${valueText(child.value, reader)}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

describe(`values of statics, ${INSTANT} after power-on`, () => {
  it.each([...firmwareFiles(), ...SYNC])("%s", async (path) => {
    const text = staticsText(await stoppedAt(path, INSTANT));
    check(`test/golden/values/${basename(path, ".elf")}.txt`, text);
  });
});

describe("values of every kind of type", () => {
  const fixture = notStarted("test/values/fixture/values.elf");
  const { program, reader } = fixture;

  it("are what values.rs says", () => {
    const own = program.statics.matching(({ name }) => name.startsWith("values::"));
    const lines = own
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(
        ({ name, type, address }) => `${name}: ${type.name} = ${valueText(reader.at(type, address), reader)}`,
      );
    check("test/values/fixture/values.txt", `${lines.join("\n")}\n`);
  });

  it("show the real type of a trait object, however little its vtable tells", () => {
    const text = (name: string) => {
      const { type, address } = program.statics.named(`values::${name}`)!;
      return valueText(reader.at(type, address), reader);
    };
    expect(text("LIGHT")).toBe("Sync(&Led { pin: 5, level: 300 })");
    expect(text("DARK")).toBe("Sync(&Unit)");
    expect(text("DEBUG")).toBe("Sync(&7: u32)");
    expect(text("PINNED")).toBe("Sync(&Led { pin: 6, level: 7 })");
  });
});

describe("vtables that the debug info describes", () => {
  it.each([...firmwareFiles(), ...SYNC])("name the type that implements, in %s", (path) => {
    const { program, reader } = notStarted(path);
    for (const { name, address } of program.statics.matching((each) => each.name.endsWith("{vtable}"))) {
      const vtable = reader.symbols.vtableAt(address);
      expect(name).toContain(`<${vtable?.implementor?.name ?? "nothing"} as `);
    }
  });
});
