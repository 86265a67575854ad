import type { MemoryView, TracepointHit } from "../target/target";
import { type TaskState, taskStates } from "../trace/task-state";
import { copyRanges, layered, memoryOf } from "../target/memory-ranges";
import { copyMemory, fillFrom } from "../values/memory-copy";
import { boardTasks } from "./board-states";
import { unwinderOf } from "./core-backtrace";
import type { Debuggee } from "./debuggee";
import { TASK_MEMORY } from "./inspect-tasks";
import { RAM } from "./pico";
import { registersAt } from "./stepping/hit-frame";

/** All that a look at tasks needs of a machine at one instant. */
export interface StillMachine {
  /** What `TASK_MEMORY` lists. */
  readonly memory: MemoryView;
  /** In the order of `REGISTER_NAMES`. */
  readonly registers: Uint32Array;
  /** Of every task. */
  readonly states: readonly TaskState[];
}

/** That of a debuggee that stands still. */
export async function stillMachine(debuggee: Debuggee): Promise<StillMachine> {
  const { target, trace, firmware, isObserved } = debuggee;
  const copied = await copyMemory(target, TASK_MEMORY);
  const registers = await target.readRegisters();
  if (isObserved) return { memory: copied, registers, states: taskStates(trace) };
  // Whoever holds a waker may hold it anywhere: of a board only what is in use has been read.
  const memory = layered(
    memoryOf(await copyRanges(target, [{ start: RAM.start, byteSize: RAM.size }])),
    copied,
  );
  const { states } = boardTasks(debuggee, unwinderOf(firmware).unwind(registers, memory), memory);
  return { memory, registers, states };
}

/** That of one in the middle of a run, where all memory can be read at a hit. What is copied lies in the same place each time. */
export class StillMachines {
  private readonly copies = TASK_MEMORY.filter(({ isSteady }) => isSteady !== true).map(
    ({ start, byteSize }) => ({ start, byteSize, bytes: undefined as Uint8Array | undefined }),
  );

  /** Valid until the hit's callback returns. */
  at(hit: TracepointHit, states: readonly TaskState[]): StillMachine {
    const copied = this.copies.flatMap((each) => {
      const { start, byteSize } = each;
      const bytes = (each.bytes ??= new Uint8Array(byteSize));
      return fillFrom(hit.memory, start, bytes) ? [{ start, bytes }] : [];
    });
    const copy = memoryOf(copied);
    const isCopied = (at: number) =>
      copied.some(({ start, bytes }) => at >= start && at < start + bytes.length);
    const memory: MemoryView = {
      read: (at, length) => (isCopied(at) ? copy : hit.memory).read(at, length),
      readUint: (at, size) => (isCopied(at) ? copy : hit.memory).readUint(at, size),
    };
    return { memory, registers: registersAt(hit), states };
  }
}
