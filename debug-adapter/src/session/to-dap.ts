import { hexAddress } from "../base/hex-address";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { formatDuration } from "../base/duration";
import { type Nanoseconds, nanoseconds } from "../base/brand";
import type { CoreFrame } from "../debuggee/core-frame";
import type { StopReason } from "../target/target";
import type { AwaitFrame, SourcePlace, Trace } from "../trace/trace";
import { taskStates } from "../trace/task-state";

/** Thread 1 is the core; the tasks come after it, in the order of the trace's table. */
export const CORE_THREAD = 1;
const FIRST_TASK_THREAD = 2;

/** The row of the task that a thread stands for, or undefined for the core. */
export function taskOfThread(threadId: number): number | undefined {
  return threadId >= FIRST_TASK_THREAD ? threadId - FIRST_TASK_THREAD : undefined;
}

/** The core and every task that has been spawned, each with its state. */
export function toThreads(trace: Trace, now: Nanoseconds): DebugProtocol.Thread[] {
  const tasks = taskStates(trace).flatMap(({ kind, since, suspension }, task) => {
    if (kind === "unspawned") return [];
    const place = kind === "suspended" ? trace.suspension(suspension)?.place : undefined;
    const where = place ? `, ${shortPlace(place)}` : "";
    const age = formatDuration(nanoseconds(now - since));
    return [
      { id: FIRST_TASK_THREAD + task, name: `${trace.tasks[task]!.name} · ${kind} for ${age}${where}` },
    ];
  });
  return [{ id: CORE_THREAD, name: "core 0" }, ...tasks];
}

/** A suspended task's await chain as frames, the innermost first. */
export function awaitFrames(frames: readonly AwaitFrame[]): DebugProtocol.StackFrame[] {
  return frames.toReversed().map(({ function: name, place }, i) => ({ id: i, name, ...toSource(place) }));
}

/** What the core executes, innermost first; the border of an exception is a label. */
export function coreFrames(frames: readonly CoreFrame[]): DebugProtocol.StackFrame[] {
  return frames.map(({ name, kind, place, address }, i) => ({
    id: i,
    name: kind === "guessed" ? `${name} (guessed)` : name,
    ...(kind === "exception" && { presentationHint: "label" as const }),
    instructionPointerReference: hexAddress(address),
    ...toSource(place),
  }));
}

/** A stop as VS Code shows it. */
export function toStopped(reason: StopReason): DebugProtocol.StoppedEvent["body"] {
  return { threadId: CORE_THREAD, allThreadsStopped: true, ...describeStop(reason) };
}

function describeStop(reason: StopReason): { reason: string; description?: string } {
  switch (reason.kind) {
    case "entry":
    case "pause":
    case "step":
    case "breakpoint":
      return { reason: reason.kind };
    case "time":
    case "tracepoint":
      return { reason: "pause" };
    case "breakpoint-instruction":
      return { reason: "exception", description: "The firmware stopped itself with a BKPT instruction" };
    case "lockup":
      return { reason: "exception", description: "Locked up: a fault inside the HardFault handler" };
    case "stuck":
      return { reason: "pause", description: "Asleep for good: no timer is set, and no input is to come" };
  }
}

function toSource(place: SourcePlace | null): Pick<DebugProtocol.StackFrame, "line" | "column" | "source"> {
  if (place === null) return { line: 0, column: 0 };
  return { line: place.line, column: 1, source: { name: fileName(place.file), path: place.file } };
}

function shortPlace({ file, line }: SourcePlace): string {
  return `${fileName(file)}:${line}`;
}

function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
