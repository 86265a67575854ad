import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { boardTasks } from "#adapter/debuggee/board-states";
import type { Debuggee } from "#adapter/debuggee/debuggee";
import { DebuggeeKnowledge, Inspection } from "#adapter/debuggee/inspection";
import { NO_TASK } from "#adapter/trace/event";
import { Random } from "#test/helpers/random";
import { ALL_ELFS } from "#test/helpers/run-firmware";
import { poweredOn } from "#test/helpers/stepping";

/** How many instants of a run are looked at, and how far it goes. */
const INSTANTS = 40;
const LENGTH = 1.5e9;

/** What is told of each task, of two accounts of the same instant. */
interface Told {
  readonly name: string;
  readonly kind: string;
  readonly place: string;
}

/** What the observer has seen, in words that memory has for it: a task that has ended has left its slot. */
function seen({ debuggee, states }: Inspection): Told[] {
  return states.map(({ kind, suspension }, row) => ({
    name: debuggee.trace.tasks[row]!.name,
    kind: kind === "ended" ? "unspawned" : kind,
    place: kind === "suspended" || kind === "ready" ? placeWords(debuggee, suspension) : "",
  }));
}

function read({ debuggee, backtrace, still }: Inspection): Told[] {
  return boardTasks(debuggee, backtrace, still.memory).states.map(({ kind, suspension }, row) => ({
    name: debuggee.trace.tasks[row]!.name,
    kind,
    place: placeWords(debuggee, suspension),
  }));
}

function placeWords({ trace }: Debuggee, suspension: Parameters<typeof trace.suspension>[0]): string {
  const found = trace.suspension(suspension);
  return JSON.stringify(found?.frames ?? null);
}
