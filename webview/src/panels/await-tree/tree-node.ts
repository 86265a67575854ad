import { nanoseconds } from "#adapter/base/brand";
import { formatDuration } from "#adapter/base/duration";
import type { AwaitTreeBody, AwaitTreeTask } from "#adapter/protocol/await-tree";
import type { ProtocolFuture, ProtocolVerdict, WhyStep } from "#adapter/protocol/custom-requests";
import type { SourcePlace } from "#adapter/trace/trace";
import { formatShortPlace } from "../../format";

/** What a row of the tree is about; it decides how the row looks. */
export type NodeKind = "task" | "future" | "leaf" | "branch-done" | "kept" | "verdict" | "step";

/** A node of the tree as it is shown. */
export interface TreeNode {
  /** The same for the same node at every instant and in every run: what is expanded is remembered by it. */
  readonly key: string;
  readonly kind: NodeKind;
  /** Which part of the future around it: `branch 2`; null where there is one. */
  readonly label: string | null;
  readonly name: string;
  /** Of a task, or of a future whose state says something: `ready`, `done`. */
  readonly state: string | null;
  /** What it waits for: `timer due in 312.0 ms`, `mutex LOG held by upload_task`. */
  readonly detail: string | null;
  /** What it comes to, for a verdict. */
  readonly verdict: ProtocolVerdict | null;
  readonly place: SourcePlace | null;
  /** The thread of the task that it is, or belongs to. */
  readonly threadId: number;
  /** Another task that can be looked at from here: who holds what it waits for. */
  readonly leadsTo: number | null;
  readonly children: readonly TreeNode[];
}

/** What every task awaits, down to the leaves. */
export function awaitNodes({ time, tasks }: AwaitTreeBody): TreeNode[] {
  return tasks.map((task) => {
    const key = `task ${task.name}`;
    const children = task.future === null ? [] : futureNodes(task.future, { key, task, time });
    return { ...taskNode(task, key), children };
  });
}

/** Why each task that is not running is not: the chain to who has to act, and what it comes to. */
export function reasonNodes({ tasks }: AwaitTreeBody): TreeNode[] {
  return tasks.flatMap((task) => {
    const { why } = task;
    if (why === null) return [];
    const key = `why ${task.name}`;
    const verdict: TreeNode = {
      ...EMPTY,
      key: `${key} verdict`,
      kind: "verdict",
      // Its kind stands before it.
      name: why.verdict.replace(/^deadlock: /, ""),
      verdict: why.kind,
      threadId: task.threadId,
    };
    const steps = stepNodes(why.steps, key, task.threadId);
    return [{ ...taskNode(task, key), detail: null, children: [...steps, verdict] }];
  });
}

interface Around {
  readonly key: string;
  readonly task: AwaitTreeTask;
  /** The instant at which the tree is looked at. */
  readonly time: number;
}

const EMPTY = {
  label: null,
  state: null,
  detail: null,
  verdict: null,
  place: null,
  leadsTo: null,
  children: [],
} satisfies Partial<TreeNode>;

function taskNode(task: AwaitTreeTask, key: string): TreeNode {
  const { threadId, name, state } = task;
  const place = task.place === null ? null : { file: task.place.path, line: task.place.line };
  return { ...EMPTY, key, kind: "task", name, state, detail: taskDetail(task, place), place, threadId };
}

/** What the description says besides the state and the place, which have places of their own. */
function taskDetail({ description, state }: AwaitTreeTask, place: SourcePlace | null): string | null {
  const where = place === null ? "" : `, ${formatShortPlace(place)}`;
  const rest = description.endsWith(where)
    ? description.slice(0, description.length - where.length)
    : description;
  const detail = rest.startsWith(state) ? rest.slice(state.length).trim() : rest;
  return detail === "" ? null : detail;
}

/** A future, and behind it the futures that it only keeps. */
function futureNodes(future: ProtocolFuture, around: Around, position = 0, isKept = false): TreeNode[] {
  const { name, label, state, place, children, kept, heldBy, note } = future;
  const key = `${around.key}/${position} ${label ?? ""} ${name}`;
  const inside = { ...around, key };
  const holder = heldBy.length === 1 ? heldBy[0]! : null;
  return [
    {
      ...EMPTY,
      key,
      kind: kindOf(future, isKept),
      label: labelOf(future, isKept),
      name,
      state: STATE_WORDS[state] ?? (state === "suspended" || state === "pending" ? null : state),
      detail: [waitWords(future, around.time), note].filter((each) => each !== null).join("; ") || null,
      place: place === null ? null : { file: place.path, line: place.line },
      threadId: around.task.threadId,
      leadsTo: holder === around.task.threadId ? null : holder,
      children: [
        ...children.flatMap((child, i) => futureNodes(child, inside, i)),
        ...kept.flatMap((child, i) => futureNodes(child, inside, children.length + i, true)),
      ],
    },
  ];
}

/** States that a reader would not understand by the adapter's name for them. */
const STATE_WORDS: Readonly<Record<string, string>> = {
  unresumed: "not begun",
  returned: "has returned",
  panicked: "has panicked",
  done: "done",
  gone: "done, its result is taken",
};

function kindOf({ state, children, wait }: ProtocolFuture, isKept: boolean): NodeKind {
  if (isKept) return "kept";
  if (state === "done" || state === "gone") return "branch-done";
  return children.length === 0 && wait !== null ? "leaf" : "future";
}

function labelOf({ label, state }: ProtocolFuture, isKept: boolean): string | null {
  if (!isKept) return label === null ? null : /^\d+$/.test(label) ? `branch ${label}` : label;
  const how = state === "dropped" ? "dropped or moved away" : "kept, polled by nobody";
  return label === null ? how : `${label}: ${how}`;
}

/** For a timer how long it still is at the instant looked at; the adapter's words for anything else. */
function waitWords({ wait, dueAt }: ProtocolFuture, time: number): string | null {
  if (dueAt === null) return wait;
  const rest = dueAt - time;
  if (rest <= 0) return `due for ${formatDuration(nanoseconds(-rest))}`;
  return `due in ${formatDuration(nanoseconds(rest))}`;
}

/** Steps are a list with depths: each stands under the nearest one before it that is less deep. */
function stepNodes(steps: readonly WhyStep[], key: string, threadId: number): TreeNode[] {
  const roots: Draft[] = [];
  const path: { readonly depth: number; readonly children: Draft[] }[] = [];
  steps.forEach(({ text, depth, place, threadId: other }, i) => {
    while (path.length > 0 && path.at(-1)!.depth >= depth) path.pop();
    const node: Draft = {
      ...EMPTY,
      key: `${key}/${i}`,
      kind: "step",
      name: text,
      place: place === null ? null : { file: place.path, line: place.line },
      threadId,
      leadsTo: other === threadId ? null : other,
      children: [],
    };
    (path.at(-1)?.children ?? roots).push(node);
    path.push({ depth, children: node.children });
  });
  return roots;
}

interface Draft extends TreeNode {
  readonly children: Draft[];
}
