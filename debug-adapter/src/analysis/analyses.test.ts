import { describe, expect, it } from "vitest";
import { nanoseconds } from "../base/brand";
import { drawnTrace, type DrawnOptions } from "#test/helpers/trace-text";
import { Analyses } from "./analyses";
import type { Analysis } from "./analysis";
import { DEFAULT_THRESHOLDS, type Thresholds } from "./thresholds";

interface FoundOptions extends DrawnOptions {
  readonly thresholds?: Partial<Thresholds>;
}

/** Findings as `KIND xCOUNT at PLACE: TITLE`, with the evidence below. */
function found(drawing: string, { thresholds = {}, ...options }: FoundOptions = {}): string[] {
  const analyses = new Analyses(drawnTrace(drawing, options), { thresholds });
  analyses.finish();
  expect(analyses.problems).toEqual([]);
  return analyses.findings
    .list()
    .flatMap(({ kind, count, place, title, evidence }) => [
      `${kind} x${count} at ${place?.file}:${place?.line}: ${title}`,
      ...evidence.map((line) => `  ${line}`),
    ]);
}

describe("starvation", () => {
  it("names the polls that ran while a task was ready, and what part of the wait each took", () => {
    expect(
      found(`
        blink  #..rrrrrrrrrrrrrrrr##..
        sensor _####..............r#..
        check  _....##############..r#
      `),
    ).toEqual([
      "starvation x1 at check.rs:1: check kept the core for 14.00 ms while blink was ready",
      "  blink became ready at 0.003 000 000 s and waited 16.00 ms",
      "  check ran for 14.00 ms (88 %) in one poll up to the await of check.rs:1",
      "  sensor ran for 2.000 ms (13 %) in one poll up to the await of sensor.rs:1",
    ]);
  });

  it("is silent at the threshold, and finds what is one column longer", () => {
    const short = `
      blink  #..rrrrrrrrrr#
      check  _#############`;
    expect(found(short, { thresholds: { longPoll: nanoseconds(1e9) } })).toEqual([]);
    expect(found(short.replace("rr#", "rrr#")).map((line) => line.slice(0, 13))).toContain("starvation x1");
  });

  it("is told once where the same poll keeps several waiting, and counts", () => {
    const [first, ...more] = found(`
      blink  #.rrrrrrrrrrrrrrr#.
      beat   #.rrrrrrrrrrrrrrrr#
      check  .################..
    `).filter((line) => !line.startsWith(" "));
    expect(first).toBe("starvation x2 at check.rs:1: check kept the core for 15.00 ms while beat was ready");
    expect(more).toEqual([]);
  });

  it("does not blame a task for its own polls", () => {
    expect(found("hog @@@@@@@@@@@@@@@@@@@@@", { thresholds: { busy: nanoseconds(1e9) } })).toEqual([]);
  });

  it("tells of a poll that never ends, by the await that it has gone on from", () => {
    const lines = found(`
      blink  #..rrrrrrrrrrrrrrrr
      check  _#.################
    `);
    expect(lines).toContain(
      "starvation x1 at check.rs:1: check kept the core for 16.00 ms while blink was ready",
    );
    expect(lines).toContain(
      "  check ran for 16.00 ms (100 %) in one poll that still goes on, since the await of check.rs:1",
    );
  });

  it("blames nobody where many polls share the time, and says how much interrupts took", () => {
    const lines = found(`
      blink  #..rrrrrrrrrrrrrr#
      a      #..####...........
      b      #......####.......
      c      #..........####...
      irq    ...............##.
    `);
    expect(lines[0]).toBe("starvation x1 at blink.rs:1: blink was ready for 14.00 ms before it was polled");
    expect(lines).toContain("  interrupts took 2.000 ms (14 %) of it");
  });
});

describe("long poll", () => {
  it("counts neither interrupts nor the time in which no other task lives", () => {
    expect(found("main ############")).toEqual([]);
    expect(
      found(`
        blink #..........
        check _########..
        irq   __####_____
      `),
    ).toEqual([]);
  });

  it("tells when the poll was and where it has ended", () => {
    expect(
      found(`
        blink #..........
        check _########..
        irq   __#________
      `),
    ).toEqual([
      "long-poll x1 at check.rs:1: one poll of check ran for 7.000 ms: no other task can run meanwhile",
      "  the poll began at 0.001 000 000 s and ended at the await of check.rs:1 at 0.009 000 000 s, and 1.000 ms of interrupts and other executors in between",
    ]);
  });

  it("is told of a main that has ended in the same poll", () => {
    expect(
      found(`
        main  ########_..
        blink _.......#..
      `).map((line) => line.split(":")[0]),
    ).toContain("long-poll x1 at main.rs");
  });

  it("is no finding of its own where it starves a task", () => {
    const lines = found(`
      blink #..rrrrrrrrrrrr#
      check _##############.
    `);
    expect(lines.filter((line) => !line.startsWith(" "))).toHaveLength(1);
    expect(lines[0]).toMatch(/^starvation/);
  });
});

