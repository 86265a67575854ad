import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { boardTasks } from "#adapter/debuggee/board-states";
import type { Debuggee } from "#adapter/debuggee/debuggee";
import { DebuggeeKnowledge, Inspection } from "#adapter/debuggee/inspection";
import type { TaskState } from "#adapter/trace/task-state";
import { firmwareFiles } from "#test/helpers/firmware";
import { Random } from "#test/helpers/random";
import { poweredOn } from "#test/helpers/stepping";

/** How many instants of a run are looked at, and how far it goes. */
const INSTANTS = 40;
const LENGTH = 1.5e9;
const SOON = 20_000;

/** What is told of each task, of two accounts of the same instant. */
interface Told {
  readonly name: string;
  readonly kind: string;
  readonly place: string;
}

/** What the observer has seen, in words that memory has for it: a task that has ended has left its slot. */
function seen({ debuggee, states }: Inspection): Told[] {
  return states.map((state, row) =>
    told(debuggee, state.kind === "ended" ? { ...state, kind: "unspawned" } : state, row),
  );
}

function read({ debuggee, backtrace, still }: Inspection): Told[] {
  return boardTasks(debuggee, backtrace, still.memory).states.map((state, row) => told(debuggee, state, row));
}

function told(debuggee: Debuggee, { kind, suspension }: TaskState, row: number): Told {
  const isAtRest = kind === "suspended" || kind === "ready";
  return {
    name: debuggee.trace.tasks[row]!.name,
    kind,
    place: isAtRest ? placeWords(debuggee, suspension) : "",
  };
}

function placeWords({ trace }: Debuggee, suspension: Parameters<typeof trace.suspension>[0]): string {
  const found = trace.suspension(suspension);
  return JSON.stringify(found?.frames ?? null);
}

/** A state changes in a few instructions, of which the observer sees one and memory another. */
const MOST_INSTRUCTIONS = 100;

async function expectAgreement(debuggee: Debuggee, knowledge: DebuggeeKnowledge): Promise<void> {
  for (let i = 0; ; i++) {
    const inspection = await Inspection.of(knowledge);
    const [memory, observer] = [read(inspection), seen(inspection)];
    if (JSON.stringify(memory) === JSON.stringify(observer)) return;
    if (i === MOST_INSTRUCTIONS)
      expect({ at: debuggee.target.now, tasks: memory }).toEqual({
        at: debuggee.target.now,
        tasks: observer,
      });
    await debuggee.target.step();
  }
}

/** On a board the tasks of executors written by hand are not seen. */
const FIRMWARE = firmwareFiles().filter((path) => !/countdown|producer|block-on/.test(path));

describe("the states of tasks, read from memory and stack alone", () => {
  it.each(FIRMWARE)("%s: are what the observer has seen, at any instant", async (path) => {
    const before = await poweredOn(path);
    await before.run(nanoseconds(LENGTH));
    const debuggee = await poweredOn(path);
    const knowledge = new DebuggeeKnowledge(debuggee);
    const random = new Random(path.length);
    const { events } = before.trace;
    // Between events most cores sleep: what is of interest happens soon after one.
    const instants = Array.from(
      { length: INSTANTS },
      () => events.time(random.below(events.length)) + random.below(SOON),
    ).sort((a, b) => a - b);
    for (const instant of instants) {
      const { kind } = await debuggee.run(nanoseconds(instant));
      if (kind !== "time") break;
      await expectAgreement(debuggee, knowledge);
    }
  });
});
