/** Places in `Core.flags`. N and V are kept as any number with the right sign, Z as any number that is 0 or not. */
export const FLAG_N = 0;
export const FLAG_Z = 1;
/** 0 or 1. */
export const FLAG_C = 2;
export const FLAG_V = 3;

/** Places in `Core.special`. */
/** The stack pointer that is not SP now: PSP while SP is MSP, and the other way round. */
export const OTHER_SP = 0;
export const PRIMASK = 1;
/** Bit 0 nPRIV, bit 1 SPSEL. */
export const CONTROL = 2;
/** The exception being handled, 0 in thread mode. */
export const IPSR = 3;
/** EPSR.T. Only a branch to an even address, a bad vector or an exception frame clears it. */
export const THUMB = 4;
/** The event register of WFE (ARMv6-M ARM B1.5.18). */
export const EVENT = 5;
/** 0 awake, else ASLEEP_WFI or ASLEEP_WFE. */
export const SLEEP = 6;
export const LOCKUP = 7;
/** The cycles of an exception entry have been spent, and which exception it will be is about to be decided. */
export const ENTERING = 8;

export const ASLEEP_WFI = 1;
export const ASLEEP_WFE = 2;

/** Places in `Core.counters`. */
export const CYCLES = 0;
export const INSTRUCTIONS = 1;

/** Registers by role. */
export const SP = 13;
export const LR = 14;
export const PC = 15;

/** Bits of `Core.status`: why the inner loop has to be left. Zero almost always, so one test covers all. */
/** An exception can be taken. */
export const STATUS_ATTENTION = 1;
/** `Core.stopped` says why. */
export const STATUS_STOP = 2;
/** What an exception number means (B1.5.2). */
export const NMI = 2;
export const HARD_FAULT = 3;
export const SVCALL = 11;
export const PENDSV = 14;
export const SYSTICK = 15;
export const FIRST_INTERRUPT = 16;

/** Execution priority of thread mode with nothing masked: below every exception. */
export const THREAD_PRIORITY = 256;
