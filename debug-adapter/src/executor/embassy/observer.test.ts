import { describe, expect, it } from "vitest";
import { buildElf } from "#test/helpers/elf-builder";
import { FakeTarget } from "#test/helpers/fake-target";
import { eventsOf } from "#test/helpers/run-firmware";
import { address } from "../../base/brand";
import { parseElf } from "../../elf/elf-file";
import { SuspensionDecoder } from "../../futures/suspension";
import { loadProgram } from "../../symbols/program";
import { Trace } from "../../trace/trace";
import { TaskEvents } from "../task-events";
import type { EmbassyLayout, HeaderFlag, TaskPool } from "./layout";
import { EmbassyObserver } from "./observer";

const POLL = 0x1000_1000;
const OTHER_POLL = 0x1000_2000;
const RETURN = 0x1000_3000;
const EXECUTOR = 0x2000_0100;
const STACK = 0x2000_8000;
const TIMER_IRQ_0 = 16;
const SWI_IRQ_1 = 43;

const SPAWNED = 1;
const QUEUED = 2;

const A = 0x2000_1000;
const B = 0x2000_2000;
const SLOT = 48;

function pool(name: string, at: number, slots = 1): TaskPool {
  return { name, address: address(at), slotBytes: SLOT, slots, body: undefined, futureOffset: 40 };
}

/** Both flags in the first byte, as on the RP2040. */
const IN_ONE_WORD = { spawned: { offset: 0, mask: 1 }, runQueued: { offset: 0, mask: 2 } };
/** A byte each, as where the chip can write bytes atomically. */
const IN_TWO_BYTES = { spawned: { offset: 0, mask: 1 }, runQueued: { offset: 1, mask: 1 } };

interface SceneOptions {
  readonly pools?: readonly TaskPool[];
  readonly flags?: { readonly spawned: HeaderFlag; readonly runQueued: HeaderFlag };
  readonly executorOffset?: number | undefined;
}

/** An executor at work, told by the test step by step. */
class Scene {
  readonly target = new FakeTarget();
  readonly trace = new Trace();
  readonly observer: EmbassyObserver;

  constructor(options: SceneOptions = {}) {
    const { pools = [pool("a", A), pool("b", B)], flags = IN_ONE_WORD } = options;
    const executorOffset = "executorOffset" in options ? options.executorOffset : 8;
    const layout: EmbassyLayout = {
      header: { bytes: 40, alignment: 8, ...flags, executorOffset },
      pools,
      pollFunctions: [address(POLL), address(OTHER_POLL)],
    };
    const nothing = loadProgram(parseElf(buildElf(), "nothing.elf"));
    this.observer = new EmbassyObserver(
      this.target,
      layout,
      new TaskEvents(this.trace),
      new SuspensionDecoder(nothing),
    );
    Object.assign(this.trace.exceptions, { [TIMER_IRQ_0]: "TIMER_IRQ_0", [SWI_IRQ_1]: "SWI_IRQ_1" });
  }

  setState(task: number, flags: number): this {
    this.target.pass(10).store(task, 4, flags);
    return this;
  }

  spawn(task: number): this {
    this.setState(task, SPAWNED | QUEUED);
    this.target.store(task + 8, 4, EXECUTOR);
    return this;
  }

  wake(task: number): this {
    return this.setState(task, this.target.memory.readUint(task, 4)! | QUEUED);
  }

  end(task: number): this {
    return this.setState(task, this.target.memory.readUint(task, 4)! & ~SPAWNED);
  }

  begin(task: number, { depth = 0, entry = POLL } = {}): this {
    this.setState(task, this.target.memory.readUint(task, 4)! & ~QUEUED);
    this.target.pass(10).reach(entry, { r0: task, lr: RETURN | 1, sp: STACK - depth * 0x100 });
    return this;
  }

  return(depth = 0): this {
    this.target.pass(10).reach(RETURN, { sp: STACK - depth * 0x100 });
    return this;
  }

  enter(exception: number): this {
    this.target.pass(10).enterException(exception);
    return this;
  }

  leave(): this {
    this.target.pass(10).returnFromException();
    return this;
  }

  /** What the trace says, as `event task detail`. */
  get events(): string[] {
    return eventsOf(this.trace).map(({ event, task, source, result }) =>
      [event, task, source ?? result].filter(Boolean).join(" "),
    );
  }
}

