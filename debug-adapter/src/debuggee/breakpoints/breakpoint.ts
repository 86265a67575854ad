import type { Address, Nanoseconds } from "../../base/brand";
import type { SourcePlace } from "../../symbols/source-files";

/** What a breakpoint asks before it stops the debuggee. */
export interface BreakpointFilter {
  /** Stops only where this holds; it is evaluated in the frame of the place. */
  readonly condition?: string;
  /** Stops only at some of its hits: `5`, `>= 5`, `% 10`. */
  readonly hitCondition?: string;
  /** Says this instead of stopping; expressions stand in braces: `beats is {beats}`. */
  readonly logMessage?: string;
}

export interface SourceBreakpoint extends BreakpointFilter {
  /** From 1. */
  readonly line: number;
}

export interface FunctionBreakpoint extends BreakpointFilter {
  /** A function, all or the end of its path; or `poll:TASK`, `wake:TASK`, `spawn:TASK`. */
  readonly name: string;
}

export interface DataBreakpoint extends BreakpointFilter {
  readonly address: number;
  /** At least 1. */
  readonly byteSize: number;
  readonly access: "read" | "write" | "readWrite";
}

export interface InstructionBreakpoint extends BreakpointFilter {
  readonly address: number;
}

/** Which exceptions stop the debuggee. */
export interface ExceptionFilters {
  /** Where a panic begins. */
  readonly panic: boolean;
  /** Where the HardFault handler begins. */
  readonly hardFault: boolean;
}

/** What has become of a breakpoint that was asked for. */
export interface BreakpointStatus {
  /** The same for as long as the breakpoint is asked for in the same way. */
  readonly id: number;
  /** Undefined if it can be hit; else one sentence why it cannot. */
  readonly refusal: string | undefined;
  /** Where it really is. */
  readonly place: SourcePlace | undefined;
  /** Where the debuggee would stop, ascending; empty for a breakpoint on events. */
  readonly addresses: readonly Address[];
}

/** What a log point has to say where it was hit. */
export interface LogPointMessage {
  readonly text: string;
  readonly time: Nanoseconds;
  readonly place: SourcePlace | undefined;
}
