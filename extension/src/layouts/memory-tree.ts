import { shortName } from "./await-text";
import {
  type FutureLayout,
  keptIn,
  type LayoutFacts,
  type LayoutPlace,
  type PoolLayout,
  suspendPoints,
} from "./layout-facts";
import { inBytes, inPercent, savedName } from "./saved-words";

/** A row of the view of async memory. */
export interface MemoryRow {
  readonly kind: "ram" | "pools" | "pool" | "futures" | "future" | "point" | "saved" | "problem";
  readonly label: string;
  readonly description: string;
  /** What a pointer that rests on it is told. */
  readonly tooltip: string;
  /** Where a click leads. */
  readonly place: LayoutPlace | null;
  readonly children: readonly MemoryRow[];
}

/** The task pools and the futures of a program against the RAM of its chip, the largest first. */
export function memoryRows(facts: LayoutFacts): MemoryRow[] {
  return [ramRow(facts), poolsRow(facts), futuresRow(facts), ...facts.problems.map(problemRow)];
}

function ramRow({ ram, pools }: LayoutFacts): MemoryRow {
  if (ram.kind === "unknown") {
    return row("ram", "RAM", "not known", `How much RAM there is is not known: ${ram.reason}.`);
  }
  const taken = poolBytes(pools);
  return row(
    "ram",
    `${Math.round(ram.bytes / 1024)} KiB of RAM`,
    `statics ${inBytes(ram.staticBytes)} (${inPercent(ram.staticBytes, ram.bytes)})`,
    `The linker was given ${ram.bytes} bytes of RAM. Statics take ${ram.staticBytes} of them, ` +
      `${taken} for task pools; the rest is for the stack and the heap.`,
  );
}

function poolsRow(facts: LayoutFacts): MemoryRow {
  const { pools } = facts;
  const sorted = pools.toSorted((a, b) => sizeOf(b) - sizeOf(a) || (a.name < b.name ? -1 : 1));
  const total = poolBytes(pools);
  return row(
    "pools",
    "Task pools",
    `${inBytes(total)}${ofRam(total, facts)}`,
    "Each task has a static with room for its future and for what the executor needs, spawned or not.",
    { children: sorted.map((pool) => poolRow(pool, facts)) },
  );
}

function poolRow(pool: PoolLayout, facts: LayoutFacts): MemoryRow {
  const { name, slots, slotBytes } = pool;
  const future = pool.future === null ? undefined : facts.futures[pool.future];
  const size = slots === 1 ? inBytes(slotBytes) : `${slots} × ${slotBytes} = ${inBytes(slots * slotBytes)}`;
  return row(
    "pool",
    name,
    size + ofRam(sizeOf(pool), facts),
    future === undefined
      ? `The future of ${name} was not found.`
      : `${slots} ${slots === 1 ? "slot" : "slots"} of ${slotBytes} bytes: a future of ${future.bytes}, and Embassy's task header.`,
    { place: future?.place ?? null, children: future === undefined ? [] : pointRows(future) },
  );
}

function futuresRow(facts: LayoutFacts): MemoryRow {
  const own = facts.futures
    .filter(({ isOwn }) => isOwn)
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
  return row(
    "futures",
    "Futures",
    `${own.length} of your own crates`,
    "What the compiler has made of each async fn, block and closure. A future lies in the one that awaits it.",
    { children: own.map((future) => futureRow(future)) },
  );
}

function futureRow(future: FutureLayout): MemoryRow {
  const points = suspendPoints(future).length;
  const tasks = future.tasks ?? 0;
  const parts = [
    inBytes(future.bytes),
    `${points} suspend ${points === 1 ? "point" : "points"}`,
    ...(tasks > 0 ? [`${tasks} ${tasks === 1 ? "task" : "tasks"}`] : []),
  ];
  return row(
    "future",
    shortName(future.name) + future.generics,
    parts.join(", "),
    future.name + future.generics,
    {
      place: future.place,
      children: pointRows(future),
    },
  );
}

function pointRows(future: FutureLayout): MemoryRow[] {
  return suspendPoints(future)
    .toSorted((a, b) => b.bytes - a.bytes)
    .map((state) => {
      const at = state.place === null ? state.name : `${fileName(state.place)}:${state.place.line}`;
      const kept = keptIn(state).toSorted((a, b) => b.bytes - a.bytes || a.offset - b.offset);
      return row(
        "point",
        at,
        `${inBytes(state.bytes)} kept`,
        `${state.name}: what is kept across this await`,
        {
          place: state.place,
          children: kept.map((saved) =>
            row("saved", savedName(saved), `${inBytes(saved.bytes)}  ${saved.shortType}`, saved.type, {
              place: state.place,
            }),
          ),
        },
      );
    });
}

function problemRow(problem: string): MemoryRow {
  return row("problem", "Not understood", problem, problem);
}

function row(
  kind: MemoryRow["kind"],
  label: string,
  description: string,
  tooltip: string,
  rest: Partial<Pick<MemoryRow, "place" | "children">> = {},
): MemoryRow {
  return { kind, label, description, tooltip, place: null, children: [], ...rest };
}

function sizeOf({ slots, slotBytes }: PoolLayout): number {
  return slots * slotBytes;
}

function poolBytes(pools: readonly PoolLayout[]): number {
  return pools.reduce((sum, pool) => sum + sizeOf(pool), 0);
}

function ofRam(bytes: number, { ram }: LayoutFacts): string {
  return ram.kind === "known" ? `, ${inPercent(bytes, ram.bytes)} of RAM` : "";
}

function fileName({ file }: LayoutPlace): string {
  return file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1);
}
