import { describe, expect, it } from "vitest";
import { buildElf } from "#test/helpers/elf-builder";
import { FakeTarget } from "#test/helpers/fake-target";
import { eventsOf } from "#test/helpers/run-firmware";
import { ProblemList } from "../../base/errors";
import { parseElf } from "../../elf/elf-file";
import { SuspensionDecoder } from "../../futures/suspension";
import { loadProgram } from "../../symbols/program";
import { Trace } from "../../trace/trace";
import { TaskEvents } from "../task-events";
import type { FuturePoll } from "./future-polls";
import { HandWrittenObserver } from "./observer";
import type { PollSite } from "./sites";

const POLL = 0x1000_1000;
const RETURN = 0x1000_3000;
const STACK = 0x2000_8000;
const WAKE_CALL = 0x1000_1010;
const WAKE = 0x1000_4000;
/** Of the inlined poll. */
const ENTRY = 0x1000_5000;
const USE = 0x1000_5008;
const AGAIN = 0x1000_5010;
const OUT = 0x1000_5020;
const SYSTICK = 15;

/** A poll of a future that the debug info says nothing of but its name. */
function pollOf(name: string): FuturePoll {
  return {
    function: { name, declaration: undefined, result: undefined } as never,
    future: undefined,
  };
}

const inlined: PollSite = {
  kind: "inlined",
  poll: pollOf("inner"),
  activation: {
    entries: [ENTRY],
    exits: [
      { address: AGAIN, kind: "end", isRepeated: true },
      { address: OUT, kind: "end", isRepeated: false },
    ],
    resumptions: [],
    loopScope: 0,
  },
  evidence: { isRepeatedWhilePending: true, isLeftWhenReady: true },
  wakerUses: [USE],
};

/** An executor at work, told by the test step by step. */
class Scene {
  readonly target = new FakeTarget();
  readonly problems = new ProblemList();
  private readonly trace = new Trace();
  private readonly observer: HandWrittenObserver;

  constructor() {
    const program = loadProgram(parseElf(buildElf(), "nothing.elf"));
    Object.assign(this.trace.exceptions, { [SYSTICK]: "SysTick" });
    this.observer = new HandWrittenObserver(
      this.target,
      {
        polls: [{ kind: "function", poll: pollOf("outer"), address: POLL }, inlined],
        wakes: [{ kind: "call", address: WAKE_CALL, callee: WAKE, calleeRegister: 0 }],
        wakeFunctions: new Set([WAKE]),
      },
      {
        program,
        events: new TaskEvents(this.trace),
        decoder: new SuspensionDecoder(program),
        problems: this.problems,
      },
    );
  }

  at(address: number, depth = 0): this {
    this.target.pass(10).reach(address, { lr: RETURN | 1, sp: STACK - depth });
    return this;
  }

  dispose(): void {
    this.observer.dispose();
  }

  /** What the trace says, as `event task source or result`. */
  get events(): string[] {
    return eventsOf(this.trace).map(({ event, task, source, result }) =>
      [event, task, source, result].filter((word) => typeof word === "string").join(" "),
    );
  }
}

describe("HandWrittenObserver", () => {
  it("shows polls of a function, and the wake inside one as the task's own", () => {
    const scene = new Scene().at(POLL).at(WAKE_CALL, 8).at(RETURN);
    expect(scene.events).toEqual(["poll-begin outer", "wake outer self", "poll-end outer unknown"]);
  });

  it("takes the poll of a future inside another for part of the outer one", () => {
    const scene = new Scene().at(POLL).at(ENTRY, 16).at(OUT, 16).at(RETURN);
    expect(scene.events).toEqual(["poll-begin outer", "poll-end outer unknown"]);
  });

  it("tells by the loop and the waker what an inlined poll has returned", () => {
    const scene = new Scene().at(ENTRY).at(USE).at(AGAIN).at(ENTRY).at(OUT);
    expect(scene.events).toEqual([
      "poll-begin inner",
      "poll-end inner pending",
      "poll-begin inner",
      "task-end inner",
      "poll-end inner ready",
    ]);
  });

  it("does not say that a poll was ready which is left after it has used the waker", () => {
    const scene = new Scene().at(ENTRY).at(USE).at(OUT);
    expect(scene.events).toEqual(["poll-begin inner", "poll-end inner unknown"]);
  });

  it("counts a wake once, at the call or else in the function that is called", () => {
    const scene = new Scene().at(POLL).at(RETURN);
    scene.at(WAKE_CALL);
    scene.target.reach(WAKE, { lr: (WAKE_CALL + 4) | 1, sp: STACK });
    expect(scene.events.slice(2)).toEqual(["wake outer main"]);
    // From code in which no call was found, and by an interrupt.
    scene.target.enterException(SYSTICK);
    scene.target.reach(WAKE, { lr: 0x1000_9001, sp: STACK - 64, xpsr: SYSTICK });
    scene.target.returnFromException();
    expect(scene.events.slice(3)).toEqual(["wake outer irq SysTick"]);
  });

  it("says so where a waker is used that no poll was given", () => {
    const scene = new Scene().at(WAKE_CALL);
    expect(scene.events).toEqual([]);
    expect(scene.problems.list()).toMatchObject([
      { where: "wake at 0x10001010", what: "no poll was given this waker, so it is not shown" },
    ]);
  });

  it("leaves no tracepoint behind", () => {
    const scene = new Scene().at(POLL).at(RETURN);
    scene.dispose();
    expect(scene.target.tracepointCount).toBe(0);
  });
});
