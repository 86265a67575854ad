import type { DebugProtocol } from "@vscode/debugprotocol";
import { UserError } from "../../base/errors";
import type { FindingStops } from "../../debuggee/findings/findings-watch";
import { FINDING_KINDS, type FindingKind } from "../../protocol/findings";
import type { Launched } from "../launched";
import { findingDetails } from "./findings";

/** One exception that the client wants to stop at. */
interface WantedFilter {
  readonly filter: string;
  /** Names of tasks; empty for any. */
  readonly tasks: readonly string[];
}

/** Which exceptions and findings stop the firmware. */
export function setExceptionBreakpoints(
  launched: Launched,
  { filters, filterOptions = [] }: DebugProtocol.SetExceptionBreakpointsArguments,
): DebugProtocol.SetExceptionBreakpointsResponse["body"] {
  const wanted = [
    ...filters.map((filter): WantedFilter => ({ filter, tasks: [] })),
    ...filterOptions.map(({ filterId, condition = "" }) => ({ filter: filterId, tasks: namesIn(condition) })),
  ];
  const isWanted = (filter: string) => wanted.some((each) => each.filter === filter);
  const { breakpoints } = launched.debuggee;
  const refusals = breakpoints.setExceptions({ panic: isWanted("panic"), hardFault: isWanted("hardFault") });
  const statuses = wanted.map((each) => ({ each, message: refusalOf(each, refusals, launched) }));
  const accepted = statuses.flatMap(({ each, message }) => (message === undefined ? [each] : []));
  launched.findings.stops = stopsAt(accepted);
  return {
    breakpoints: statuses.map(({ message }) =>
      message === undefined ? { verified: true } : { verified: false, message },
    ),
  };
}

function stopsAt(wanted: readonly WantedFilter[]): FindingStops {
  return new Map(
    wanted.flatMap(({ filter, tasks }) => {
      const isMeant = (names: readonly string[]) =>
        tasks.length === 0 || names.some((name) => tasks.some((each) => isNamed(name, each)));
      return isFindingKind(filter) ? [[filter, isMeant] as const] : [];
    }),
  );
}

function refusalOf(
  { filter, tasks }: WantedFilter,
  refusals: Readonly<Record<string, string | undefined>>,
  { debuggee }: Launched,
): string | undefined {
  if (filter === "panic" || filter === "hardFault") return refusals[filter];
  if (!isFindingKind(filter)) return `there is no exception filter ${filter}`;
  if (!debuggee.isObserved)
    return "on a board findings are not seen; debug in the emulated Pico, where every poll and wake is";
  // Of executors written by hand tasks become known only as they are polled.
  if (debuggee.handWritten !== undefined) return undefined;
  const unknown = tasks.find((each) => !debuggee.trace.tasks.some(({ name }) => isNamed(name, each)));
  return unknown === undefined ? undefined : `there is no task ${unknown}`;
}

/** All instances of a pool go by the pool's name. */
function isNamed(task: string, wanted: string): boolean {
  return task === wanted || (task.startsWith(`${wanted}[`) && task.endsWith("]"));
}

function namesIn(condition: string): readonly string[] {
  return condition
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function isFindingKind(filter: string): filter is FindingKind {
  return FINDING_KINDS.some((kind) => kind === filter);
}

/** What has stopped the firmware, where it has stopped itself or something was found. */
export function exceptionInfo(launched: Launched): DebugProtocol.ExceptionInfoResponse["body"] {
  const { state } = launched.debuggee.runControl;
  if (state.kind === "running") launched.requireStopped();
  const cause = state.kind === "running" ? undefined : state.stop.cause;
  if (cause?.kind === "finding") return findingDetails(launched, cause.finding);
  if (cause?.kind !== "exception") {
    throw new UserError("No exception has stopped the firmware", "see the reason of the stop");
  }
  const { what, place } = cause;
  const where = place === null ? "" : `\nat ${place.file}:${place.line}`;
  return { exceptionId: what, description: what + where, breakMode: "always" };
}
