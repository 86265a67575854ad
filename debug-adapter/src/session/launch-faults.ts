import { UserError } from "../base/errors";

/** An object that somebody has written by hand. */
export type Members = Readonly<Record<string, unknown>>;

export function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is wrong with a launch configuration: a clause that follows its name. */
export function wrong(what: string, remedy: string): UserError {
  return new UserError(`The launch configuration ${what}`, remedy);
}
