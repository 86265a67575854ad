import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { address } from "#adapter/base/brand";
import { disassemble, instructionText } from "#adapter/disassembly/disassemble";
import { isFirstOfTwo } from "#adapter/disassembly/thumb32";
import { Random } from "#test/helpers/random";
import { describeWithTool } from "#test/helpers/tool";

/** Where each instruction is taken to stand: llvm-mc prints distances, and we print addresses. */
const AT = 0x1000_0000;

/** What llvm-mc says of encodings: a line each, undefined where it knows no instruction. */
function llvmText(tool: string, encodings: readonly (readonly number[])[]): (string | undefined)[] {
  const hex = (byte: number) => `0x${byte.toString(16)}`;
  const bytes = (halves: readonly number[]) => halves.flatMap((half) => [half & 255, half >>> 8]);
  const input = encodings.map((halves) => `[${bytes(halves).map(hex).join(" ")}]`).join("\n");
  const { stdout, stderr } = spawnSync(tool, ["-triple=thumbv6m-none-eabi", "--disassemble"], {
    input,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  const warnings = stderr.matchAll(/^<stdin>:(\d+):\d+: warning: invalid instruction encoding/gm);
  const unknown = new Set(Array.from(warnings, ([, line]) => Number(line) - 1));
  const texts = stdout
    .split("\n")
    .filter((line) => line.startsWith("\t") && !line.startsWith("\t.text"))
    .map(normalised);
  expect(texts.length + unknown.size).toBe(encodings.length);
  let next = 0;
  return encodings.map((_, i) => (unknown.has(i) ? undefined : texts[next++]));
}

/** Distances of branches become addresses; two `udf` have names of their own in LLVM. */
function normalised(line: string): string {
  const text = line
    .trim()
    .replace(/\s+/g, " ")
    .replace(/\s*@.*$/, "");
  const branch = /^(b|bl|b[a-z]{2}) #(-?\d+)$/.exec(text);
  if (branch !== null) {
    const target = (AT + 4 + Number(branch[2])) >>> 0;
    return `${branch[1]!} 0x${target.toString(16).padStart(8, "0")}`;
  }
  if (text === "trap") return "udf #254";
  if (text === "__brkdiv0") return "udf #249";
  return text;
}

function ourText(halves: readonly number[]): string | undefined {
  const bytes = Uint8Array.from(halves.flatMap((half) => [half & 255, half >>> 8]));
  const [instruction] = disassemble(bytes, address(AT));
  const text = instructionText(instruction!);
  return text.startsWith(".inst") ? undefined : text;
}

/** Special registers of ARMv6-M by number (B5.1.1). */
const SPECIAL = [0, 1, 2, 3, 5, 6, 7, 8, 9, 16, 20];

/**
 * What the two take differently since llvm-mc knows more than ARMv6-M, or less: CPS with other flags than I (B5.2.1),
 * special registers that it has not, barriers with other options than SY (A6.7.20 to A6.7.22), and UDF.W, which llvm-mc
 * has for ARMv7-M only (A6.7.75). MRS has bits that should be one, which llvm-mc does not look at.
 */
function isTakenDifferently([first, second = 0]: readonly number[]): boolean {
  const isCps = (first! & 0xffe8) === 0xb660 && (first! & 7) !== 2;
  const isBarrier = first === 0xf3bf && (second & 0xff00) === 0x8f00 && (second & 15) !== 15;
  const isUdf = (first! & 0xfff0) === 0xf7f0 && (second & 0xf000) === 0xa000;
  const isMsr = (first! & 0xffe0) === 0xf380 && (second & 0xd000) === 0x8000;
  const isMrs = (first! & 0xffe0) === 0xf3e0 && (second & 0xd000) === 0x8000;
  const isKnownMove = SPECIAL.includes(second & 255) && (first === 0xf3ef || (first! & 0xfff0) === 0xf380);
  return isCps || isBarrier || isUdf || ((isMsr || isMrs) && !isKnownMove);
}

function differences(tool: string, encodings: readonly (readonly number[])[]): string[] {
  const theirs = llvmText(tool, encodings);
  return encodings.flatMap((halves, i) => {
    const ours = ourText(halves);
    if (ours === theirs[i] || isTakenDifferently(halves)) return [];
    const hex = halves.map((half) => half.toString(16).padStart(4, "0")).join(" ");
    return [`${hex}: ${ours ?? "unknown"} / ${theirs[i] ?? "unknown"}`];
  });
}

describeWithTool("llvm-mc", "each encoding says what llvm-mc says", (tool) => {
  test("of 16 bits: all of them", () => {
    const all = Array.from({ length: 0x10000 }, (_, half) => half).filter((half) => !isFirstOfTwo(half));
    expect(all).toHaveLength(0xe800);
    expect(
      differences(
        tool,
        all.map((half) => [half]),
      ),
    ).toEqual([]);
  });

  test("of 32 bits: all that name a special register or a barrier", () => {
    const seconds = Array.from({ length: 0x1000 }, (_, low) => low);
    const encodings = [
      ...seconds.map((low) => [0xf3ef, 0x8000 | low]),
      ...seconds.map((low) => [0xf380 | (low & 15), 0x8800 | (low >>> 4)]),
      ...seconds.filter((low) => low < 0x100).map((low) => [0xf3bf, 0x8f00 | low]),
      ...seconds.map((low) => [0xf7f0 | (low & 15), 0xa000 | low]),
    ];
    expect(differences(tool, encodings)).toEqual([]);
  });

  test("of 32 bits: calls over all distances, and any other", () => {
    const random = new Random(6);
    const calls = Array.from({ length: 20_000 }, () => [
      0xf000 | random.below(0x800),
      0xd000 | random.below(0x3000),
    ]);
    const any = Array.from({ length: 60_000 }, () => [0xe800 + random.below(0x1800), random.below(0x10000)]);
    expect(differences(tool, [...calls, ...any])).toEqual([]);
  });
});
