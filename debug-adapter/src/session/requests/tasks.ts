import type { Inspection } from "../../debuggee/inspection";
import { describeTask, suspensionPlace } from "../../debuggee/threads";
import type {
  AwaitingTask,
  AwaitPlace,
  AwaitsBody,
  ProtocolFuture,
  ProtocolPlace,
  ProtocolTask,
  TasksBody,
} from "../../protocol/custom-requests";
import type { TaskIndex } from "../../trace/event";
import { wakeSourceWords } from "../../trace/event-words";
import type { SourcePlace } from "../../trace/trace";
import type { Launched } from "../launched";

type InspectedTask = Inspection["tasks"][number];
type FutureNode = NonNullable<InspectedTask["future"]>;

/** Every task that was spawned, with what it awaits. */
export async function tasks(launched: Launched): Promise<TasksBody> {
  const inspection = await launched.inspection();
  return {
    time: launched.debuggee.target.now,
    tasks: inspection.tasks.flatMap((each, task) => {
      const shown = toTask(launched, inspection, each, task as TaskIndex);
      return shown === undefined ? [] : [shown];
    }),
  };
}

/** The `.await` lines of the user's own code at which tasks are suspended. */
export async function awaits(launched: Launched): Promise<AwaitsBody> {
  const inspection = await launched.inspection();
  const places = new Map<string, { readonly place: ProtocolPlace; readonly tasks: AwaitingTask[] }>();
  inspection.tasks.forEach(({ name, state, future }, task) => {
    if (future === undefined || (state.kind !== "ready" && state.kind !== "suspended")) return;
    const { kind } = state;
    const { debuggee, knowledge } = launched;
    const since = knowledge.history.suspendedSince(task as TaskIndex);
    const suspendedFor = debuggee.isObserved ? debuggee.target.now - since : null;
    const threadId = launched.threads.of(task as TaskIndex, launched.debuggee.trace);
    visit(future, (node) => {
      const place = toPlace(node.place);
      if (place === null || node.state !== "suspended" || !node.isOwn) return;
      const key = `${place.path}:${place.line}`;
      const found = places.get(key) ?? { place, tasks: [] };
      places.set(key, found);
      const awaiting = node.children.map((child) => child.name).join(", ");
      const wait = waitsOf(node).join(" or ");
      found.tasks.push({ threadId, name, state: kind, awaiting, wait, suspendedFor });
    });
  });
  const found = [...places.values()].map(({ place, tasks: at }): AwaitPlace => ({ ...place, tasks: at }));
  return { time: launched.debuggee.target.now, places: found };
}

/** A task as a client is told it; undefined if it has not been spawned. */
export function toTask(
  launched: Launched,
  inspection: Inspection,
  { name, state, future }: InspectedTask,
  task: TaskIndex,
): ProtocolTask | undefined {
  const { debuggee, knowledge, threads } = launched;
  if (state.kind === "unspawned") return undefined;
  const { trace } = debuggee;
  const seen = debuggee.isObserved ? knowledge.history.summaryOf(task) : undefined;
  const wake = knowledge.history.lastWakeOf(task);
  return {
    threadId: threads.of(task, trace),
    name,
    state: state.kind,
    since: Number.isNaN(state.since) ? null : state.since,
    description: describeTask(inspection, task),
    place: state.kind === "ended" ? null : toPlace(suspensionPlace(inspection, task)),
    polls: seen?.polls ?? null,
    wakes: seen?.wakes ?? null,
    lastWake: wake === undefined ? null : { source: wakeSourceWords(trace, wake.source), time: wake.time },
    timeRun: seen?.timeRun ?? null,
    bytes: trace.tasks[task]!.bytes,
    future: future === undefined ? null : toFuture(launched, future),
  };
}

function toFuture(launched: Launched, node: FutureNode): ProtocolFuture {
  const { name, label, state, place, wait, isOwn, note, children, kept, locals } = node;
  const { target, trace } = launched.debuggee;
  const dueIn = wait?.dueIn ?? null;
  const inside = (each: FutureNode) => toFuture(launched, each);
  return {
    name,
    label,
    state,
    place: toPlace(place),
    wait: wait?.text ?? null,
    dueAt: dueIn === null ? null : Math.round(target.now) + dueIn,
    heldBy: (wait?.heldBy ?? []).flatMap((holder) => {
      const row = trace.tasks.findIndex((each) => each.name === holder);
      return row < 0 ? [] : [launched.threads.of(row as TaskIndex, trace)];
    }),
    isOwn,
    note,
    children: children.map(inside),
    kept: [...kept.map(inside), ...locals.flatMap((local) => droppedFuture(launched, local))],
  };
}

/** A variable that was a future, and has been dropped or moved away: what lies there means nothing any more. */
function droppedFuture(
  { debuggee }: Launched,
  { name, value, liveness }: FutureNode["locals"][number],
): ProtocolFuture[] {
  const body =
    liveness === "dropped" ? debuggee.firmware.program.asyncFunctions.ofType(value.type) : undefined;
  if (body === undefined) return [];
  const none = { place: null, wait: null, dueAt: null, heldBy: [], note: null, children: [], kept: [] };
  return [{ ...none, name: body.name, label: name, state: "dropped", isOwn: false }];
}

function visit(node: FutureNode, see: (node: FutureNode) => void): void {
  see(node);
  for (const child of node.children) visit(child, see);
}

/** What the leaves below a future wait for. */
function waitsOf({ wait, children }: FutureNode): string[] {
  return children.length === 0 ? (wait === null ? [] : [wait.text]) : children.flatMap(waitsOf);
}

function toPlace(place: SourcePlace | null): ProtocolPlace | null {
  return place === null ? null : { path: place.file, line: place.line };
}
