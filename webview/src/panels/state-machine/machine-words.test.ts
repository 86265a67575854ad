import { describe, expect, it } from "vitest";
import type { StateMachineBody } from "#adapter/protocol/state-machine";
import { historyWords, shortName, sizeWords, stayWords, wakeWords } from "./machine-words";

function body(more: object): StateMachineBody {
  return {
    bytes: 40,
    otherBytes: 4,
    largest: 1,
    states: [
      { kind: "unresumed", bytes: 0 },
      { kind: "suspended", bytes: 36 },
    ],
    instances: [],
    history: { isTaskBody: true, transitions: [], stays: [], unknownPolls: 0 },
    ...more,
  } as unknown as StateMachineBody;
}

const GO = { from: 0, to: 1, count: 1, pollTime: 1, lastAt: 1, isCertain: true };

describe("shortName", () => {
  it.each([
    ["blink::heartbeat_task", "", "heartbeat_task"],
    ["embassy_rp::gpio::Input::wait_for_low", "", "Input::wait_for_low"],
    ["app::run::{async block#0}", "", "run::{async block#0}"],
    ["app::wait", "<u8>", "wait<u8>"],
    ["main", "", "main"],
  ])("%s", (name, generics, expected) => expect(shortName({ name, generics })).toBe(expected));
});

describe("sizeWords", () => {
  it("sets the whole against the state that keeps most", () => {
    expect(sizeWords(body({}))).toBe(
      "The future takes 40 B. await 1 keeps most: 36 B. The other 4 B are the number of the state, gaps, and places that only other states use.",
    );
    expect(sizeWords(body({ largest: null }))).toBe("The future takes 40 B.");
  });
});

describe("historyWords", () => {
  const history = (more: object, rest: object = {}) =>
    historyWords(body({ history: { ...body({}).history, ...more }, ...rest }));

  it("says that nothing has been seen yet", () => {
    expect(history({})[0]).toMatch(/^The run has not shown it yet/);
    expect(history({}, { instances: [{}] })[0]).toMatch(/seen in memory/);
  });

  it("has nothing to add where all is known", () => expect(history({ transitions: [GO] })).toEqual([]));

  it("says why an await may have no arrows", () => {
    const states = [...body({}).states, { kind: "suspended", bytes: 8 }];
    expect(history({ transitions: [GO] }, { states })).toEqual([
      "An await without arrows has parked nobody yet: one that is ready at once is passed within a poll.",
    ]);
  });

  it("says what is not counted, what is not certain, and what is not known", () => {
    const transitions = [{ ...GO, isCertain: false }];
    const words = history({ isTaskBody: false, transitions, unknownPolls: 2 });
    expect(words).toHaveLength(3);
    expect(words[2]).toBe("Where it stood after 2 polls is not known.");
  });
});

describe("stayWords", () => {
  it("tells how often, and how long on average", () => {
    expect(stayWords(undefined)).toBeNull();
    expect(stayWords({ count: 1, time: 5e6 })).toBe("once, for 5.000 ms");
    expect(stayWords({ count: 1200, time: 1200 * 5e6 })).toBe("1,200 times, mean 5.000 ms");
    expect(wakeWords({ wokenBy: [{ source: "TIMER_IRQ_0", count: 1200 }] })).toBe(
      "woken by TIMER_IRQ_0 (1,200)",
    );
    expect(wakeWords({ wokenBy: [] })).toBe("");
  });
});