describe("busy wakes", () => {
  const options = { column: 50e3, thresholds: { busy: nanoseconds(8e6) } };

  it("are of a task that wakes itself in each poll, and does next to nothing", () => {
    expect(found(`spin ${"@".repeat(200)}`, options)).toEqual([
      "busy-self-wake x1 at spin.rs:1: spin wakes itself in every poll, so that the core never sleeps",
      "  from 0.000 000 000 s on the core did not sleep for 8.000 ms",
      "  in that time spin was polled 160 times, and woke itself in 160 of them; a poll took 50.00 us on average",
    ]);
  });

  it("are of two tasks that wake each other", () => {
    const lines = found(`a ${"#w".repeat(200)}\nb ${"w#".repeat(200)}`, {
      ...options,
      thresholds: { busy: nanoseconds(15e6) },
    });
    expect(lines.filter((line) => !line.startsWith(" "))).toEqual([
      "wake-storm x1 at a.rs:1: a and b keep waking each other, so that the core never sleeps",
    ]);
  });

  it("are none as long as the core sleeps now and then, or an interrupt does the waking", () => {
    const polls = `${"@".repeat(100)}.`;
    const naps = `${"_".repeat(100)}#`;
    expect(found(`spin ${polls.repeat(3)}\nsleep ${naps.repeat(3)}`, options)).toEqual([]);
    expect(found(`spin ${"#r".repeat(200)}`, options)).toEqual([]);
  });

  it("does not mind a task that works in each of its polls", () => {
    expect(found(`hog ${"@".repeat(150)}`, { ...options, column: 150e3 })).toEqual([]);
  });
});

describe("timer drift", () => {
  it("is a round that takes a little longer than its timer, each time", () => {
    const round = `##${".".repeat(40)}`;
    expect(found(`beat ${round.repeat(10)}#.`)).toEqual([
      "timer-drift x2 at beat.rs:1: each round of beat takes 42.00 ms, 2.000 ms more than its timer of 40.00 ms",
      "  in 9 rounds since 0.002 000 000 s it has come to be 18.00 ms late against a period of 40.00 ms",
      "  each time the timer was started only after the work of the round, which took 2.000 ms to 2.000 ms",
    ]);
  });

  it("is silent where the timer is a pause between long works, and of a Ticker", () => {
    expect(found(`beat ${`########${".".repeat(40)}`.repeat(12)}`)).toEqual([]);
    const ticker = { awaiting: { beat: "Ticker::next" } };
    expect(found(`beat ${`##${".".repeat(40)}`.repeat(12)}`, ticker)).toEqual([]);
  });
});

describe("backpressure", () => {
  const options = {
    awaiting: { send: "SendFuture<Raw, u32, 4>" },
    thresholds: { backpressure: nanoseconds(20e6) },
  };

  it("is a sender that waits for most of its time", () => {
    expect(found(`send ${"#........".repeat(4)}#`, options)).toEqual([
      "backpressure x2 at send.rs:1: send is held back by a full channel for 91 % of its time",
      "  since 0.001 000 000 s it waited for room 4 times at send.rs:1: 32.00 ms of 35.00 ms, at most 8.000 ms at once",
    ]);
  });

  it("is silent of those who wait for anything else", () => {
    expect(
      found(`send ${"#........".repeat(4)}#`, { ...options, awaiting: { send: "Channel::receive" } }),
    ).toEqual([]);
  });
});

describe("poll after end", () => {
  it("is an error, unless the task was spawned again", () => {
    const trace = drawnTrace("a ##_##");
    expect(found("a ##_##")).toEqual([]);
    trace.events.append(nanoseconds(6e6), 4, 0 as never, 0);
    trace.events.append(nanoseconds(7e6), 2, 0 as never, 0);
    const analyses = new Analyses(trace);
    analyses.catchUp();
    expect(analyses.findings.list()).toMatchObject([
      { kind: "poll-after-end", severity: "error", tasks: [0] },
    ]);
  });
});

describe("analyses", () => {
  it("find the same however the trace is cut", () => {
    const drawing = `
      blink  #..rrrrrrrrrrrrrrrr##..rrrrrrrrrrr#
      check  _....##############....###########.
    `;
    const whole = new Analyses(drawnTrace(drawing));
    whole.finish();
    const trace = drawnTrace(drawing);
    const growing = drawnTrace("blink _\ncheck _");
    const pieces = new Analyses(growing);
    for (const suspension of trace.suspensions) if (suspension) growing.addSuspension(suspension);
    for (let row = 0; row < trace.events.length; row++) {
      const { events } = trace;
      growing.events.append(events.time(row), events.kind(row), events.task(row), events.payload(row));
      pieces.catchUp();
    }
    growing.endTime = trace.endTime;
    pieces.finish();
    expect(pieces.findings.list()).toEqual(whole.findings.list());
    expect(whole.findings.list()).not.toEqual([]);
  });

  it("go on without one that fails, and say so", () => {
    const broken: Analysis = {
      name: "broken",
      requires: [],
      create: () => ({
        add: () => {
          throw new Error("out of luck");
        },
      }),
    };
    let rows = 0;
    const counting: Analysis = {
      name: "counting",
      requires: [broken],
      create: () => ({
        add: () => {
          rows++;
        },
      }),
    };
    const trace = drawnTrace("a ##.#");
    const analyses = new Analyses(trace, { analyses: [counting] });
    analyses.finish();
    expect(analyses.problems).toEqual(["broken has failed and finds nothing more (out of luck)"]);
    expect(rows).toBe(trace.events.length);
  });

  it("have the thresholds that the pages name", () => {
    expect(DEFAULT_THRESHOLDS).toEqual({
      starvation: 10e6,
      longPoll: 5e6,
      busy: 1e9,
      stuck: 1e9,
      backpressure: 500e6,
      futureBytes: 8192,
      tasks: {},
    });
  });
});
