import { address } from "../../base/brand";
import type { FutureNode } from "../../futures/await-tree";
import type { SourcePlace } from "../../symbols/source-files";
import type { TaskIndex } from "../../trace/event";
import { type TaskState, taskStates } from "../../trace/task-state";
import { overMemory } from "../../unwind/fetched-memory";
import { copyMemory } from "../../values/memory-copy";
import type { Debuggee } from "../debuggee";
import { inspectTasksIn, TASK_MEMORY } from "../inspect-tasks";
import { followedScopes } from "./followed-scopes";
import type { ProgramCode } from "./program-code";
import { type FutureInstance, type StepFrame, stepFrames } from "./step-stack";

/** What is stepped. */
export type StepSubject =
  /** Whatever the core is executing. */
  | { readonly kind: "core" }
  /**
   * A task, polled at the moment or not. Of one that is suspended, `future` is the one of its tree that is stepped;
   * without it the innermost of the user's by the first branches.
   */
  | {
      readonly kind: "task";
      readonly task: TaskIndex;
      readonly future?: Pick<FutureNode, "address" | "type">;
    };

/** A coroutine in a chain of awaits, and where it is: of all but the innermost the line of its `.await`. */
export interface AwaitLink {
  readonly future: FutureInstance;
  readonly place: SourcePlace | undefined;
}

/** Where a step begins. */
export interface StepOrigin {
  /** The task that is stepped; undefined where the core polls none. */
  readonly task: TaskIndex | undefined;
  /** What is being executed, innermost first; empty for a task that is not being polled. */
  readonly frames: readonly StepFrame[];
  /** If a coroutine is stepped: it, and those that await it, outwards. */
  readonly awaits: readonly AwaitLink[];
}

/** What steps ask of the debuggee. */
export type StepSource = Debuggee;

/** What tasks do where the debuggee stands. */
export interface TasksNow {
  /** The task that the core polls. */
  readonly polledTask: TaskIndex | undefined;
  /** In the order of the trace. */
  readonly states: readonly TaskState[];
}

/** What the observer of the executor has seen. */
export function observedTasks({ taskEvents, trace }: StepSource): TasksNow {
  return {
    polledTask: taskEvents.polledTask,
    get states() {
      return taskStates(trace);
    },
  };
}

/** What is asked to find out where a step begins. */
interface OriginContext {
  readonly source: StepSource;
  readonly code: ProgramCode;
  readonly tasks: TasksNow;
}

/** Where the step of a subject begins. */
export async function originOf(subject: StepSubject, context: OriginContext): Promise<StepOrigin> {
  if (subject.kind === "core") return runningOrigin(subject, context);
  if (context.tasks.polledTask !== subject.task) return restingOrigin(subject, context);
  const origin = await runningOrigin(subject, context);
  // At the very beginning of a poll, and at its end, the executor runs and the future is at rest.
  return origin.isInBody ? origin : restingOrigin(subject, context);
}

async function runningOrigin(
  subject: StepSubject,
  { source, code, tasks }: OriginContext,
): Promise<StepOrigin & { readonly isInBody: boolean }> {
  const registers = await source.target.readRegisters();
  // Reads what the bodies' parameters lie in as well as what the stack needs.
  const all = await overMemory(source.target, (memory) =>
    stepFrames(
      code.unwinder.unwind(registers, memory).frames,
      code,
      followedScopes(source.target, source.firmware),
    ),
  );
  const pollFunctions = new Set<number>(source.embassy?.pollFunctions);
  // What is inlined into the function that polls has its address, too.
  const poll = all.findIndex(
    ({ scope }) => scope.parent === undefined && pollFunctions.has(scope.owner.address),
  );
  // An interrupt that has broken into the poll is no part of the task.
  const interrupted = all.findLastIndex(({ isInterrupted }, i) => isInterrupted && i <= poll);
  const frames = subject.kind === "task" && interrupted > 0 ? all.slice(interrupted) : all;
  // An executor written by hand has no function that is known to poll: its tasks are polled where no handler runs.
  const isInPoll =
    source.embassy === undefined
      ? frames[0]?.exception === all.at(-1)?.exception
      : poll >= 0 && (subject.kind === "task" || interrupted <= 0);
  const task = isInPoll ? tasks.polledTask : undefined;
  const awaits =
    frames[0]?.future === undefined
      ? []
      : withinOneLevel(frames).flatMap(({ future, place }) => (future ? [{ future, place }] : []));
  const inPoll = frames.slice(0, poll < 0 ? undefined : poll - (all.length - frames.length));
  return { task, frames, awaits, isInBody: inPoll.some(({ future }) => future !== undefined) };
}

/** The frames up to what was interrupted. */
function withinOneLevel(frames: readonly StepFrame[]): readonly StepFrame[] {
  const end = frames.findIndex(({ isInterrupted }, i) => isInterrupted && i > 0);
  return end < 0 ? frames : frames.slice(0, end);
}

async function restingOrigin(
  { task, future }: Extract<StepSubject, { kind: "task" }>,
  { source, tasks: { polledTask, states } }: OriginContext,
): Promise<StepOrigin> {
  const memory = await copyMemory(source.target, TASK_MEMORY);
  const untouched = polledTask === task ? task : undefined;
  const tree = inspectTasksIn(source, memory, { states, untouched })[task]?.future;
  const path = tree === undefined ? [] : pathTo(tree, future);
  return { task, frames: [], awaits: path.flatMap((node) => linkOf(node, source)).reverse() };
}

type WantedFuture = Extract<StepSubject, { kind: "task" }>["future"];

/** From the root of a tree to the future at an address, or to the innermost one of the user's by the first branches. */
function pathTo(root: FutureNode, future: WantedFuture): FutureNode[] {
  if (future !== undefined) return search(root, future) ?? pathTo(root, undefined);
  const path: FutureNode[] = [];
  for (let node: FutureNode | undefined = root; node !== undefined; node = node.children[0]) path.push(node);
  const innermost = path.findLastIndex(({ isOwn }) => isOwn);
  return path.slice(0, Math.max(innermost, 0) + 1);
}

function search(node: FutureNode, future: NonNullable<WantedFuture>): FutureNode[] | undefined {
  // The first thing in a future has the address of the future itself.
  if (node.address === future.address && node.type === future.type) return [node];
  for (const child of node.children) {
    const path = search(child, future);
    if (path !== undefined) return [node, ...path];
  }
  return undefined;
}

function linkOf(node: FutureNode, { firmware }: StepSource): AwaitLink[] {
  const body = firmware.program.asyncFunctions.all.find(({ coroutine }) => coroutine.type.name === node.type);
  if (body === undefined) return [];
  const state = body.coroutine.states.find(
    ({ kind, place }) => kind === node.state && (kind !== "suspended" || place?.line === node.place?.line),
  );
  const place = state?.kind === "suspended" ? state.place : undefined;
  const at = node.address === null ? undefined : address(node.address);
  return [{ future: { body, address: at }, place }];
}
