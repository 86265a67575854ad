import { armRegisterName } from "../dwarf/arm-registers";
import { evaluateNumber } from "../dwarf/expression";
import type { ExpressionContext } from "../dwarf/expression-context";
import type { CallFrameRow, RegisterRule } from "../dwarf/call-frame-program";
import { Register } from "../target/architecture";
import type { MemoryView } from "../target/target";
import type { MachineState, Return } from "./machine-state";
import { hexAddress } from "../base/hex-address";

/** The caller that call frame information leads to, or why it does not. */
export type CallFrameStep =
  | { readonly kind: "return"; readonly cfa: number; readonly found: Return }
  | { readonly kind: "problem"; readonly what: string };

/** Goes from a frame to its caller by the row of call frame information for it (DWARF 5 section 6.4). */
export function stepByRow(row: CallFrameRow, state: MachineState, memory: MemoryView): CallFrameStep {
  const { registers } = state;
  const context: ExpressionContext = { register: (number) => registers.get(number), memory };
  const cfa = frameAddress(row, context);
  if (typeof cfa === "string") return { kind: "problem", what: cfa };
  const value = (register: number, rule: RegisterRule) => ruleValue(rule, register, cfa, context);
  const returnRule = row.registers.get(row.returnRegister) ?? { kind: "same" };
  const returnAddress = value(row.returnRegister, returnRule);
  if (returnAddress === undefined) return { kind: "problem", what: whyNoReturnAddress(returnRule, cfa) };
  const spRule = row.registers.get(Register.sp);
  const sp = spRule === undefined ? cfa : value(Register.sp, spRule);
  if (sp === undefined) return { kind: "problem", what: "the caller's stack pointer is not known" };
  const changes = [...row.registers]
    .filter(([register]) => register < Register.sp)
    .map(([register, rule]) => [register, value(register, rule)] as const);
  return { kind: "return", cfa, found: { address: returnAddress, sp, changes, isGuessed: false } };
}

/** The CFA, or why there is none. */
function frameAddress({ cfa }: CallFrameRow, context: ExpressionContext): number | string {
  if (cfa.kind === "expression") {
    const result = evaluateNumber(cfa.expression, context);
    return result.kind === "number" ? result.value : `the frame address cannot be computed: ${result.reason}`;
  }
  const base = context.register(cfa.register);
  if (base === undefined)
    return `${armRegisterName(cfa.register)}, which the frame address is relative to, is not known`;
  return (base + cfa.offset) >>> 0;
}

/** The caller's value of a register; undefined if it is lost or cannot be read. */
function ruleValue(
  rule: RegisterRule,
  register: number,
  cfa: number,
  context: ExpressionContext,
): number | undefined {
  switch (rule.kind) {
    case "undefined":
      return undefined;
    case "same":
      return context.register(register);
    case "offset":
      return readWord((cfa + rule.offset) >>> 0, context);
    case "value-offset":
      return (cfa + rule.offset) >>> 0;
    case "register":
      return context.register(rule.register);
    case "expression": {
      const where = evaluateNumber(rule.expression, context, { initial: [cfa] });
      return where.kind === "number" ? readWord(where.value, context) : undefined;
    }
    case "value-expression": {
      const result = evaluateNumber(rule.expression, context, { initial: [cfa] });
      return result.kind === "number" ? result.value : undefined;
    }
  }
}

function readWord(at: number, { memory }: ExpressionContext): number | undefined {
  const bytes = memory.read(at, 4);
  return bytes && (bytes[0]! | (bytes[1]! << 8) | (bytes[2]! << 16) | (bytes[3]! << 24)) >>> 0;
}

function whyNoReturnAddress(rule: RegisterRule, cfa: number): string {
  if (rule.kind === "same") return "the function has not saved its return address";
  if (rule.kind !== "offset") return "the return address is not known";
  return `the return address at ${hexAddress(cfa + rule.offset)} cannot be read`;
}
