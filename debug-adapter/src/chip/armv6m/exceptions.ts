import type { Core } from "./core";
import {
  ASLEEP_WFI,
  CONTROL,
  CYCLES,
  ENTERING,
  EVENT,
  HARD_FAULT,
  IPSR,
  LOCKUP,
  LR,
  NMI,
  PC,
  PRIMASK,
  SLEEP,
  SP,
  THUMB,
} from "./core-state";

// Cortex-M0+ TRM 3.6.1 gives 15 cycles from the interrupt to the first instruction of its handler. It gives no number
// for the rest: a return restores eight words after a branch; a tail-chained entry fetches a vector and refills.
// Stack and vector accesses are part of these.
export const ENTRY_CYCLES = 15;
const RETURN_CYCLES = 10;
const TAIL_CHAIN_CYCLES = 6;

/** EXC_RETURN (ARMv6-M ARM B1.5.8): where a handler returns to. */
const RETURN_TO_HANDLER = 0xfffffff1 | 0;
const RETURN_TO_THREAD_MSP = 0xfffffff9 | 0;
const RETURN_TO_THREAD_PSP = 0xfffffffd | 0;

/** xPSR bit 9 in an exception frame: SP was moved by four to align the frame (B1.5.7). */
const FRAME_WAS_ALIGNED = 1 << 9;
const XPSR_THUMB = 1 << 24;

/** Where the program counter of a locked-up core points (B1.5.15). */
const LOCKUP_PC = 0xfffffffe | 0;

/** Enters the handler of `exception`; `returnAddress` is what its frame says (B1.5.6). */
export function enterException(core: Core, exception: number, returnAddress: number): void {
  if (!pushFrame(core, returnAddress)) {
    // The frame could not be written: the fault takes the place of the exception, which stays pending.
    escalate(core, exception);
    return;
  }
  const special = core.special;
  const returnsTo =
    special[IPSR] !== 0
      ? RETURN_TO_HANDLER
      : (special[CONTROL]! & 2) === 0
        ? RETURN_TO_THREAD_MSP
        : RETURN_TO_THREAD_PSP;
  core.registers[LR] = returnsTo;
  takeException(core, exception);
}

/** A synchronous fault of the instruction at PC, or a failed exception (B1.5.14). */
export function raiseHardFault(core: Core): void {
  core.registers[PC] = core.registers[PC]! & ~1;
  if (core.nvic.activePriority < 0) lockUp(core);
  else {
    core.counters[CYCLES]! += ENTRY_CYCLES;
    enterException(core, HARD_FAULT, core.registers[PC]);
  }
}

/** The supervisor call at PC, or HardFault where its priority does not let it in (B1.5.14). */
export function callSupervisor(core: Core, exception: number): void {
  const masked = core.special[PRIMASK] !== 0 ? 0 : Infinity;
  if (core.nvic.priorityOf(exception) >= Math.min(core.nvic.activePriority, masked)) raiseHardFault(core);
  else {
    core.counters[CYCLES]! += ENTRY_CYCLES;
    enterException(core, exception, (core.registers[PC]! + 2) | 0);
  }
}

/** A branch to an EXC_RETURN value in handler mode (B1.5.8). */
export function returnFromException(core: Core, excReturn: number): void {
  const { special, nvic, registers } = core;
  const returning = special[IPSR]!;
  const isLast = nvic.activeCount === 1;
  const isValid =
    nvic.isActive(returning) &&
    (excReturn === RETURN_TO_HANDLER
      ? !isLast
      : (excReturn === RETURN_TO_THREAD_MSP || excReturn === RETURN_TO_THREAD_PSP) && isLast);
  nvic.deactivate(returning);
  core.syncClock();
  core.hooks.onExceptionReturn?.(returning);
  if (!isValid) {
    // An integrity check failed: HardFault is entered without unstacking, by way of tail-chaining.
    registers[LR] = 0xf0000000 | excReturn | 0;
    if (nvic.activePriority < 0) lockUp(core);
    else takeException(core, HARD_FAULT);
    return;
  }
  if (nvic.nextPriority < core.executionPriority()) {
    // Tail-chaining: the frame stays where it is for the next handler to return through.
    registers[LR] = excReturn;
    core.counters[CYCLES]! += TAIL_CHAIN_CYCLES;
    takeException(core, nvic.nextException);
    return;
  }
  core.counters[CYCLES]! += RETURN_CYCLES;
  restoreFrame(core, excReturn);
}

