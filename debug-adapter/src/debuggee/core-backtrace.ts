import type { Problem } from "../base/errors";
import type { Backtrace } from "../unwind/backtrace";
import { Unwinder } from "../unwind/unwinder";
import { copyMemory } from "../values/memory-copy";
import { ValueReader } from "../values/reader";
import { symbolsOf } from "../values/symbol-lookup";
import { CoreFrame } from "./core-frame";
import type { Debuggee } from "./debuggee";
import type { Firmware } from "./firmware";
import { EXCEPTION_NAMES } from "./pico";

/** What the core is doing: its frames, innermost first, and why there are no more, if the program does not begin there. */
export interface CoreBacktrace {
  readonly frames: readonly CoreFrame[];
  readonly problem: Problem | undefined;
  /** Reads the values of the frames, and any others of the same instant. */
  readonly reader: ValueReader;
}

/** The backtrace of a stopped core. */
export async function coreBacktrace({ firmware, target }: CoreSource): Promise<CoreBacktrace> {
  const memory = await copyMemory(target);
  const { frames, problem } = unwinderOf(firmware).unwind(await target.readRegisters(), memory);
  return {
    frames: frames.map((frame) => new CoreFrame(frame, firmware.program)),
    problem,
    reader: new ValueReader(memory, symbolsOf(firmware.program)),
  };
}

/** What a backtrace is made of. */
type CoreSource = Pick<Debuggee, "firmware" | "target">;

/** The same with all that is known of each frame: its registers, and where it lies on the stack. */
export function machineBacktrace({ firmware, target }: CoreSource): Promise<Backtrace> {
  return unwinderOf(firmware).unwindTarget(target);
}

const unwinders = new WeakMap<Firmware, Unwinder>();

/** The unwinder of a firmware: it remembers what it has read of the call frame information, so each has one. */
export function unwinderOf(firmware: Firmware): Unwinder {
  let unwinder = unwinders.get(firmware);
  if (unwinder === undefined) {
    const { program, elf } = firmware;
    unwinder = new Unwinder(program, elf, {
      entry: elf.header.entry,
      symbolAt: (at) => elf.symbols.functionAt(at),
      exceptionName: (exception) => EXCEPTION_NAMES[exception],
    });
    unwinders.set(firmware, unwinder);
  }
  return unwinder;
}
