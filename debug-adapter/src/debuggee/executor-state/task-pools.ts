import type { Address } from "../../base/brand";
import type { EmbassyLayout, TaskPool } from "../../executor/embassy/layout";
import { futureState } from "../../futures/future-state";
import type { Program } from "../../symbols/program";
import type { CoroutineState } from "../../symbols/types/coroutine";
import type { MemoryView } from "../../target/target";
import type { TaskIndex } from "../../trace/event";
import type { TaskState } from "../../trace/task-state";
import type { Inspection } from "../inspection";
import { stateLayout } from "../state-machines/state-layout";

/** The memory for the tasks of one function. */
export interface TaskPoolView {
  /** The task function's name. */
  readonly name: string;
  /** The full name of the static; null if the debug info has none there. */
  readonly staticName: string | null;
  readonly address: Address;
  /** Of one slot, in bytes: the header, the future, and what alignment leaves. */
  readonly slotBytes: number;
  readonly headerBytes: number;
  /** Null if the future was not found. */
  readonly futureBytes: number | null;
  readonly slots: readonly SlotView[];
  /** How many slots have ever held a task: a free slot is taken in their order. */
  readonly everUsed: number;
}

export interface SlotView {
  readonly task: TaskIndex;
  readonly state: TaskState["kind"];
  /**
   * How many bytes of the future its present state keeps: variables and the future that it awaits. Null while it is
   * polled, while there is no task in it, and where that is not known.
   */
  readonly keptBytes: number | null;
}

/** The pools of a program with Embassy, the largest first. */
export function taskPools(inspection: Inspection, embassy: EmbassyLayout): TaskPoolView[] {
  const { debuggee, tasks, reader, knowledge } = inspection;
  const { trace, firmware } = debuggee;
  const rows = new Map(trace.tasks.map(({ address }, row) => [address, row as TaskIndex]));
  const pools = embassy.pools.map((pool): TaskPoolView => {
    const slots: SlotView[] = [];
    let everUsed = 0;
    for (let slot = 0; slot < pool.slots; slot++) {
      const header = pool.address + slot * pool.slotBytes;
      const task = rows.get(header);
      if (task === undefined) continue;
      const { kind: state } = tasks[task]!.state;
      if (knowledge.history.summaryOf(task).spawns > 0) everUsed++;
      const kept = keptBytes(pool, { header, state, memory: reader.memory, program: firmware.program });
      slots.push({ task, state, keptBytes: kept });
    }
    return {
      name: pool.name,
      staticName: firmware.program.statics.at(pool.address)?.name ?? null,
      address: pool.address,
      slotBytes: pool.slotBytes,
      headerBytes: embassy.header.bytes,
      futureBytes: pool.body?.coroutine.byteSize ?? null,
      slots,
      everUsed,
    };
  });
  return pools.sort((a, b) => bytesOf(b) - bytesOf(a) || a.address - b.address);
}

function bytesOf({ slotBytes, slots }: TaskPoolView): number {
  return slotBytes * slots.length;
}

function keptBytes(
  { body, futureOffset }: TaskPool,
  {
    header,
    state,
    memory,
    program,
  }: {
    readonly header: number;
    readonly state: TaskState["kind"];
    readonly memory: MemoryView;
    readonly program: Program;
  },
): number | null {
  if (body === undefined || (state !== "ready" && state !== "suspended")) return null;
  const found = futureState(body.coroutine, header + futureOffset, memory);
  if (found.kind === "unknown") return null;
  let bytes = stateBytes.get(found.state);
  if (bytes === undefined) {
    ({ bytes } = stateLayout(body, found.state, program));
    stateBytes.set(found.state, bytes);
  }
  return bytes;
}

/** What a state keeps does not change, and is asked for at each look. */
const stateBytes = new WeakMap<CoroutineState, number>();
