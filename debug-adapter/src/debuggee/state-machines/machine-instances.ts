import type { FutureNode } from "../../futures/await-tree";
import { futureState } from "../../futures/future-state";
import type { AsyncFunction } from "../../symbols/async-functions";
import type { Program } from "../../symbols/program";
import type { TaskIndex } from "../../trace/event";
import type { Inspection } from "../inspection";
import { type HistorySource, positionsAt } from "./machine-history";
import { rowOfKind, statesInOrder } from "./machine-states";
import type { TaskPassages } from "./task-passages";

/** A future of an async function that there is now, and where it stands. */
export interface MachineInstance {
  readonly task: TaskIndex;
  /** The row of its state; undefined where that cannot be told. */
  readonly row: number | undefined;
  readonly standing: InstanceStanding;
  /** Why its state is not known: a clause; null where it is. */
  readonly note: string | null;
}

export type InstanceStanding =
  /** Parked, or not polled yet, in a task that waits. */
  | "suspended"
  /** The same in a task that has been woken. */
  | "ready"
  /** In a task that is being polled: this is where the poll has found it. */
  | "running"
  /** Kept by a variable, and not awaited now. */
  | "kept"
  /** The body of a task that has ended. */
  | "ended";

export interface InstanceSource extends Omit<HistorySource, "passages"> {
  readonly passages: Pick<TaskPassages, "standing">;
}

/** Every future of an async function in the tasks that are seen. */
export function machineInstances(
  machine: AsyncFunction,
  inspection: Pick<Inspection, "tasks" | "reader">,
  source: InstanceSource,
): MachineInstance[] {
  return inspection.tasks.flatMap(({ state, future }, row): MachineInstance[] => {
    const task = row as TaskIndex;
    switch (state.kind) {
      case "unspawned":
        return [];
      case "ended":
        return source.bodyOf(task) === machine
          ? [{ task, row: rowOfKind(machine, "returned"), standing: "ended", note: null }]
          : [];
      case "running":
        return polledInstances(machine, task, source);
      case "ready":
      case "suspended": {
        const found: MachineInstance[] = [];
        const at = { program: source.program, machine, inspection, task, standing: state.kind, found };
        if (future !== undefined) visit(future, at);
        return found;
      }
    }
  });
}

/** While a task is polled, its futures change: what is known is where the poll has found them. */
function polledInstances(machine: AsyncFunction, task: TaskIndex, source: InstanceSource): MachineInstance[] {
  const standing = source.passages.standing(task);
  if (standing === undefined) return [];
  return positionsAt(machine, task, standing.at, source).found.map(({ row }) => ({
    task,
    row,
    standing: "running",
    note: row === undefined ? "where the poll has found it is not known" : null,
  }));
}

interface Visit {
  readonly program: Program;
  readonly machine: AsyncFunction;
  readonly inspection: Pick<Inspection, "reader">;
  readonly task: TaskIndex;
  readonly standing: InstanceStanding;
  readonly found: MachineInstance[];
}

function visit(node: FutureNode, at: Visit): void {
  const { program, machine, task, standing, found } = at;
  if (program.asyncFunctions.ofType(node.value.type) === machine) {
    found.push({ task, standing, ...stateOf(node, at) });
  }
  for (const child of node.children) visit(child, at);
  for (const kept of node.kept) visit(kept, { ...at, standing: "kept" });
}

function stateOf(
  { address, note }: FutureNode,
  { machine: { coroutine }, inspection }: Visit,
): Pick<MachineInstance, "row" | "note"> {
  if (address === null) return { row: undefined, note: note ?? "where it lies is not known" };
  const state = futureState(coroutine, address, inspection.reader.memory);
  return state.kind === "unknown"
    ? { row: undefined, note: state.reason }
    : { row: statesInOrder(coroutine).indexOf(state.state), note: null };
}
