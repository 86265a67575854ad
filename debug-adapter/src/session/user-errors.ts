import { UserError } from "../base/errors";

/** The message that DAP clients know: they ask again at the next stop. */
export const NOT_STOPPED = "notStopped";

/** What is asked for can only be told of what stands still. */
export class NotStoppedError extends UserError {
  constructor() {
    super("The firmware is running", "pause it first");
  }
}

export function notLaunched(): UserError {
  return new UserError("No firmware is loaded", "send a launch or attach request first");
}

export function launchedAlready(): UserError {
  return new UserError("This session has a firmware already", "restart it, or start another session");
}

/** What was being launched when the session ended has been let go again. */
export function sessionOver(): UserError {
  return new UserError("The session has ended", "start debugging again");
}

/** What only those know who watch a run all the time. */
export function notWatched(): UserError {
  return new UserError(
    "On a board nobody sees what happens while it runs",
    "debug in the emulated Pico, where every poll and wake is seen",
  );
}

/** A frame or variable of a stop that is over: a client that has not noticed yet asks again by itself. */
export class GoneHandleError extends UserError {
  constructor(what: string) {
    super(`This ${what} is of an earlier stop`, "ask for it again");
  }
}

export function goneHandle(what: string): GoneHandleError {
  return new GoneHandleError(what);
}

/** A number that never stood for anything. */
export function noSuchHandle(what: string, reference: number): UserError {
  return new UserError(`There is no ${what} ${reference}`, "use a number that Pollscope has given");
}

export function noSuchThread(threadId: number): UserError {
  return new UserError(`There is no thread ${threadId}`, "ask for the threads again");
}

export function refused(command: string, reason: string): UserError {
  return new UserError(`Pollscope cannot do "${command}"`, reason);
}

/** What is wrong with an expression is shown where it stands, and says it all. */
export class ExpressionFault extends Error {
  constructor(clause: string) {
    super(clause.slice(0, 1).toUpperCase() + clause.slice(1));
  }
}
