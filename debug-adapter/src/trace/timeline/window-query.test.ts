import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nanoseconds } from "../../base/brand";
import { EventKind, NO_TASK, packPin, packPollEnd, packWakeSource, type TaskIndex } from "../event";
import { Trace } from "../trace";
import { Timeline, type Track } from "./timeline";
import { familyOf } from "./track";
import { queryTrack, type TrackItems, WHOLE } from "./window-query";

/** A run of one task with an interrupt and a pin, of any rhythm. */
const runs = fc.array(
  fc.record({
    gap: fc.integer({ min: 0, max: 400 }),
    ready: fc.integer({ min: 0, max: 60 }),
    poll: fc.integer({ min: 0, max: 120 }),
    isEnd: fc.boolean(),
    isHigh: fc.boolean(),
  }),
  { minLength: 1, maxLength: 120 },
);

function timelineOf(
  steps: readonly (typeof runs extends fc.Arbitrary<infer All> ? All : never)[number][],
): Timeline {
  const trace = new Trace();
  const task = trace.addTask({ name: "t", address: 0, bytes: 0, futureBytes: null, place: null });
  const at = trace.addSuspension({ place: null, awaiting: "Timer", frames: [] });
  let now = 0;
  const add = (after: number, kind: EventKind, of: TaskIndex, payload: number) =>
    trace.events.append(nanoseconds((now += after)), kind, of, payload);
  for (const { gap, ready, poll, isEnd, isHigh } of steps) {
    add(gap, EventKind.IrqBegin, NO_TASK, 16);
    add(3, EventKind.Spawn, task, packWakeSource({ kind: "irq", exception: 16 }));
    add(2, EventKind.IrqEnd, NO_TASK, 16);
    add(ready, EventKind.PollBegin, task, 0);
    add(1, EventKind.Pin, NO_TASK, packPin(2, isHigh));
    add(poll, EventKind.PollEnd, task, packPollEnd(isEnd ? "ready" : "pending", at));
  }
  trace.endTime = nanoseconds(now + 50);
  const timeline = new Timeline(trace);
  timeline.catchUp();
  return timeline;
}

const windows = fc.record({ from: fc.nat(5000), length: fc.integer({ min: 1, max: 30_000 }) });
const resolutions = fc.constantFrom(1, 7, 32, 250, 1024, 10_000);

/** Items as objects, with times of the trace. */
function listOf(items: TrackItems, from: number) {
  return Array.from({ length: items.length }, (_, i) => ({
    start: items.starts[i]! + from,
    end: items.ends[i]! + from,
    kind: items.kinds[i]!,
    share: items.shares[i]!,
    count: items.counts[i]!,
  }));
}

function isStanding(track: Track, kind: number): boolean {
  return familyOf(track.subject.kind).ranks[kind] !== 0;
}

describe("a window on a track", () => {
  it("has at most two items a pixel, and a few for what reaches into it", () => {
    fc.assert(
      fc.property(runs, windows, resolutions, (steps, { from, length }, resolution) => {
        const timeline = timelineOf(steps);
        const head = timeline.trace.endTime;
        for (const track of timeline.tracks) {
          const items = queryTrack(timeline, track, { from, to: from + length, resolution }, head);
          // A pixel can hold what it shares, and the begin of a long segment behind it.
          expect(items.length).toBeLessThanOrEqual(3 * (length / resolution + 2));
        }
      }),
    );
  });

  it("shows every segment that lasts a pixel as it is", () => {
    fc.assert(
      fc.property(runs, windows, resolutions, (steps, { from, length }, resolution) => {
        const timeline = timelineOf(steps);
        const head = timeline.trace.endTime;
        const to = from + length;
        for (const track of timeline.tracks) {
          const { segments } = track;
          const shown = listOf(queryTrack(timeline, track, { from, to, resolution }, head), from);
          for (let index = 0; index < segments.length; index++) {
            const [start, end] = [segments.start(index), segments.end(index, head)];
            if (end - start < resolution || end <= from || start >= to) continue;
            const kind = segments.kind(index);
            const covers = (item: (typeof shown)[number]) =>
              item.kind === kind &&
              item.share === WHOLE &&
              item.start <= start &&
              item.end >= Math.min(end, to);
            expect(shown.some(covers)).toBe(true);
          }
        }
      }),
    );
  });

  it("counts every segment that stands out exactly once", () => {
    fc.assert(
      fc.property(runs, resolutions, (steps, resolution) => {
        const timeline = timelineOf(steps);
        const head = timeline.trace.endTime;
        for (const track of timeline.tracks) {
          const { segments } = track;
          const items = listOf(queryTrack(timeline, track, { from: 0, to: head, resolution }, head), 0);
          const counted = items.reduce((sum, { count }) => sum + count, 0);
          let standing = 0;
          for (let index = 0; index < segments.length; index++) {
            if (isStanding(track, segments.kind(index))) standing++;
          }
          expect(counted).toBe(standing);
        }
      }),
    );
  });

  it("tells in a shared pixel the share of what stands out", () => {
    fc.assert(
      fc.property(runs, resolutions, (steps, resolution) => {
        const timeline = timelineOf(steps);
        const head = timeline.trace.endTime;
        for (const track of timeline.tracks) {
          const { segments } = track;
          for (const item of listOf(
            queryTrack(timeline, track, { from: 0, to: head, resolution }, head),
            0,
          )) {
            if (item.share === WHOLE || item.count === 0) continue;
            let time = 0;
            for (let index = 0; index < segments.length; index++) {
              if (!isStanding(track, segments.kind(index))) continue;
              const [start, end] = [segments.start(index), segments.end(index, head)];
              time += Math.max(0, Math.min(end, item.end) - Math.max(start, item.start));
            }
            const expected = Math.min(254, Math.max(1, Math.round((time / resolution) * 254)));
            expect(Math.abs(item.share - expected)).toBeLessThanOrEqual(1);
          }
        }
      }),
    );
  });

  it("puts together what shares a pixel of the trace, so that nothing flickers while the window moves", () => {
    fc.assert(
      fc.property(runs, resolutions, fc.nat(500), (steps, resolution, shift) => {
        const timeline = timelineOf(steps);
        const head = timeline.trace.endTime;
        const track = timeline.tracks[timeline.trackOfTask(0 as TaskIndex)!]!;
        const whole = listOf(queryTrack(timeline, track, { from: 0, to: head, resolution }, head), 0);
        const moved = listOf(queryTrack(timeline, track, { from: shift, to: head, resolution }, head), shift);
        const settled = shift + 2 * resolution;
        const standing = (items: typeof whole) =>
          items
            .filter(({ start, count }) => count > 0 && start > settled)
            .map(({ kind, share, count }) => [kind, share, count]);
        const later = standing(moved);
        expect(later).toEqual(standing(whole).slice(-later.length || Infinity));
      }),
    );
  });
});
