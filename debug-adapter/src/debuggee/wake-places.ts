import { Register, REGISTER_COUNT, type RegisterNumber } from "../target/architecture";
import type { MemoryView, TracepointHit } from "../target/target";
import { EventKind, type TaskIndex } from "../trace/event";
import type { SourcePlace } from "../symbols/source-files";
import type { Frame } from "../unwind/backtrace";
import { unwinderOf } from "./core-backtrace";
import type { Debuggee } from "./debuggee";

/** Calls between a wake and the code that a user knows fit this part of the stack. */
const STACK_BYTES = 1024;

/** What the core was in the middle of as it woke a task. */
interface WakeRecord {
  readonly registers: Uint32Array;
  readonly stackPointer: number;
  readonly stack: Uint8Array | undefined;
}

/** Machinery between those who wake and the flag that says so. */
const HANDS_ON =
  /^(?:core|alloc|std|critical_section|embassy_executor|embassy_sync|embassy_time_queue_utils|cordyceps)$/;

/**
 * Where tasks were woken from. Registers and the top of the stack are kept at each task's last wake, which costs the
 * run next to nothing; who called whom is worked out when somebody asks.
 */
export class WakePlaces {
  private readonly records = new Map<TaskIndex, WakeRecord>();

  constructor(private readonly debuggee: Pick<Debuggee, "firmware" | "taskEvents">) {
    debuggee.taskEvents.listen(({ kind, task }, hit) => {
      if (kind === EventKind.Wake) this.records.set(task, recordOf(hit));
      return false;
    });
  }

  /**
   * The line that woke a task last: in the user's own code, or if it is none of that, in the library that did it.
   * Undefined before the first wake, and where the stack cannot be followed that far.
   */
  placeOf(task: TaskIndex, memory: MemoryView): SourcePlace | undefined {
    const record = this.records.get(task);
    if (record === undefined) return undefined;
    const { frames } = unwinderOf(this.debuggee.firmware).unwind(record.registers, withStack(record, memory));
    const border = frames.findIndex(({ kind }) => kind === "exception");
    const waking = border < 0 ? frames : frames.slice(0, border);
    const own = waking.find((frame) => frame.place?.file.origin.kind === "own");
    return (own ?? waking.find((frame) => frame.place !== undefined && !HANDS_ON.test(crateOf(frame))))
      ?.place;
  }
}

function recordOf(hit: TracepointHit): WakeRecord {
  const registers = Uint32Array.from({ length: REGISTER_COUNT }, (_, i) => hit.register(i as RegisterNumber));
  const stackPointer = registers[Register.sp]!;
  const stack = readUpTo(hit.memory, stackPointer, STACK_BYTES);
  return { registers, stackPointer, stack };
}

/** A copy, since memory goes on changing; shorter where the stack begins. */
function readUpTo(memory: MemoryView, at: number, length: number): Uint8Array | undefined {
  for (let size = length; size >= 4; size >>= 1) {
    const bytes = memory.read(at, size);
    if (bytes !== undefined) return bytes.slice();
  }
  return undefined;
}

/** Memory as it is now, with the stack as it was then. */
function withStack({ stackPointer, stack }: WakeRecord, memory: MemoryView): MemoryView {
  if (stack === undefined) return memory;
  const end = stackPointer + stack.length;
  const read = (at: number, length: number): Uint8Array | undefined => {
    if (at >= stackPointer && at + length <= end) {
      return stack.subarray(at - stackPointer, at - stackPointer + length);
    }
    // What lies further up may have changed since.
    return at + length <= stackPointer || at >= 0x2004_2000 || at < 0x2000_0000
      ? memory.read(at, length)
      : undefined;
  };
  return {
    read,
    readUint: (at, size) => read(at, size)?.reduceRight((value, byte) => value * 0x100 + byte, 0),
  };
}

function crateOf(frame: Frame): string {
  return /^<?(\w+)/.exec(frame.function?.path ?? "")?.[1] ?? "";
}
