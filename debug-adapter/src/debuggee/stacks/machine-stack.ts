import type { Frame } from "../../unwind/backtrace";
import type { Inspection } from "../inspection";
import type { PollSection } from "./poll-sections";
import { type MachineStackFrame, type StackFrame, stackLabel } from "./stack-frame";

/** What stands between what a poll does and who polls. */
const POLLED = "polled by the executor";

/** Functions of `core` that only hand a poll on. */
const HANDS_ON = /^<?core::(?:future|task|pin|ops::function)::/;

/** Everything that the core is in the middle of, innermost first. */
export function coreStack(inspection: Inspection): StackFrame[] {
  const { frames, problem } = inspection.backtrace;
  const sections = inspection.pollSections;
  const stack = frames.flatMap((frame, i): StackFrame[] => {
    if (frame.kind === "exception") return [stackLabel(`interrupted by ${frame.name}`)];
    const section = sections.find(({ first, end }) => i >= first && i < end);
    const shown = machineFrame(inspection, frame, section && { section, position: i });
    return section?.executor === i ? [stackLabel(POLLED), shown] : [shown];
  });
  return problem === undefined
    ? stack
    : [...stack, stackLabel(`the stack cannot be followed further: ${problem.what}`)];
}

/** The frames of the poll of a task, and who polls it. */
export function pollStack(inspection: Inspection, section: PollSection): StackFrame[] {
  const { frames } = inspection.backtrace;
  const { first, executor, end, interruptedBy } = section;
  const shown = frames
    .slice(first, end)
    .map((frame, i) => machineFrame(inspection, frame, { section, position: first + i }));
  return [
    ...interruptedBy.map((name) => stackLabel(`interrupted by ${name}`)),
    ...shown.slice(0, executor - first),
    stackLabel(POLLED),
    ...shown.slice(executor - first),
  ];
}

/** Where a frame is in a poll. */
interface InPoll {
  readonly section: PollSection;
  readonly position: number;
}

function machineFrame(inspection: Inspection, frame: Frame, inPoll: InPoll | undefined): MachineStackFrame {
  const { names, debuggee } = inspection.knowledge;
  const { function: identity } = frame;
  const isExecutors = inPoll !== undefined && inPoll.position >= inPoll.section.executor;
  const hasEmbassy = debuggee.embassy !== undefined;
  const isTaskBody = hasEmbassy
    ? !isExecutors && identity !== undefined && inspection.knowledge.isTaskBody(identity)
    : inPoll !== undefined && inPoll.position === inPoll.section.entry;
  const path = identity?.path ?? frame.name;
  const name = identity === undefined ? frame.name : names.of(identity);
  return {
    kind: "machine",
    name: frame.kind === "guessed" ? `${name} (guessed)` : name,
    place: frame.place,
    frame,
    // An executor that the user has written is what the user wants to see.
    isPlumbing: (isExecutors && hasEmbassy) || HANDS_ON.test(path),
    task: isExecutors ? undefined : inPoll?.section.task,
    isTaskBody,
  };
}
