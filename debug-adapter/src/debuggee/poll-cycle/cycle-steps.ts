import { formatDuration, formatInstant } from "../../base/duration";
import { nanoseconds } from "../../base/brand";
import { EventKind, type TaskIndex, unpackPollEnd, unpackWakeSource } from "../../trace/event";
import { wakeSourceWords } from "../../trace/event-words";
import type { SourcePlace, Suspension, Trace } from "../../trace/trace";
import type { CycleStep } from "./cycle-step";
import type { HeldWaker } from "./held-waker";
import { meanwhile } from "./meanwhile";
import { pollEffects } from "./poll-effects";
import type { TaskCycle } from "./task-cycles";

/** All that the words about a cycle are made of. */
export interface CycleScene {
  readonly trace: Trace;
  readonly task: TaskIndex;
  readonly cycle: TaskCycle;
  /** The instant of the look, in nanoseconds. */
  readonly now: number;
  /** Whether the executor is Embassy's; of one that is written by hand only polls and wakes are known. */
  readonly isEmbassy: boolean;
  /** Undefined while the firmware runs, and of a task that is not parked. */
  readonly held: HeldWaker | undefined;
  /** The line that woke the task last. */
  readonly wakePlace: SourcePlace | undefined;
}

/** The last cycle of a task as what happens between its lanes, and what comes next. */
export function cycleSteps(scene: CycleScene): CycleStep[] {
  const { cycle } = scene;
  // Who wakes itself in its own poll is woken before it is parked.
  const isWokenFirst = (cycle.readied ?? Infinity) < (cycle.parked ?? 0);
  return [
    ...(isWokenFirst ? [...readied(scene), ...parked(scene)] : [...parked(scene), ...readied(scene)]),
    ...queued(scene),
    ...polled(scene),
    ...within(scene),
    ...registered(scene),
    ...returned(scene),
    ...after(scene),
    ...(cycle.hasEnded && cycle.end !== undefined ? [] : [next(scene)]),
  ];
}

type Draft = Pick<CycleStep, "stage" | "from" | "to" | "label" | "title"> & Partial<CycleStep>;

function step(draft: Draft): CycleStep {
  return { text: "", time: null, duration: null, place: null, hasHappened: true, ...draft };
}

function nameOf({ trace, task }: CycleScene): string {
  return trace.tasks[task]?.name ?? `task ${task}`;
}

function timeOf({ trace }: CycleScene, row: number): number {
  return trace.events.time(row);
}

/** Where the poll that ended at a row has left the task. */
function suspensionAt({ trace }: CycleScene, row: number | undefined): Suspension | undefined {
  if (row === undefined) return undefined;
  const { result, suspension } = unpackPollEnd(trace.events.payload(row));
  return result === "pending" ? trace.suspension(suspension) : undefined;
}

function shortPlace({ file, line }: SourcePlace): string {
  return `${file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1)}:${line}`;
}

/** ` at main.rs:18`, or "" where it is not known. */
function atPlace(suspension: Suspension | undefined): string {
  return suspension?.place ? ` at ${shortPlace(suspension.place)}` : "";
}

function parked(scene: CycleScene): CycleStep[] {
  const { cycle } = scene;
  if (cycle.parked === undefined) return [];
  const suspension = suspensionAt(scene, cycle.parked);
  const time = timeOf(scene, cycle.parked);
  const until = cycle.readied ?? cycle.begin;
  const awaited = suspension?.awaiting ? `It awaited ${suspension.awaiting}. ` : "";
  return [
    step({
      stage: "parked",
      from: "task",
      to: "task",
      label: "parked",
      title: `${nameOf(scene)} was parked${atPlace(suspension)}`,
      text: `${awaited}Parked, it uses no core and no stack: what it needs later is kept in its future.`,
      time,
      duration: until === undefined ? null : Math.max(0, timeOf(scene, until) - time),
      place: suspension?.place ?? null,
    }),
  ];
}

function readied(scene: CycleScene): CycleStep[] {
  const { cycle, trace, isEmbassy } = scene;
  if (cycle.readied === undefined) return [];
  const { events } = trace;
  const source = unpackWakeSource(events.payload(cycle.readied));
  const who = wakeSourceWords(trace, source);
  const time = timeOf(scene, cycle.readied);
  if (events.kind(cycle.readied) === EventKind.Spawn) {
    return [
      step({
        stage: "spawn",
        from: "source",
        to: "executor",
        label: "spawn",
        title: `${nameOf(scene)} is spawned by ${who}`,
        text: "Spawning runs nothing of the task. It puts the future into the task's slot and makes the task ready.",
        time,
      }),
    ];
  }
  const words = {
    irq: `The handler of ${who} wakes ${nameOf(scene)}`,
    task: `${who} wakes ${nameOf(scene)}, in a poll of its own`,
    self: `${nameOf(scene)} woke itself, in its own poll`,
    main: `Code outside any task wakes ${nameOf(scene)}`,
  };
  const then = isEmbassy
    ? "The waker puts the task into the run queue of its executor."
    : "The waker tells the executor, which is written by hand: what it makes of that only it knows.";
  return [
    step({
      stage: "wake",
      from: "source",
      to: "waker",
      label: "wake",
      title: words[source.kind],
      text: `A wake runs nothing of the task: it says that polling it again is worth while. ${then}`,
      time,
      place: scene.wakePlace ?? null,
    }),
  ];
}

