import { DW_OP } from "#adapter/dwarf/constants";
import { ByteWriter } from "./dwarf-builder";

/** How the operands of an operator are written; those that are not here have none. */
const OPERANDS: Readonly<Record<string, readonly (number | "uleb" | "sleb" | "block" | "block1")[]>> = {
  addr: [4],
  const1u: [1],
  const1s: [1],
  const2u: [2],
  const2s: [2],
  const4u: [4],
  const4s: [4],
  const8u: [8],
  const8s: [8],
  constu: ["uleb"],
  consts: ["sleb"],
  pick: [1],
  plus_uconst: ["uleb"],
  bra: [2],
  skip: [2],
  regx: ["uleb"],
  fbreg: ["sleb"],
  bregx: ["uleb", "sleb"],
  piece: ["uleb"],
  deref_size: [1],
  xderef_size: [1],
  call2: [2],
  call4: [4],
  call_ref: [4],
  bit_piece: ["uleb", "uleb"],
  implicit_value: ["block"],
  implicit_pointer: [4, "sleb"],
  GNU_implicit_pointer: [4, "sleb"],
  addrx: ["uleb"],
  constx: ["uleb"],
  entry_value: ["block"],
  GNU_entry_value: ["block"],
  const_type: ["uleb", "block1"],
  regval_type: ["uleb", "uleb"],
  GNU_regval_type: ["uleb", "uleb"],
  deref_type: [1, "uleb"],
  convert: ["uleb"],
  reinterpret: ["uleb"],
};

/**
 * The bytes of an expression written as `breg7 -8; deref; stack_value`. Bytes are written in hexadecimal and inner
 * expressions in parentheses, `entry_value (reg0)`; neither may contain `;`-separated parts of its own parentheses.
 */
export function expression(text: string): Uint8Array {
  const writer = new ByteWriter();
  for (const step of stepsOf(text)) writeStep(writer, step);
  return writer.done();
}

/** Splits at semicolons that are not in parentheses. */
function stepsOf(text: string): string[] {
  const steps: string[] = [];
  let depth = 0;
  let step = "";
  for (const letter of text) {
    if (letter === "(") depth++;
    if (letter === ")") depth--;
    if (letter === ";" && depth === 0) {
      steps.push(step);
      step = "";
    } else step += letter;
  }
  return [...steps, step].map((each) => each.trim()).filter((each) => each !== "");
}

function writeStep(writer: ByteWriter, step: string): void {
  const [, name = "", rest = ""] = /^(\w+)\s*(.*)$/s.exec(step) ?? [];
  const family = /^(lit|reg|breg)(\d+)$/.exec(name);
  if (family !== null) {
    writer.u8(DW_OP[`${family[1]}0` as "lit0" | "reg0" | "breg0"] + Number(family[2]));
    if (family[1] === "breg") writer.sleb(BigInt(rest === "" ? 0 : rest));
    return;
  }
  if (!(name in DW_OP)) throw new Error(`There is no operator ${name}`);
  writer.u8(DW_OP[name as keyof typeof DW_OP]);
  const operands = rest.startsWith("(") ? [rest] : rest.split(/\s+/);
  (OPERANDS[name] ?? []).forEach((kind, i) => writeOperand(writer, kind, operands[i] ?? ""));
}

function writeOperand(
  writer: ByteWriter,
  kind: number | "uleb" | "sleb" | "block" | "block1",
  text: string,
): void {
  if (kind === "uleb") writer.uleb(BigInt(text));
  else if (kind === "sleb") writer.sleb(BigInt(text));
  else if (typeof kind === "number") writer.uint(BigInt(text), kind);
  else {
    const bytes = text.startsWith("(")
      ? expression(text.slice(1, -1))
      : Uint8Array.from(text.match(/../g) ?? [], (digits) => parseInt(digits, 16));
    if (kind === "block") writer.uleb(bytes.length);
    else writer.u8(bytes.length);
    writer.raw(bytes);
  }
}
