import { describe, expect, it } from "vitest";
import { demoTrace } from "#test/e2e/fixtures/traces";
import { drawnTrace } from "#test/helpers/trace-text";
import { taskStates } from "../task-state";
import type { TaskIndex } from "../event";
import { segmentFacts, segmentNear, segmentOfRow } from "./segment-facts";
import { findEvent } from "./event-search";
import { spanStatistics } from "./span-statistics";
import { Timeline } from "./timeline";
import { TaskSegment, trackName } from "./track";
import { queryFlows } from "./wake-flows";

const MS = 1e6;

function timelineOf(drawing: string): Timeline {
  const timeline = new Timeline(drawnTrace(drawing, { awaiting: { a: "Mutex::lock" } }));
  timeline.catchUp();
  return timeline;
}

/** The segments of a track as `kind@millisecond`. */
function segmentsOf(timeline: Timeline, number: number): string[] {
  const { segments } = timeline.tracks[number]!;
  return Array.from(
    { length: segments.length },
    (_, index) => `${segments.kind(index)}@${segments.start(index) / MS}`,
  );
}

const DRAWING = `
  a     ##....r##____
  b     ..##...w.#..#
  irq   ......#......
  sleep ....##.......
`;

describe("the tracks of a trace", () => {
  const timeline = timelineOf(DRAWING);
  const head = timeline.trace.endTime;

  it("are one for the core, each task, each interrupt", () => {
    const names = timeline.tracks.map(({ subject }) => trackName(timeline.trace, subject));
    expect(names).toEqual(["core", "a", "b", "exception 16"]);
  });

  it("follow a task from its spawn through polls and waits to its end", () => {
    const { Absent, Ready, PollPending, PollReady, Suspended } = TaskSegment;
    expect(segmentsOf(timeline, 1)).toEqual([
      `${Ready}@0`,
      `${PollPending}@0`,
      `${Suspended}@2`,
      `${Ready}@6`,
      `${PollReady}@7`,
      `${Absent}@9`,
    ]);
  });

  it("end with the states that a single pass finds", () => {
    const states = taskStates(timeline.trace);
    states.forEach(({ kind }, task) => {
      const { segments } = timeline.tracks[timeline.trackOfTask(task as TaskIndex)!]!;
      const last = segments.kind(segments.length - 1);
      const expected = { unspawned: 0, ended: 0, suspended: 1, ready: 2, running: TaskSegment.PollOpen }[
        kind
      ];
      expect(last).toBe(expected);
    });
  });

  it("can be read in pieces of any size", () => {
    const whole = timelineOf(DRAWING);
    const pieces = new Timeline(whole.trace);
    while (!pieces.catchUp(3));
    expect(pieces.tracks.map((_, number) => segmentsOf(pieces, number))).toEqual(
      whole.tracks.map((_, number) => segmentsOf(whole, number)),
    );
  });

  it("lead from the source of a wake to the poll that follows", () => {
    const flows = queryFlows(timeline, { from: 5 * MS, to: 9 * MS, resolution: 1 }, 100);
    expect([...flows.times].map((time) => time / MS)).toEqual([1, 2]);
    expect([...flows.sources]).toEqual([3, 1]);
    expect([...flows.targets]).toEqual([1, 2]);
    expect([...flows.polls].map((time) => time / MS)).toEqual([2, 4]);
  });

  it("give only the number of wakes where there are too many", () => {
    const { length, total } = queryFlows(timeline, { from: 0, to: head, resolution: 1 }, 2);
    expect(length).toBe(0);
    expect(total).toBeGreaterThan(2);
  });
});

describe("the facts of a segment", () => {
  const timeline = timelineOf(DRAWING);
  const head = timeline.trace.endTime;
  const facts = (track: number, time: number, tolerance = 0) =>
    segmentNear(timeline, { track, time: time * MS, tolerance: tolerance * MS }, head)!;

  it("are those of the segment at that instant", () => {
    expect(facts(1, 3)).toMatchObject({
      title: "suspended",
      from: 2 * MS,
      to: 6 * MS,
      place: { file: "a.rs" },
    });
    expect(facts(1, 3).details).toContainEqual({ name: "awaits", text: "Mutex::lock" });
    expect(facts(1, 6.5)).toMatchObject({ title: "ready, not yet polled", from: 6 * MS, to: 7 * MS });
    expect(facts(1, 6.5).details).toContainEqual({ name: "woken by", text: "exception 16" });
  });

  it("prefer what stands out nearby to what merely lasts", () => {
    expect(facts(1, 5.9).title).toBe("suspended");
    expect(facts(1, 9.2, 0.5).title).toBe("poll: Ready");
    expect(facts(3, 7.9, 0.5).title).toBe("no interrupt");
    expect(facts(3, 5, 1.5).title).toBe("handler runs");
  });

  it("name who has woken the task for a poll, and the poll's row leads back to it", () => {
    const poll = facts(1, 8);
    expect(poll.title).toBe("poll: Ready");
    expect(poll.details).toContainEqual({ name: "woken by", text: "exception 16" });
    expect(segmentOfRow(timeline, poll.row, head)).toMatchObject({ segment: poll.segment });
    expect(poll.wakeRow).not.toBeNull();
  });

  it("exist for every segment of a trace with everything in it", () => {
    const demo = new Timeline(demoTrace());
    demo.catchUp();
    for (const [number, { segments }] of demo.tracks.entries()) {
      for (let index = 0; index < segments.length; index++) {
        const { from, to, title } = segmentFacts(demo, number, index, demo.trace.endTime);
        expect(to).toBeGreaterThanOrEqual(from);
        expect(title).not.toBe("");
      }
    }
    for (let row = 0; row < demo.rows; row++) {
      expect(segmentOfRow(demo, row, demo.trace.endTime)?.track).toBe(demo.trackOfRow(row));
    }
  });
});

describe("statistics of a span", () => {
  it("count what begins in it, and take the time that lies in it", () => {
    const timeline = timelineOf(DRAWING);
    const rows = spanStatistics(timeline, { from: 1 * MS, to: 9 * MS }, timeline.trace.endTime);
    const polls = rows.find(({ trackName: name, what }) => name === "a" && what === "polls");
    expect(polls).toMatchObject({ count: 1, total: 3 * MS, mean: 2 * MS, p95: 2 * MS, longest: 2 * MS });
    const asleep = rows.find(({ what }) => what === "asleep");
    expect(asleep).toMatchObject({ total: 2 * MS });
  });
});

describe("the search", () => {
  const { trace } = timelineOf(DRAWING);
  const rows = trace.events.length;
  it("goes on from a row, around the end, in both directions", () => {
    const next = (row: number, step: 1 | -1) =>
      findEvent(trace, { words: "wake exception", row, step }, rows)!;
    const first = next(0, 1);
    const second = next(first + 1, 1);
    expect([first, second].map((row) => trace.events.time(row))).toEqual([2 * MS, 6 * MS]);
    const all = [...Array(rows).keys()].filter((row) => next(row, 1) === row);
    expect(next(all.at(-1)! + 1, 1)).toBe(first);
    expect(next(second - 1, -1)).toBe(first);
    expect(findEvent(trace, { words: "nothing of that kind", row: 0, step: 1 }, rows)).toBeNull();
    expect(findEvent(trace, { words: "  ", row: 0, step: 1 }, rows)).toBeNull();
  });
});
