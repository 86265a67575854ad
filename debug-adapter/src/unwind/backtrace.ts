import type { Address } from "../base/brand";
import type { Problem } from "../base/errors";
import type { FunctionIdentity } from "../symbols/function";
import type { SourcePlace } from "../symbols/source-files";
import type { MachineFrame } from "./machine-frame";

/** A function that is being executed, innermost first in a backtrace. */
export interface Frame {
  /**
   * `exception` is no function but the border between a handler and what it interrupted.
   * `guessed` was found by what looks like a return address, or by way of something that was: it may be wrong.
   */
  readonly kind: "normal" | "exception" | "guessed";
  /** Where execution is, or where it goes on when the callee returns; of an exception, EXC_RETURN. */
  readonly pc: Address;
  /** The function's full name; without debug info the linker's; without that the address. */
  readonly name: string;
  /** Undefined without debug info. */
  readonly function: FunctionIdentity | undefined;
  readonly place: SourcePlace | undefined;
  /** Whether the compiler put the function into the code of the next frame's. */
  readonly isInlined: boolean;
  /** Offset in `.debug_info` of the entry with the frame's parameters and variables. */
  readonly entryOffset: number | undefined;
  /** Registers, stack and all that variables are found by; shared with the frames inlined there. */
  readonly machine: MachineFrame;
  /** Of an exception. */
  readonly exception?: { readonly number: number; readonly name: string };
}

/** Who called whom. */
export interface Backtrace {
  /** At least one. */
  readonly frames: readonly Frame[];
  /** Why there are no more frames than these, if not because the program begins there. */
  readonly problem: Problem | undefined;
}
