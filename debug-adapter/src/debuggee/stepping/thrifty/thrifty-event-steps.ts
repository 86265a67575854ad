import { type Address, address } from "../../../base/brand";
import { UserError } from "../../../base/errors";
import { Register } from "../../../target/architecture";
import type { TracepointHit } from "../../../target/target";
import type { Movement, RunPlace } from "../../run-control/movement";
import { isAtLevel } from "../hit-frame";
import type { ProgramCode } from "../program-code";
import { stepped } from "../run-to-goals";
import { stepInstruction } from "../step-instruction";
import type { StepSource } from "../step-origin";
import { type Standing, standingOf } from "./standing";
import { pollEndOf, pollFrameOf } from "./poll-frames";
import { tasksInMemory } from "./tasks-in-memory";
import { MOST_PLACES } from "./walk";

/**
 * To the beginning of the next poll, of whichever task.
 * @throws UserError if there are too many places at which polls begin
 */
export function thriftyToNextPoll(source: StepSource, code: ProgramCode): Movement {
  const sites = pollSites(source, code);
  return async (runner) => {
    let header = 0;
    const accept = (hit: TracepointHit) => {
      header = hit.register(Register.r0);
      return source.trace.tasks.some((task) => task.address === header);
    };
    const places = sites.map(({ address }): RunPlace => ({ address, accept }));
    for (;;) {
      const end = await runner.runTo(places);
      if (end.kind === "stopped") return end.cause;
      const cause = sites[0]?.isCall === true ? await stepInstruction(runner) : stepped(undefined);
      if (cause.kind !== "step") return cause;
      const pc = address((await runner.target.readRegisters())[Register.pc]!);
      // Of a task that has ended something else is called, which does nothing.
      if (source.embassy?.pollFunctions.includes(pc) === true) {
        return stepped(`a poll of ${nameOf(header, source)} begins`);
      }
    }
  };
}

/**
 * To the end of the poll that is under way; if there is none, of the next.
 * @throws UserError if there are too many places at which polls begin
 */
export function thriftyToPollEnd(source: StepSource, code: ProgramCode): Movement {
  const toNextPoll = thriftyToNextPoll(source, code);
  return async (runner) => {
    const standing = () => standingOf(runner.target, source.firmware, code);
    let here = await standing();
    if (!isInPoll(here, source)) {
      const cause = await toNextPoll(runner);
      if (cause.kind !== "step") return cause;
      here = await standing();
    }
    const end = source.embassy && pollEndOf(here, source.embassy);
    if (end === undefined) {
      throw new UserError(
        "Where this poll returns to cannot be told from the stack",
        "set a breakpoint behind it",
      );
    }
    const { polledTask } = await tasksInMemory(source);
    const name = polledTask === undefined ? "the task" : source.trace.tasks[polledTask]!.name;
    const run = await runner.runTo([{ address: end.pc, accept: isAtLevel(end) }]);
    return run.kind === "stopped" ? run.cause : stepped(`the poll of ${name} ends`);
  };
}

/** Why steps to wakes, and to all events of a task, are not to be had. */
export function noWakeSteps(): UserError {
  const what =
    "A wake is a store to the task, and this probe cannot watch stores without halting the Pico at each";
  return new UserError(
    what,
    "set a breakpoint in the interrupt that wakes it, or debug in the emulated Pico",
  );
}

interface PollSite {
  readonly address: Address;
  /** Whether it is the executor's call of the function that polls, which has the task in r0 already. */
  readonly isCall: boolean;
}

/** Where polls begin: the functions that poll, or, if they are too many, the executor's calls of them by a pointer. */
function pollSites(source: StepSource, code: ProgramCode): PollSite[] {
  const functions = source.embassy?.pollFunctions ?? [];
  if (functions.length > 0 && functions.length <= MOST_PLACES) {
    return functions.map((address) => ({ address, isCall: false }));
  }
  const calls = functions.length === 0 ? [] : executorCalls(source, code);
  if (calls.length > 0 && calls.length <= MOST_PLACES)
    return calls.map((address) => ({ address, isCall: true }));
  const what =
    functions.length === 0
      ? "Where this executor polls is not known"
      : `Polls begin at ${functions.length} places, and a board has breakpoints for ${MOST_PLACES}`;
  throw new UserError(what, "set a breakpoint in the task");
}

/** The closure that `SyncExecutor::poll` calls for each task of its run queue. */
const POLL_CLOSURE = /^embassy_executor::raw::(?:.*::)?poll::\{closure#\d+\}$/;

/** Calls by pointers in what the executor does for each task of its run queue. */
function executorCalls({ firmware: { program } }: StepSource, { rows, flows }: ProgramCode): Address[] {
  const found: Address[] = [];
  const owners = new Set(program.functions.all);
  for (const owner of owners) {
    for (const row of rows.of(owner)) {
      if (!POLL_CLOSURE.test(row.scope.function.path)) continue;
      for (let at: number = row.address; at < row.end;) {
        const step = flows.stepAt(at, owner);
        if (step?.call === "indirect") found.push(address(at));
        at += (flows.instructionAt(at) ?? 0) >>> 11 >= 0b11101 ? 4 : 2;
      }
    }
  }
  return found;
}

function isInPoll(here: Standing, { embassy }: StepSource): boolean {
  return embassy !== undefined && pollFrameOf(here, embassy) !== undefined;
}

function nameOf(header: number, { trace }: StepSource): string {
  return trace.tasks.find((task) => task.address === header)?.name ?? "a task";
}
