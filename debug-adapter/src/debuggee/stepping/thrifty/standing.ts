import { type Address, address } from "../../../base/brand";
import type { ProgramFunction } from "../../../symbols/function";
import { exceptionNumber, Register, type RegisterNumber } from "../../../target/architecture";
import type { MemoryView, Target, TracepointHit } from "../../../target/target";
import { overMemory } from "../../../unwind/fetched-memory";
import type { Firmware } from "../../firmware";
import type { ProgramCode } from "../program-code";
import { type StepFrame, stepFrames } from "../step-stack";

/** Where the core stands in the middle of a step. */
export interface Standing {
  readonly pc: Address;
  readonly registers: Uint32Array;
  /** The function whose code is executed, with what is inlined there; undefined where the debug info has none. */
  readonly owner: ProgramFunction | undefined;
  /** Names the activation of that function. */
  readonly callFrameAddress: number | undefined;
  readonly exception: number;
  /** All that have debug info, innermost first. */
  readonly frames: readonly StepFrame[];
}

export async function standingOf(
  target: Target,
  { program }: Firmware,
  code: ProgramCode,
): Promise<Standing> {
  const registers = await target.readRegisters();
  const pc = address(registers[Register.pc]!);
  const { frames, callFrameAddress } = await overMemory(target, (memory) => {
    const { frames } = code.unwinder.unwind(registers, memory);
    return { frames: stepFrames(frames, code), callFrameAddress: frames[0]?.machine.cfa };
  });
  const exception = exceptionNumber(registers[Register.xpsr]!);
  return { pc, registers, owner: program.functions.at(pc), callFrameAddress, exception, frames };
}

/** The frames behind the function that is executed: one for each function, without what is inlined. */
export function callersOf({ owner, frames }: Standing): readonly StepFrame[] {
  const functions = frames.filter(({ scope }) => scope.parent === undefined);
  return owner === undefined ? functions : functions.slice(1);
}

/** What a tracepoint would tell where the core stands. */
export function hitHere(
  { registers }: Standing,
  memory: MemoryView,
  { now }: Pick<Target, "now">,
): TracepointHit {
  return {
    time: now,
    writeAddress: 0,
    writeSize: 0,
    writeValue: 0,
    register: (number: RegisterNumber) => registers[number]!,
    memory,
  };
}
