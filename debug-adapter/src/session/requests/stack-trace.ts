import type { DebugProtocol } from "@vscode/debugprotocol";
import type { StackFrame } from "../../debuggee/stacks/stack-frame";
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
  const inspection = await launched.inspection();
  return {
    stackFrames: page.map(({ frame, id }) => {
      const listed = isWithoutSource(frame, launched)
        ? launched.listingAt(frame.frame.machine.lookupPc, inspection)
        : undefined;
      return toStackFrame(frame, id, { sources: launched.sources, listed });
    }),
    totalFrames: stack.length,
  };
}

/** Whether the source of a function that is being executed is not on this machine. */
function isWithoutSource(
  frame: StackFrame,
  { sources }: Launched,
): frame is Extract<StackFrame, { kind: "machine" }> {
  return frame.kind === "machine" && (frame.place === undefined || !sources.isHere(frame.place.file.path));
}
