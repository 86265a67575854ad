import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Movement } from "../../debuggee/run-control/movement";
import type { Granularity } from "../../debuggee/stepping/stepping";
import type { TaskStepArguments } from "../../protocol/custom-requests";
import type { Launched } from "../launched";

type StepArguments = Pick<DebugProtocol.NextArguments, "threadId" | "granularity">;

/** A way to go on that a request asks for. */
export type MovementRequest = (launched: Launched, args: StepArguments & TaskStepArguments) => Movement;

export const next: MovementRequest = (launched, { threadId, granularity }) =>
  launched.stepping.over(launched.subjectOf(threadId), granularityOf(granularity));

export const stepIn: MovementRequest = (launched, { threadId, granularity }) =>
  launched.stepping.in(launched.subjectOf(threadId), granularityOf(granularity));

export const stepOut: MovementRequest = (launched, { threadId }) =>
  launched.stepping.out(launched.subjectOf(threadId));

export const nextPoll: MovementRequest = ({ stepping }) => stepping.toNextPoll();

export const nextWake: MovementRequest = ({ stepping }) => stepping.toNextWake();

export const endOfPoll: MovementRequest = ({ stepping }) => stepping.toPollEnd();

export const nextTaskEvent: MovementRequest = (launched, { threadId }) => {
  const subject = launched.subjectOf(threadId);
  return launched.stepping.toNextEventOf(subject.kind === "task" ? subject.task : undefined);
};

/** A statement of Rust is a line to the debug info. */
function granularityOf(granularity: DebugProtocol.SteppingGranularity | undefined): Granularity {
  return granularity === "instruction" ? "instruction" : "line";
}
