import { type Address, address } from "../base/brand";
import type { Program } from "../symbols/program";
import type { Frame } from "../unwind/backtrace";
import type { MachineFrame } from "../unwind/machine-frame";
import { executeReturn } from "../unwind/return-sequence";
import type { FramePresence } from "../values/frame-variables";

/**
 * Whether a function has set up its frame, and has not given it back: else the places of its variables on the stack
 * belong to other functions. The debug info of unoptimized code does not tell them apart.
 */
export function framePresence(
  { machine, isInlined }: Pick<Frame, "machine" | "isInlined">,
  program: Program,
): FramePresence {
  // Whoever has called something has its frame; what was inlined has none of its own.
  if (isInlined || !machine.state.isExact) return "present";
  if (isBeingEntered(machine, program)) return "entering";
  return isBeingLeft(machine) ? "leaving" : "present";
}

/**
 * Compilers mark where a function's own code begins (`prologue_end`, DWARF 5 section 6.2.2); where there is no mark,
 * nothing is claimed.
 */
function isBeingEntered({ function: entered, pc }: MachineFrame, program: Program): boolean {
  const range = entered?.ranges[0];
  if (range === undefined || pc < range.start || pc >= range.end) return false;
  return prologueEnd(range.start, range.end, program) > pc;
}

/** 0 if it is not marked. */
function prologueEnd(start: number, end: number, { lines }: Program): Address {
  for (const row of lines.rowsBetween(address(start), address(end))) {
    if (row.isPrologueEnd) return row.address;
  }
  return address(0);
}

/** Whether the stack pointer has been moved back already, and nothing is left to do but to return. */
function isBeingLeft({ state, memory, pc }: MachineFrame): boolean {
  const executed = memory.readUint(pc - 2, 2);
  return executed !== undefined && movesStackBack(executed) && executeReturn(state, memory) !== undefined;
}

/** ADD SP, SP, #imm7; POP {registers}; MOV SP, Rm (ARMv6-M ARM A6.7). */
function movesStackBack(instruction: number): boolean {
  return (
    (instruction & 0xff80) === 0xb000 ||
    (instruction & 0xfe00) === 0xbc00 ||
    (instruction & 0xff87) === 0x4685
  );
}
