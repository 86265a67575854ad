import type { DebugProtocol } from "@vscode/debugprotocol";
import { UserError } from "../../base/errors";
import type { Launched } from "../launched";

/** Which exceptions stop the firmware. */
export function setExceptionBreakpoints(
  { debuggee }: Launched,
  { filters }: DebugProtocol.SetExceptionBreakpointsArguments,
): DebugProtocol.SetExceptionBreakpointsResponse["body"] {
  const refusals: Readonly<Record<string, string | undefined>> = debuggee.breakpoints.setExceptions({
    panic: filters.includes("panic"),
    hardFault: filters.includes("hardFault"),
  });
  return {
    breakpoints: filters.map((filter) => {
      const message = KNOWN.has(filter) ? refusals[filter] : `there is no exception filter ${filter}`;
      return message === undefined ? { verified: true } : { verified: false, message };
    }),
  };
}

const KNOWN: ReadonlySet<string> = new Set(["panic", "hardFault"]);

/** What has stopped the firmware, where it has stopped itself. */
export function exceptionInfo(launched: Launched): DebugProtocol.ExceptionInfoResponse["body"] {
  const { state } = launched.debuggee.runControl;
  if (state.kind === "running") launched.requireStopped();
  if (state.kind === "running" || state.stop.cause.kind !== "exception") {
    throw new UserError("No exception has stopped the firmware", "see the reason of the stop");
  }
  const { what, place } = state.stop.cause;
  const where = place === null ? "" : `\nat ${place.file}:${place.line}`;
  return { exceptionId: what, description: what + where, breakMode: "always" };
}
