import { describe, expect, it } from "vitest";
import { drawnTrace } from "#test/helpers/trace-text";
import { nanoseconds } from "../base/brand";
import { EventKind, packWakeSource, type SuspensionIndex, type TaskIndex } from "../trace/event";
import { Trace } from "../trace/trace";
import { Analyses } from "./analyses";
import type { Thresholds } from "./thresholds";

interface Followed {
  /** What was told in the middle of the run. */
  readonly news: readonly string[];
  /** The findings when the last probe had found something under way. */
  readonly live: readonly string[];
  readonly after: readonly string[];
}

/** Follows a drawing as a live run does: row by row, and with a probe whenever one is asked for. */
function followed(drawing: string, thresholds: Partial<Thresholds> = {}, probes = true): Followed {
  const whole = drawnTrace(drawing);
  const trace = new Trace();
  for (const task of whole.tasks) trace.addTask(task);
  for (let i = 1; ; i++) {
    const suspension = whole.suspension(i as SuspensionIndex);
    if (suspension === undefined) break;
    trace.addSuspension(suspension);
  }
  const analyses = new Analyses(trace, { thresholds });
  const { findings } = analyses;
  const news: string[] = [];
  let live: readonly string[] = [];
  const counts = (isLive: boolean) => findings.list({ isLive }).map(({ kind, count }) => `${kind} x${count}`);
  findings.onNews.add(({ occurrence: { kind, span, title }, stage, begunAs }) => {
    const again = begunAs === undefined ? "" : ", which had begun";
    news.push(`${span.to / 1e6} ms: ${kind} ${stage}${again}: ${title}`);
  });
  const probeUntil = (time: number) => {
    while (probes && analyses.probeDue < time) {
      analyses.probe(nanoseconds(analyses.probeDue));
      if (counts(true).length > 0) live = counts(true);
    }
  };
  const { events } = whole;
  for (let row = 0; row < events.length; row++) {
    probeUntil(events.time(row));
    trace.events.append(events.time(row), events.kind(row), events.task(row), events.payload(row));
    analyses.catchUp();
  }
  probeUntil(whole.endTime);
  trace.endTime = whole.endTime;
  analyses.finish();
  expect(analyses.problems).toEqual([]);
  return { news, live, after: counts(false) };
}

const HOG = `
  blink  #..rrrrrrrrrrrrrrrr##..rr#
  check  _..################.......`;

describe("what is under way", () => {
  it("is told as the threshold is passed, and once more when it is over", () => {
    const { news, live, after } = followed(HOG);
    expect(news).toEqual([
      "8.000001 ms: long-poll begun: one poll of check runs for 5.000 ms already: no other task can run meanwhile",
      "13.000001 ms: starvation begun: check keeps the core, and blink is ready for 10.00 ms already",
      "19 ms: long-poll over, which had begun: one poll of check ran for 16.00 ms: no other task can run meanwhile",
      "19 ms: starvation over, which had begun: check kept the core for 16.00 ms while blink was ready",
    ]);
    // The long poll is the same fault, seen from the other side.
    expect(live).toEqual(["starvation x1"]);
    expect(after).toEqual(["starvation x1"]);
  });

  it("is not what changes the findings: without probes they are the same", () => {
    expect(followed(HOG, {}, false).after).toEqual(followed(HOG).after);
  });

  it("obeys thresholds of single tasks", () => {
    const patient = { starvation: nanoseconds(50e6) };
    expect(followed(HOG, { tasks: { blink: patient } }).after).toEqual(["long-poll x1"]);
    const long = { longPoll: nanoseconds(50e6) };
    expect(followed(HOG, { tasks: { blink: patient, check: long } }).news).toEqual([]);
    expect(followed(HOG, { tasks: { check: long } }).after).toEqual(["starvation x1"]);
  });

  it("leaves a poll alone in which interrupts take the time", () => {
    const { news } = followed(`
      blink  #..........
      check  _.#########
      irq    ...#######.`);
    expect(news).toEqual([]);
  });

  it("tells of a poll that never ends, without what another executor's polls take of it", () => {
    const { news, live } = followed(`
      blink  #...........
      check  _.##########
      beat   ......#.....`);
    expect(news).toEqual([
      "8.000001 ms: long-poll begun: one poll of check runs for 5.000 ms already: no other task can run meanwhile",
    ]);
    expect(live).toEqual(["long-poll x1"]);
  });
});

describe("a program that fails", () => {
  const [A, B] = [0, 1] as TaskIndex[] as [TaskIndex, TaskIndex];

  /** B is ready from 2 ms on, while A is polled. */
  function underWay() {
    const trace = new Trace();
    for (const name of ["a", "b"])
      trace.addTask({ name, address: 0, bytes: 0, futureBytes: null, place: null });
    const by = packWakeSource({ kind: "main" });
    const append = (ms: number, kind: EventKind, task: TaskIndex) =>
      trace.events.append(nanoseconds(ms * 1e6), kind, task, kind === EventKind.PollEnd ? 0 : by);
    append(0, EventKind.Spawn, A);
    append(1, EventKind.PollBegin, A);
    append(2, EventKind.Spawn, B);
    return { trace, analyses: new Analyses(trace), append };
  }

  it("has what was under way counted up to there, and nothing of what its handler takes", () => {
    const { trace, analyses } = underWay();
    analyses.fail(nanoseconds(6e6));
    trace.endTime = nanoseconds(2e9);
    analyses.finish();
    expect(analyses.probeDue).toBe(Infinity);
    expect(analyses.findings.list()).toEqual([]);
    const later = underWay().analyses;
    later.fail(nanoseconds(20e6));
    expect(later.findings.list().map(({ kind, span }) => `${kind} to ${span.to}`)).toEqual([
      "starvation to 20000000",
    ]);
  });

  it("begins anew behind a reset, where nobody waits any more", () => {
    const { trace, analyses, append } = underWay();
    analyses.fail(nanoseconds(6e6));
    append(900, EventKind.Wake, A);
    analyses.restart();
    append(1000, EventKind.Spawn, A);
    append(1001, EventKind.Spawn, B);
    append(1002, EventKind.PollBegin, A);
    append(1030, EventKind.PollEnd, A);
    append(1030, EventKind.PollBegin, B);
    append(1031, EventKind.PollEnd, B);
    trace.endTime = nanoseconds(2e9);
    analyses.finish();
    expect(
      analyses.findings.list().map(({ kind, span }) => `${kind} from ${span.from} to ${span.to}`),
    ).toEqual(["starvation from 1001000000 to 1030000000"]);
  });
});
