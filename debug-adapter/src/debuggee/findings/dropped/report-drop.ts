import type { Nanoseconds } from "../../../base/brand";
import { formatInstant } from "../../../base/duration";
import type { FindingList, Occurrence } from "../../../analysis/finding";
import { placeKey, shortPlace } from "../../../analysis/task-places";
import { mayBeAlive, savedNote } from "../../../futures/saved-values";
import { placeOf } from "../../../futures/suspension";
import type { AsyncFunction } from "../../../symbols/async-functions";
import type { Program } from "../../../symbols/program";
import type { CoroutineState } from "../../../symbols/types/coroutine";
import type { TaskIndex } from "../../../trace/event";
import type { Debuggee } from "../../debuggee";
import type { TrackedFuture } from "./dropped-futures";
import type { KeptTask } from "../at-rest/kept-task";
import type { RestingFuture } from "../at-rest/resting-futures";

/** A future that was dropped with its work half done. */
interface DroppedFuture {
  readonly task: TaskIndex;
  /** The outermost that was dropped. */
  readonly root: TrackedFuture;
  /** It or the first that it awaited, from the outside inwards, that has done something and had something left to do. */
  readonly half: TrackedFuture;
  /** The task as it was before that poll. */
  readonly kept: KeptTask | undefined;
  /** How it is known: a clause. */
  readonly how: string;
  /** The end of the poll in which it was dropped. */
  readonly time: Nanoseconds;
}

/** Variables that are shown. */
const MOST_LOCALS = 8;

/** What is told of each such drop alike. */
interface DropWords extends Omit<Occurrence, "weight" | "span" | "evidence"> {
  /** What the words are about. */
  readonly root: RestingFuture;
  readonly taskName: string;
  readonly by: string;
}

/** By the future that was half done, of which a program drops many alike. */
const knownWords = new WeakMap<RestingFuture, DropWords>();

/** Tells of a future that was dropped with its work half done. */
export function reportDrop(
  { task, root, half, kept, how, time }: DroppedFuture,
  { trace }: Debuggee,
  findings: FindingList,
): void {
  const words = wordsOf(task, trace.tasks[task]!.name, root.future, half.future);
  const { key, kind, severity, title, tasks, place, related, remedy } = words;
  findings.add({
    key,
    weight: half.polls,
    kind,
    severity,
    title,
    tasks,
    span: { from: half.since, to: time },
    place,
    related,
    evidence: [],
    // Most such drops are like one that is known, and nobody wants to see their values.
    lateEvidence: () => evidenceOf({ half, kept, how, time }, words),
    remedy,
  });
}

function evidenceOf(
  { half, kept, how, time }: Pick<DroppedFuture, "half" | "kept" | "how" | "time">,
  { taskName, by }: DropWords,
): string[] {
  const polls = half.polls === 1 ? "one poll" : `${half.polls} polls`;
  return [
    `first polled up to ${formatInstant(half.since)} s, it was suspended after ${polls} of ${taskName}, and dropped in the poll that ended at ${formatInstant(time)} s`,
    half.hasPassed
      ? "it had gone on from an await before, and what comes after this one is never done"
      : "before this await it has changed what others see, and what comes after it is never done",
    `what dropped it: ${by}`,
    `how it is known: ${how}`,
    ...localWords(kept?.future(half.future.key)),
  ];
}

/** The words of drops like this one, made once. */
function wordsOf(task: TaskIndex, taskName: string, root: RestingFuture, half: RestingFuture): DropWords {
  const known = knownWords.get(half);
  if (known?.root === root) return known;
  const words = dropWords(task, taskName, root, half);
  knownWords.set(half, words);
  return words;
}

function dropWords(
  task: TaskIndex,
  taskName: string,
  root: RestingFuture,
  { node, body }: RestingFuture,
): DropWords {
  const { owner, via } = root;
  const by = via === null ? taskName : `${via.name} of ${owner?.name ?? taskName}`;
  const at = node.place === null ? "at an await" : `at the await of ${shortPlace(node.place)}`;
  const begunAt = placeOf(body.declaration);
  return {
    key: `cancelled-mid-way:${task}:${placeKey(node.place)}`,
    kind: "cancelled-mid-way",
    severity: "warning",
    title: `${node.name} is dropped half done ${at}`,
    tasks: [task],
    place: node.place,
    related: [
      ...(owner?.place ? [{ place: owner.place, text: `dropped by ${by}, awaited here` }] : []),
      ...(begunAt === null ? [] : [{ place: begunAt, text: `${node.name} begins here` }]),
    ],
    remedy:
      "do what waits first and what changes last, with no await between the changes; or keep the future (`pin!` it and give `select` a reference) and await it to its end",
    root,
    taskName,
    by,
  };
}

/** Whether a future has done something, and had something left to do. */
export function isHalfDone({ future, hasPassed, hasEffects }: TrackedFuture, program: Program): boolean {
  const { state, node } = future;
  if (state.kind !== "suspended" || !node.isOwn) return false;
  return hasPassed || (hasEffects && hasCodeLeft(future, program));
}

/** Whether the source goes on behind the await at which a future is suspended. */
function hasCodeLeft({ state, body }: TrackedFuture["future"], program: Program): boolean {
  let isLeft = codeLeft.get(state);
  if (isLeft === undefined) codeLeft.set(state, (isLeft = findCodeLeft(state, body, program)));
  return isLeft;
}

const codeLeft = new WeakMap<CoroutineState, boolean>();

function findCodeLeft(state: CoroutineState, { coroutine }: AsyncFunction, program: Program): boolean {
  const { states } = coroutine;
  if (states.some(({ suspendPoint = -1 }) => suspendPoint > (state.suspendPoint ?? -1))) return true;
  const end = states.find(({ kind }) => kind === "returned")?.place;
  const { place } = state;
  if (place === undefined || end?.file !== place.file) return false;
  return program.lines.linesOf(place.file).some((line) => line > place.line && line < end.line);
}

function localWords(whole: RestingFuture | undefined): string[] {
  const locals = whole?.node.locals ?? [];
  const shown = locals.filter(({ liveness, text }) => mayBeAlive(liveness) && text !== null);
  return shown.slice(0, MOST_LOCALS).map((saved) => {
    const { name, type, text } = saved;
    const note = savedNote(saved);
    return `it kept ${name ?? "a value"}: ${type} = ${text!}${note === null ? "" : ` (${note})`}`;
  });
}
