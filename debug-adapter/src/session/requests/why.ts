import { whyNotRunning } from "../../debuggee/why-not-running/why-not-running";
import type { WhyArguments, WhyBody } from "../../protocol/custom-requests";
import type { TaskIndex } from "../../trace/event";
import type { Launched } from "../launched";

/** Why a task is not running; of the core, which is never waiting for anybody, that it is not. */
export async function why(launched: Launched, { threadId }: WhyArguments): Promise<WhyBody> {
  const subject = launched.subjectOf(threadId);
  launched.requireStopped();
  if (subject.kind === "core")
    return { kind: "none", verdict: "the core is no task: ask for one of the tasks", steps: [] };
  return toWhy(launched, await whyNotRunning(launched.debuggee, subject.task));
}

/** As a client is told it. */
export function toWhy(
  { debuggee, threads }: Launched,
  { verdict, steps }: Awaited<ReturnType<typeof whyNotRunning>>,
): WhyBody {
  const threadOf = (name: string | undefined): number | null => {
    const row = debuggee.trace.tasks.findIndex((each) => each.name === name);
    return row < 0 ? null : threads.of(row as TaskIndex, debuggee.trace);
  };
  return {
    kind: verdict.kind,
    verdict: verdict.text,
    steps: steps.map(({ text, place, depth, task }) => ({
      text,
      depth,
      place: place === null ? null : { path: place.file, line: place.line },
      threadId: threadOf(task),
    })),
  };
}