function queued(scene: CycleScene): CycleStep[] {
  const { cycle, trace, task, now, isEmbassy } = scene;
  if (cycle.readied === undefined) return [];
  const before = cycle.begin ?? trace.events.length;
  // A task that is woken in its own poll is taken up when that has returned.
  const since = Math.max(cycle.readied, cycle.parked ?? 0);
  const time = timeOf(scene, since);
  const until = cycle.begin === undefined ? now : timeOf(scene, cycle.begin);
  const did = meanwhile(trace, task, { after: since, before });
  const isWaiting = cycle.begin === undefined;
  return [
    step({
      stage: "queue",
      from: "waker",
      to: "executor",
      label: isEmbassy ? "run queue" : "ready",
      title: `Ready ${isWaiting ? "for" : "after"} ${formatDuration(nanoseconds(until - time))}: ${isWaiting ? "it has not been polled yet" : "its turn came"}`,
      text:
        did === ""
          ? isWaiting
            ? "It is polled as soon as the executor comes to it."
            : "Nothing else came first."
          : `Before that the core ${did}.`,
      time,
      duration: until - time,
    }),
  ];
}

function polled(scene: CycleScene): CycleStep[] {
  const { cycle } = scene;
  if (cycle.begin === undefined) return [];
  const before = suspensionAt(scene, cycle.parked);
  const how = "The executor calls Future::poll, with a context that holds the task's waker.";
  const isFirst = cycle.parked === undefined;
  const then = isFirst
    ? "The body runs from its first line."
    : `The body goes on at the await${atPlace(before)}, which asks what it awaits once more: ready now?`;
  return [
    step({
      stage: "poll",
      from: "executor",
      to: "task",
      label: "poll(cx)",
      title: `Poll ${cycle.polls} of ${nameOf(scene)} begins`,
      text: `${how} ${then}`,
      time: timeOf(scene, cycle.begin),
      place: before?.place ?? null,
    }),
  ];
}

function within(scene: CycleScene): CycleStep[] {
  const { cycle, trace, task } = scene;
  if (cycle.begin === undefined) return [];
  const before = cycle.end ?? trace.events.length;
  const { effects, omitted } = pollEffects(trace, task, { after: cycle.begin, before });
  const steps = effects.map(({ time, title, isWake }) =>
    step({
      stage: "within",
      from: "task",
      to: isWake ? "waker" : "task",
      label: isWake ? "wake" : "",
      title: `Meanwhile ${title}`,
      time,
    }),
  );
  if (omitted > 0) {
    const title = `and ${omitted} more ${omitted === 1 ? "event" : "events"} in this poll`;
    steps.push(step({ stage: "within", from: "task", to: "task", label: "", title }));
  }
  return steps;
}

/** Only who is parked has to be woken; and only memory tells who can. */
function registered(scene: CycleScene): CycleStep[] {
  const { cycle, held } = scene;
  if (cycle.end === undefined || suspendedResult(scene) !== "pending") return [];
  const message = { stage: "register", from: "task", to: "source", label: "waker" } as const;
  if (held === undefined) {
    const title = "Before it returns Pending, a future leaves the waker with whoever is to wake it";
    return [step({ ...message, title, text: "Who that is is looked up while the firmware stands still." })];
  }
  return [step({ ...message, title: holderTitle(held), text: holderText(held) })];
}

function holderTitle({ timer, holders, unsure, isWhole, isLost }: HeldWaker): string {
  const parts = [...(timer === undefined ? [] : [timerTitle(timer)]), ...holders];
  if (parts.length > 0) return `${parts.join(" and ")} ${parts.length === 1 ? "holds" : "hold"} its waker`;
  if (!isWhole) return "Who holds its waker is not known: the executor is written by hand";
  if (isLost) return "Nobody holds its waker";
  if (unsure.length > 0) return `Perhaps its waker is in ${unsure.join(", or ")}: that may be left over`;
  return "Who holds its waker is not known";
}

function timerTitle(timer: NonNullable<HeldWaker["timer"]>): string {
  if (timer === "never due") return "The timer queue (never due)";
  // The timer counts microseconds: no more digits are known.
  const at = formatInstant(nanoseconds(Math.max(0, timer.dueAt))).slice(0, -" 000".length);
  return `The timer queue (due at ${at} s)`;
}

