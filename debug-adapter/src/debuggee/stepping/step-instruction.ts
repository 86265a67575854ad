import { address } from "../../base/brand";
import { exceptionNumber, Register } from "../../target/architecture";
import type { Runner, RunEnd } from "../run-control/movement";
import type { StopCause } from "../run-control/stop";
import { isAtLevel } from "./hit-frame";
import { stepped } from "./run-to-goals";
import { callLength, halfword } from "./thumb-calls";

/** EXC_RETURN values begin here (ARMv6-M ARM B1.5.8); LR holds one when a handler begins. */
const FIRST_EXCEPTION_RETURN = 0xffff_fff0;

/** The next instruction. An interrupt that comes first is handled on the way. */
export async function stepInstruction(runner: Runner): Promise<StopCause> {
  for (;;) {
    const before = await runner.target.readRegisters();
    const end = await runner.stepInstruction();
    if (end.kind === "stopped") return end.cause;
    if (!isHandlerEntered(before, await runner.target.readRegisters())) return stepped(undefined);
    const back = await runBackTo(before[Register.pc]!, before, runner);
    if (back.kind === "stopped") return back.cause;
  }
}

/** The next instruction; of a call the one behind it. */
export async function stepOverInstruction(runner: Runner): Promise<StopCause> {
  const registers = await runner.target.readRegisters();
  const pc = address(registers[Register.pc]!);
  const code = await runner.target.readMemory(pc, 4);
  const length = callLength(halfword(code, 0), halfword(code, 2));
  if (length === undefined) return stepInstruction(runner);
  const end = await runBackTo(pc + length, registers, runner);
  return end.kind === "stopped" ? end.cause : stepped(undefined);
}

/** Runs to an address with the same stack pointer, in the same handler or outside of any. */
function runBackTo(
  at: number,
  { [Register.sp]: sp, [Register.xpsr]: xpsr }: Uint32Array,
  runner: Runner,
): Promise<RunEnd> {
  const level = { stackPointer: sp!, exception: exceptionNumber(xpsr!) };
  return runner.runTo([{ address: address(at), accept: isAtLevel(level) }]);
}

function isHandlerEntered(before: Uint32Array, after: Uint32Array): boolean {
  const isOther = exceptionNumber(before[Register.xpsr]!) !== exceptionNumber(after[Register.xpsr]!);
  const hasStacked =
    after[Register.msp]! < before[Register.msp]! || after[Register.psp]! < before[Register.psp]!;
  return isOther && hasStacked && after[Register.lr]! >= FIRST_EXCEPTION_RETURN;
}