describe("EmbassyObserver", () => {
  it("sees a task's life: spawn, poll, wake by an interrupt, poll, end", () => {
    const scene = new Scene().spawn(A).begin(A).return();
    scene.enter(TIMER_IRQ_0).wake(A).leave().begin(A).end(A).return();
    expect(scene.events).toEqual([
      "spawn a main",
      "poll-begin a",
      "poll-end a pending",
      "wake a irq TIMER_IRQ_0",
      "poll-begin a",
      "task-end a",
      "poll-end a ready",
    ]);
    expect(eventsOf(scene.trace)[0]!.time).toBe(10);
  });

  it("tells who wakes: the task itself, another task, an interrupt inside a poll", () => {
    const scene = new Scene().spawn(A).spawn(B).begin(A).wake(A).return();
    scene.begin(B).return().begin(A).wake(B).return();
    scene.begin(B).enter(TIMER_IRQ_0).wake(A).leave().return();
    expect(scene.events.filter((line) => line.startsWith("wake"))).toEqual([
      "wake a self",
      "wake b task a",
      "wake a irq TIMER_IRQ_0",
    ]);
  });

  it("takes no claim of a slot for a wake, and no second wake of a task that is ready", () => {
    const scene = new Scene().setState(A, SPAWNED | QUEUED);
    expect(scene.events).toEqual([]);
    scene.wake(A);
    expect(scene.events).toEqual([]);
  });

  it("takes a store that leaves the flags as they are for nothing", () => {
    const scene = new Scene().spawn(A).begin(A).setState(A, SPAWNED).return();
    expect(scene.events).toEqual(["spawn a main", "poll-begin a", "poll-end a pending"]);
  });

  it("sees a spawn by another task", () => {
    const scene = new Scene().spawn(A).begin(A).spawn(B).return();
    expect(scene.events).toContain("spawn b task a");
  });

  it("counts a claim as the spawn where the executor pointer is not known", () => {
    const scene = new Scene({ executorOffset: undefined }).setState(A, SPAWNED | QUEUED);
    expect(scene.events).toEqual(["spawn a main"]);
  });

  it("keeps apart the tasks of one executor inside the poll of another", () => {
    const scene = new Scene().spawn(A).spawn(B).begin(A);
    scene.enter(SWI_IRQ_1).begin(B, { depth: 1 }).wake(A).return(1).leave().return();
    expect(scene.events.slice(2)).toEqual([
      "poll-begin a",
      "poll-begin b",
      "wake a task b",
      "poll-end b pending",
      "poll-end a pending",
    ]);
  });

  it("blames the interrupt, not the task, inside an executor that runs in an interrupt", () => {
    const scene = new Scene().spawn(A).spawn(B);
    scene.enter(SWI_IRQ_1).begin(B).wake(A).enter(TIMER_IRQ_0).wake(B).leave().return().leave();
    expect(scene.events.filter((line) => line.startsWith("wake"))).toEqual(["wake b irq TIMER_IRQ_0"]);
  });

  it("tells tasks apart by their headers where the linker has merged their poll functions", () => {
    const scene = new Scene({ pools: [pool("a", A), pool("worker", B, 2)] });
    scene
      .spawn(A)
      .spawn(B + SLOT)
      .begin(B + SLOT, { entry: OTHER_POLL })
      .return()
      .begin(A, { entry: OTHER_POLL });
    expect(scene.events.filter((line) => line.startsWith("poll-begin"))).toEqual([
      "poll-begin worker[1]",
      "poll-begin a",
    ]);
  });

  it("gives a slot that is used again a new spawn, and an ended task a wake that changes nothing", () => {
    const scene = new Scene()
      .spawn(A)
      .begin(A)
      .end(A)
      .return()
      .wake(A)
      .setState(A, 0)
      .spawn(A)
      .begin(A)
      .return();
    expect(scene.events.slice(4)).toEqual([
      "wake a main",
      "spawn a main",
      "poll-begin a",
      "poll-end a pending",
    ]);
  });

  it("has a poll that ended its task end ready, although the slot was claimed again before it returned", () => {
    const scene = new Scene().spawn(A).begin(A).end(A).enter(SWI_IRQ_1).spawn(A).leave().return();
    expect(scene.events.at(-1)).toBe("poll-end a ready");
  });

  it("adds a task that is in no pool it knows", () => {
    const scene = new Scene();
    scene.target.put(0x2000_5000, 4, SPAWNED);
    scene.begin(0x2000_5000).return().wake(0x2000_5000);
    expect(scene.events).toEqual([
      "poll-begin task at 0x20005000",
      "poll-end task at 0x20005000 pending",
      "wake task at 0x20005000 main",
    ]);
  });

  it("does not take the head of the executor's loop for the end of a poll", () => {
    const scene = new Scene().spawn(A).begin(A).return().return().return(1);
    expect(scene.events.filter((line) => line.startsWith("poll-end")).length).toBe(1);
  });

  it("forgets what was under way when the chip is reset", () => {
    const scene = new Scene().spawn(A).enter(TIMER_IRQ_0).begin(A);
    scene.target.reset();
    scene.return();
    expect(scene.events).toEqual(["spawn a main", "poll-begin a"]);
  });

  it("reads flags that are bytes of their own, as on the RP2350", () => {
    const scene = new Scene({ flags: IN_TWO_BYTES });
    const { target } = scene;
    // Claimed with one store of both, then dequeued and woken byte by byte.
    target.store(A, 2, 0x0101);
    target.store(A + 8, 4, EXECUTOR);
    target.store(A + 1, 1, 0);
    target.store(A + 1, 1, 1);
    target.store(A, 1, 0);
    expect(scene.events).toEqual(["spawn a main", "wake a main", "task-end a"]);
  });

  it("takes all its tracepoints away", () => {
    const scene = new Scene().spawn(A).begin(A);
    scene.observer.dispose();
    expect(scene.target.tracepointCount).toBe(0);
    scene.return().wake(A);
    expect(scene.events).toEqual(["spawn a main", "poll-begin a"]);
  });
});
