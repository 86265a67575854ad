import { placeOf } from "../../futures/suspension";
import type { TaskInfo } from "../../trace/trace";
import type { EmbassyLayout, TaskPool } from "./layout";

/** A place for a task in the memory of its pool. */
export interface TaskSlot {
  /** The address of the task's header. */
  readonly header: number;
  readonly pool: TaskPool;
  readonly slot: number;
}

/** The slots of all pools, in their order. */
export function slotsOf({ pools }: EmbassyLayout): TaskSlot[] {
  return pools.flatMap((pool) =>
    Array.from({ length: pool.slots }, (_, slot) => ({
      header: pool.address + slot * pool.slotBytes,
      pool,
      slot,
    })),
  );
}

/** A task as a trace has it: `blink_task`, `worker[2]`. */
export function describeSlot(
  layout: EmbassyLayout,
  header: number,
  pool: TaskPool | undefined,
  slot: number,
): TaskInfo {
  const name = pool?.name ?? `task at 0x${header.toString(16)}`;
  return {
    name: pool !== undefined && pool.slots > 1 ? `${name}[${slot}]` : name,
    address: header,
    bytes: pool?.slotBytes ?? layout.header.bytes,
    futureBytes: pool?.body?.coroutine.byteSize ?? null,
    place: placeOf(pool?.body?.declaration),
  };
}