function holderText({ timer, holders, isLost, isWhole }: HeldWaker): string {
  if (isLost) return "It returned Pending without leaving its waker anywhere, or the waker was thrown away.";
  if (!isWhole) return "";
  const timerText =
    timer === undefined
      ? ""
      : "When the time has come, the interrupt of the timer finds the task in the queue and wakes it.";
  const otherText = holders.length === 0 ? "" : "Whoever uses it there makes the task ready.";
  return [timerText, otherText].filter((each) => each !== "").join(" ");
}

/** What the poll of the cycle has returned; undefined while it is under way. */
function suspendedResult({ cycle, trace }: CycleScene): "ready" | "pending" | "unknown" | undefined {
  if (cycle.end === undefined) return undefined;
  return cycle.hasEnded ? "ready" : unpackPollEnd(trace.events.payload(cycle.end)).result;
}

function returned(scene: CycleScene): CycleStep[] {
  const { cycle, isEmbassy } = scene;
  const result = suspendedResult(scene);
  if (cycle.begin === undefined || cycle.end === undefined || result === undefined) return [];
  const time = timeOf(scene, cycle.end);
  const taken = {
    stage: "return",
    from: "task",
    to: "executor",
    time,
    duration: time - timeOf(scene, cycle.begin),
  } as const;
  if (result === "ready") {
    const slot = isEmbassy ? " Its slot is free: the task can be spawned again." : "";
    const title = `Ready: ${nameOf(scene)} has ended`;
    return [step({ ...taken, label: "Ready", title, text: `Its future has returned.${slot}` })];
  }
  if (result === "unknown") {
    const title = "The poll has returned, and it is not known with what";
    const text = "The debug info does not tell whether it was Pending or Ready.";
    return [step({ ...taken, label: "?", title, text })];
  }
  const suspension = suspensionAt(scene, cycle.end);
  const awaits = suspension?.awaiting ? `, awaiting ${suspension.awaiting}` : "";
  return [
    step({
      ...taken,
      label: "Pending",
      title: `Pending: ${nameOf(scene)} is parked${atPlace(suspension)}${awaits}`,
      text: "Pending is no failure. It says: not finished, do not poll me before my waker is used. The core is free for others.",
      place: suspension?.place ?? null,
    }),
  ];
}

/** The first thing that the core does behind the poll, besides handling interrupts. */
function after(scene: CycleScene): CycleStep[] {
  const { cycle, trace, now } = scene;
  if (cycle.end === undefined) return [];
  const { events } = trace;
  const message = { stage: "after", from: "executor", to: "executor" } as const;
  for (let row = cycle.end + 1; row < events.length; row++) {
    const kind = events.kind(row);
    const time = events.time(row);
    if (kind === EventKind.PollBegin) {
      const name = trace.tasks[events.task(row)]?.name ?? "another task";
      const title = `The executor polls ${name}`;
      return [step({ ...message, label: "others", title, text: "One task at a time.", time })];
    }
    if (kind !== EventKind.SleepBegin) continue;
    let end = row + 1;
    while (end < events.length && events.kind(end) !== EventKind.SleepEnd) end++;
    const isAsleep = end >= events.length;
    const duration = (isAsleep ? now : events.time(end)) - time;
    const title = isAsleep ? "Nothing is ready: the core sleeps" : "Nothing was ready: the core slept";
    const text = "It stands still until an interrupt or event comes.";
    return [step({ ...message, label: "sleep", title, text, time, duration })];
  }
  return [];
}

/** What is to come, so that a reader sees how the cycle closes. */
function next(scene: CycleScene): CycleStep {
  const { cycle, held } = scene;
  const name = nameOf(scene);
  const coming = { stage: "next", hasHappened: false } as const;
  if (cycle.begin === undefined || (cycle.end !== undefined && cycle.again !== undefined)) {
    const title =
      cycle.again === undefined
        ? `The executor polls ${name}`
        : `${name} was woken in its own poll: the executor is to poll it again`;
    return step({ ...coming, from: "executor", to: "task", label: "poll(cx)", title });
  }
  if (cycle.end === undefined) {
    const title = `The poll under way returns Pending or Ready`;
    return step({ ...coming, from: "task", to: "executor", label: "Pending / Ready", title });
  }
  const wake = { ...coming, from: "source", to: "waker", label: "wake" } as const;
  if (held === undefined) return step({ ...wake, title: `Whoever holds its waker wakes ${name}` });
  if (held.isLost) {
    const text = "Without a waker nothing will ever poll it again.";
    return step({ ...wake, label: "never", title: `Nothing can wake ${name}`, text });
  }
  const { timer } = held;
  const due = timer === undefined || timer === "never due" ? null : timer.dueAt;
  return step({
    ...wake,
    title: `${name} is woken`,
    text: `What has to happen: ${held.verdict}.`,
    time: due,
  });
}
