import type { Problem } from "../base/errors";
import { placeOf } from "../futures/suspension";
import type { SourcePlace } from "../trace/trace";
import { Unwinder } from "../unwind/unwinder";
import type { Debuggee } from "./debuggee";
import type { Firmware } from "./firmware";

/** A function that the core is in, or the border between an exception handler and what it interrupted. */
export interface CoreFrame {
  readonly name: string;
  /** `guessed`: found by what looks like a return address; it may be wrong. */
  readonly kind: "normal" | "exception" | "guessed";
  readonly isInlined: boolean;
  readonly place: SourcePlace | null;
  readonly address: number;
}

/** What the core is doing: its frames, innermost first, and why there are no more, if the program does not begin there. */
export interface CoreBacktrace {
  readonly frames: readonly CoreFrame[];
  readonly problem: Problem | undefined;
}

/** The backtrace of a stopped core. */
export async function coreBacktrace({ firmware, target, trace }: Debuggee): Promise<CoreBacktrace> {
  const { frames, problem } = await unwinderOf(firmware, (exception) =>
    trace.exceptionName(exception),
  ).unwindTarget(target);
  const plain = frames.map(({ name, kind, isInlined, place, pc }) => ({
    name,
    kind,
    isInlined,
    place: placeOf(place),
    address: pc,
  }));
  return { frames: plain, problem };
}

/** Unwinders remember what they have read of the call frame information, so each firmware has one. */
const unwinders = new WeakMap<Firmware, Unwinder>();

function unwinderOf(firmware: Firmware, exceptionName: (exception: number) => string): Unwinder {
  let unwinder = unwinders.get(firmware);
  if (unwinder === undefined) {
    const { program, elf } = firmware;
    const symbolAt = (at: number) => elf.symbols.functionAt(at as never);
    unwinder = new Unwinder(program, elf, { entry: elf.header.entry, symbolAt, exceptionName });
    unwinders.set(firmware, unwinder);
  }
  return unwinder;
}
