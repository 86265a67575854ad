import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Movement } from "../../debuggee/run-control/movement";
import type { StepSubject } from "../../debuggee/stepping/step-origin";
import type { Launched } from "../launched";

type StepArguments = DebugProtocol.NextArguments & { readonly threadId: number };

/** A way to go on that a request asks for. */
export type MovementRequest = (launched: Launched, args: StepArguments) => Movement;

export const next: MovementRequest = (launched, { threadId, granularity }) =>
  granularity === "instruction" ? byInstruction : launched.stepping.over(subjectOf(launched, threadId));

export const stepIn: MovementRequest = (launched, { threadId, granularity }) =>
  granularity === "instruction" ? byInstruction : launched.stepping.over(subjectOf(launched, threadId));

export const stepOut: MovementRequest = (launched, { threadId }) =>
  launched.stepping.out(subjectOf(launched, threadId));

const byInstruction: Movement = async (runner) => {
  const end = await runner.stepInstruction();
  return end.kind === "stopped" ? end.cause : { kind: "step" };
};

/** What a thread stands for, as steps name it. */
function subjectOf(launched: Launched, threadId: number): StepSubject {
  return launched.subjectOf(threadId);
}
