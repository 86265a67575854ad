import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Launched } from "../launched";
import { toStackFrame } from "../to-dap";

/** The frames of a thread, all or a page of them. */
export async function stackTrace(
  launched: Launched,
  { threadId, startFrame, levels }: DebugProtocol.StackTraceArguments,
): Promise<DebugProtocol.StackTraceResponse["body"]> {
  const stack = await launched.stackOf(threadId);
  const first = Math.max(0, startFrame ?? 0);
  const end = levels === undefined || levels === 0 ? stack.length : first + Math.max(0, levels);
  const page = stack.slice(first, end);
  return {
    stackFrames: page.map(({ frame, id }) => toStackFrame(frame, id, launched.sources)),
    totalFrames: stack.length,
  };
}
