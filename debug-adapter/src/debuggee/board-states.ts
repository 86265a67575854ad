import { statesInMemory } from "../executor/embassy/states-in-memory";
import { SuspensionDecoder } from "../futures/suspension";
import type { MemoryView } from "../target/target";
import { type TaskState, UNSPAWNED } from "../trace/task-state";
import type { Backtrace } from "../unwind/backtrace";
import type { Debuggee } from "./debuggee";
import type { Firmware } from "./firmware";
import { type PollOnStack, pollsOnStack } from "./stacks/polled-on-stack";
import { startupCode } from "./startup-code";

/** What stack and memory tell of the tasks where nobody watches them. */
export interface BoardTasks {
  readonly states: readonly TaskState[];
  /** Innermost first. */
  readonly polls: readonly PollOnStack[];
}

/** The tasks of a board that stands still. */
export function boardTasks(
  { embassy: layout, trace, firmware }: Pick<Debuggee, "embassy" | "trace" | "firmware">,
  { frames }: Backtrace,
  memory: MemoryView,
): BoardTasks {
  // Before the program has begun, memory holds what the one before has left.
  if (layout === undefined || !hasBegun(firmware, frames)) {
    return { states: trace.tasks.map(() => UNSPAWNED), polls: [] };
  }
  const polls = pollsOnStack(frames, layout, { firmware, memory });
  const polled = new Set(polls.flatMap(({ task }) => task ?? []));
  const decoder = decoderOf(firmware);
  return { states: statesInMemory({ layout, decoder, trace, memory, polled }), polls };
}

/** Whether the stack has a frame of the program's that is not of its startup code. */
function hasBegun({ elf, program }: Firmware, frames: Backtrace["frames"]): boolean {
  const startup = startupCode(elf);
  return frames.some(({ machine: { lookupPc } }) => {
    const isStartup = startup !== undefined && lookupPc >= startup.start && lookupPc < startup.end;
    return !isStartup && program.functions.at(lookupPc) !== undefined;
  });
}

/** Chains of awaits that were met are kept from stop to stop. */
const decoders = new WeakMap<Firmware, SuspensionDecoder>();

function decoderOf(firmware: Firmware): SuspensionDecoder {
  let decoder = decoders.get(firmware);
  if (decoder === undefined) decoders.set(firmware, (decoder = new SuspensionDecoder(firmware.program)));
  return decoder;
}
