import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseElf } from "#adapter/elf/elf-file";
import { loadProgram } from "#adapter/symbols/program";
import { exercise } from "#test/helpers/dwarf-exercise";
import "#test/helpers/fixed-seed";

const SECTIONS = [
  ".debug_info",
  ".debug_abbrev",
  ".debug_str",
  ".debug_line",
  ".debug_line_str",
  ".debug_ranges",
  ".debug_rnglists",
  ".debug_addr",
  ".debug_str_offsets",
];

/** Milliseconds that any one damaged file may take on a busy machine; the whole ones take a tenth. */
const LONGEST = 10_000;

type Sections = ReadonlyMap<string, Uint8Array>;

function sectionsOf(path: string): Sections {
  const elf = parseElf(readFileSync(path), path);
  const found = new Map<string, Uint8Array>();
  for (const name of SECTIONS) {
    const bytes = elf.section(name);
    if (bytes) found.set(name, bytes);
  }
  return found;
}

/** Ways in which a section can be damaged. Positions are fractions, so that one arbitrary serves every section. */
const damage = fc.oneof(
  fc.record({
    kind: fc.constant("flip" as const),
    bytes: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), {
      minLength: 1,
      maxLength: 24,
    }),
  }),
  fc.record({ kind: fc.constant("truncate" as const), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({
    kind: fc.constant("fill" as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(64),
    value: fc.constantFrom(0, 0x7f, 0x80, 0xff),
  }),
  fc.record({
    kind: fc.constant("move" as const),
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    to: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(200),
  }),
);

type Damage = typeof damage extends fc.Arbitrary<infer Value> ? Value : never;

function damaged(bytes: Uint8Array, how: Damage): Uint8Array {
  const position = (fraction: number) => Math.floor(fraction * (bytes.length - 1));
  if (how.kind === "truncate") return bytes.slice(0, position(how.at));
  const result = bytes.slice();
  if (how.kind === "flip") for (const [at, value] of how.bytes) result[position(at)] = value;
  else if (how.kind === "fill") result.fill(how.value, position(how.at), position(how.at) + how.length);
  else result.copyWithin(position(how.to), position(how.from), position(how.from) + how.length);
  return result;
}

function check(whole: Sections, numRuns: number): void {
  const names = [...whole.keys()];
  const damages = fc.array(fc.tuple(fc.constantFrom(...names), damage), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(damages, (all) => {
      const sections = new Map(whole);
      for (const [name, how] of all) sections.set(name, damaged(sections.get(name)!, how));
      const began = performance.now();
      exercise({ section: (name) => sections.get(name) });
      expect(performance.now() - began).toBeLessThan(LONGEST);
    }),
    { numRuns },
  );
}

describe("damaged debug info", () => {
  it("of DWARF 5 ends in problems, never in an exception", () => {
    check(sectionsOf("test/golden/debug-info/dwarf5.elf"), 500);
  });

  it("of DWARF 4 ends in problems, never in an exception", () => {
    check(sectionsOf("samples/prebuilt/blink-release.elf"), 80);
  });

  it("says what is missing when a section is", () => {
    const whole = sectionsOf("test/golden/debug-info/dwarf5.elf");
    for (const missing of whole.keys()) {
      const { program } = exercise({ section: (name) => (name === missing ? undefined : whole.get(name)) });
      // Without its strings, everything is there but has no name.
      if (missing.endsWith("str")) continue;
      expect({ missing, problems: program.problems.length }).not.toEqual({ missing, problems: 0 });
    }
  });

  it("is no debug info at all: one problem, and nothing else", () => {
    const program = loadProgram({ section: () => undefined });
    expect(program.problems).toEqual([{ where: ".debug_info", what: "the file has no debug info" }]);
    expect(program.functions.all).toEqual([]);
    expect(program.asyncFunctions.all).toEqual([]);
    expect(program.lines.count).toBe(0);
  });
});
