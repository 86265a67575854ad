import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { address } from "#adapter/base/brand";
import { disassemble, instructionText } from "#adapter/disassembly/disassemble";
import type { Instruction } from "#adapter/disassembly/instruction";
import { describeWithTool, runTool } from "#test/helpers/tool";

const FIRMWARE = ["samples/prebuilt", "test/firmware/prebuilt"].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".elf"))
    .map((name) => `${folder}/${name}`),
);

/** A line of llvm-objdump: `10000abc: f0 48  ldr r0, [pc, #960]  @ 0x10000e80 <name+0x4>`. */
const LINE = /^\s*([0-9a-f]+):((?: [0-9a-f]{2})+)\s+\t?([^@\n]*)(?:@ (.*))?$/;

interface Line {
  readonly instruction: Instruction;
  readonly text: string;
  readonly comment: string;
}

function linesOf(output: string): Line[] {
  return output.split("\n").flatMap((line) => {
    const [, at, bytes, text, comment] = LINE.exec(line) ?? [];
    if (at === undefined || bytes === undefined || text === undefined || /^\s*\./.test(text)) return [];
    const raw = Uint8Array.from(bytes.trim().split(" "), (byte) => parseInt(byte, 16));
    const [instruction] = disassemble(raw, address(parseInt(at, 16)));
    return [{ instruction: instruction!, text: normalised(text), comment: comment ?? "" }];
  });
}

/** Without the names of what addresses belong to; addresses with all their digits. */
function normalised(text: string): string {
  const plain = text
    .trim()
    .replace(/\s+/g, " ")
    .replace(/ <.*>$/, "");
  if (plain === "trap") return "udf #254";
  return plain.replace(
    /^(b\w*) 0x([0-9a-f]+)$/,
    (_, name: string, at: string) => `${name} 0x${at.padStart(8, "0")}`,
  );
}

describeWithTool("llvm-objdump", "each instruction says what llvm-objdump says", (tool) => {
  test.each(FIRMWARE)("in %s", (path) => {
    const lines = linesOf(runTool(tool, ["-d", path]));
    expect(lines.length).toBeGreaterThan(300);
    const wrong = lines.filter(({ instruction, text }) => instructionText(instruction) !== text);
    expect(wrong.map(({ instruction, text }) => `${instructionText(instruction)} / ${text}`)).toEqual([]);
    for (const { instruction, comment } of lines) {
      const { mnemonic, operands, reference } = instruction;
      if (mnemonic !== "ldr" || !operands.includes("[pc")) continue;
      expect(comment).toContain(`0x${reference!.address.toString(16)}`);
    }
  });
});
