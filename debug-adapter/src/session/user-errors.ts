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
  return new UserError("No firmware is loaded", "send a launch request first");
}

export function launchedAlready(): UserError {
  return new UserError("This session has a firmware already", "restart it, or start another session");
}

/** A frame or variable of a stop that is over. */
export function goneHandle(what: string): UserError {
  return new UserError(`This ${what} is of an earlier stop`, "ask for it again");
}

export function noSuchThread(threadId: number): UserError {
  return new UserError(`There is no thread ${threadId}`, "ask for the threads again");
}

export function refused(command: string, reason: string): UserError {
  return new UserError(`Pollscope cannot do "${command}"`, reason);
}

/** A clause of the expression evaluator's, as one who asked in a sentence is told it. */
export function expressionError(message: string): UserError {
  return new UserError(message.slice(0, 1).toUpperCase() + message.slice(1), "change the expression");
}