/** The core stops for good: a fault in HardFault or NMI (B1.5.15). */
export function lockUp(core: Core): void {
  core.special[LOCKUP] = 1;
  core.registers[PC] = LOCKUP_PC;
  core.requestStop("lockup");
}

/** Mode, stack pointer and vector of an exception whose frame is on the stack (B1.5.6, ExceptionTaken). */
function takeException(core: Core, exception: number): void {
  const { special, nvic, registers } = core;
  core.useMainStack();
  special[CONTROL] = special[CONTROL]! & ~2;
  special[IPSR] = exception;
  special[EVENT] = 1;
  special[ENTERING] = 0;
  nvic.activate(exception);
  const cycles = core.cycles;
  const vector = core.load(core.systemControl.vectorTable + 4 * exception, 4);
  core.counters[CYCLES] = cycles;
  if (core.takeFault()) {
    escalate(core, exception);
    return;
  }
  registers[PC] = vector & ~1;
  special[THUMB] = vector & 1;
  core.syncClock();
  core.hooks.onExceptionEntry?.(exception);
  if ((vector & 1) === 0) raiseHardFault(core);
}

function escalate(core: Core, exception: number): void {
  if (exception === HARD_FAULT || exception === NMI || core.nvic.activePriority < 0) lockUp(core);
  else takeException(core, HARD_FAULT);
}

/** Returns false if the stack could not be written. */
function pushFrame(core: Core, returnAddress: number): boolean {
  const registers = core.registers;
  const sp = registers[SP]!;
  const wasAligned = (sp & 4) !== 0;
  const frame = (sp - 0x20) & ~4;
  const xpsr = (core.xpsr() & ~FRAME_WAS_ALIGNED) | (wasAligned ? FRAME_WAS_ALIGNED : 0);
  const cycles = core.cycles;
  registers[SP] = frame;
  for (let i = 0; i < 4; i++) core.store(frame + 4 * i, 4, registers[i]!);
  core.store(frame + 16, 4, registers[12]!);
  core.store(frame + 20, 4, registers[LR]!);
  core.store(frame + 24, 4, returnAddress);
  core.store(frame + 28, 4, xpsr);
  core.counters[CYCLES] = cycles;
  return !core.takeFault();
}

/** B1.5.8, PopStack, and what follows a return. */
function restoreFrame(core: Core, excReturn: number): void {
  const { special, registers, nvic } = core;
  special[IPSR] = 0;
  if (excReturn === RETURN_TO_THREAD_PSP) {
    special[CONTROL] = special[CONTROL]! | 2;
    core.useProcessStack();
  }
  const frame = registers[SP]!;
  const values = core.loadBuffer;
  const cycles = core.cycles;
  for (let i = 0; i < 8; i++) values[i] = core.load(frame + 4 * i, 4);
  core.counters[CYCLES] = cycles;
  const xpsr = values[7]!;
  const exception = xpsr & 0x3f;
  if (core.takeFault() || (excReturn === RETURN_TO_HANDLER) !== (exception !== 0)) {
    special[IPSR] = excReturn === RETURN_TO_HANDLER ? exception : 0;
    registers[LR] = excReturn;
    if (nvic.activePriority < 0) lockUp(core);
    else takeException(core, HARD_FAULT);
    return;
  }
  for (let i = 0; i < 4; i++) registers[i] = values[i]!;
  registers[12] = values[4]!;
  registers[LR] = values[5]!;
  registers[SP] = ((frame + 0x20) | ((xpsr & FRAME_WAS_ALIGNED) >>> 7)) & ~3;
  special[IPSR] = exception;
  special[THUMB] = (xpsr & XPSR_THUMB) >>> 24;
  special[EVENT] = 1;
  core.setFlags(xpsr);
  registers[PC] = values[6]! & ~1;
  core.reviewAttention();
  if (special[THUMB] === 0) raiseHardFault(core);
  else if (special[IPSR] === 0 && core.systemControl.sleepsOnExit) {
    special[SLEEP] = ASLEEP_WFI;
    core.hooks.onSleep?.();
  }
}
