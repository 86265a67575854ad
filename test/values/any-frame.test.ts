import { describe, expect, it } from "vitest";
import { address } from "#adapter/base/brand";
import { loadFirmware } from "#adapter/debuggee/firmware";
import { CoreFrame } from "#adapter/debuggee/core-frame";
import { Unwinder } from "#adapter/unwind/unwinder";
import type { Limits } from "#adapter/values/limits";
import { REGISTER_NAMES } from "#adapter/target/architecture";
import { evaluate } from "#adapter/values/expression/evaluate";
import { ValueReader } from "#adapter/values/reader";
import { symbolsOf } from "#adapter/values/symbol-lookup";
import { valueText } from "#adapter/values/value-text";
import { firmwareFiles } from "#test/helpers/firmware";
import { Random } from "#test/helpers/random";
import { notStarted } from "./firmware-values";

const RAM = 0x2000_0000;
const SIZE = 1 << 16;
const PC = 15;
const STOPS = 60;
const LIMITS: Limits = { depth: 4, elements: 8, stringBytes: 40, characters: 200 };

/** Code somewhere in the program, so that variables are in scope. */
function somewhere(random: Random, ranges: readonly { readonly start: number; readonly end: number }[]) {
  const { start, end } = ranges[random.below(ranges.length)]!;
  return start + 2 * random.below(Math.max(1, (end - start) >> 1));
}

describe("frames of a core with random registers over random memory", () => {
  it.each(firmwareFiles())("have variables that can be shown, in %s", async (path) => {
    const { program, elf } = await loadFirmware(path);
    const { reader: loaded } = notStarted(path);
    const random = new Random(20_260_102);
    const ram = new Uint8Array(SIZE);
    const words = new DataView(ram.buffer);
    const code = program.functions.matching(() => true).flatMap(({ ranges }) => ranges);
    for (let at = 0; at < SIZE; at += 4) {
      const kind = random.below(4);
      // Pointers into itself, so that circles are frequent; return addresses; small numbers; noise.
      const word = [
        () => RAM + 4 * random.below(SIZE / 4),
        () => somewhere(random, code) | 1,
        () => random.below(8),
        () => random.operand(),
      ][kind]!();
      words.setUint32(at, word, true);
    }
    const isInRam = (at: number, length: number) => at >= RAM && at + length <= RAM + SIZE;
    const memory = {
      read: (at: number, length: number) =>
        isInRam(at, length) ? ram.subarray(at - RAM, at - RAM + length) : loaded.memory.read(at, length),
      readUint: (at: number, size: 1 | 2 | 4) =>
        isInRam(at, size)
          ? ram.subarray(at - RAM, at - RAM + size).reduceRight((value, byte) => value * 256 + byte, 0)
          : loaded.memory.readUint(at, size),
    };
    const reader = new ValueReader(memory, symbolsOf(program));
    const unwinder = new Unwinder(program, elf, { depthLimit: 8 });
    let shown = 0;
    for (let stop = 0; stop < STOPS; stop++) {
      const registers = REGISTER_NAMES.map(() =>
        random.below(3) === 0 ? random.operand() : RAM + 4 * random.below(SIZE / 4),
      );
      registers[PC] = address(somewhere(random, code));
      for (const frame of unwinder.unwind(registers, memory).frames) {
        const core = new CoreFrame(frame, program);
        for (const { name, value } of core.variables) {
          const text = valueText(value, reader, LIMITS);
          expect(text).not.toMatch(/undefined|\[object/);
          const named = evaluate(name, reader, core);
          if (/^[a-z_]\w*$/.test(name) && !KEYWORDS.has(name)) expect(named.kind, name).toBe("value");
          shown++;
        }
      }
    }
    expect(shown).toBeGreaterThan(STOPS / 2);
  });
});

/** Names that an expression cannot say. */
const KEYWORDS = new Set(["_", "true", "false", "as"]);
