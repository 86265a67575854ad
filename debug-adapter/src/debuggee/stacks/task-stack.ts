import type { TaskIndex } from "../../trace/event";
import type { Inspection } from "../inspection";
import { awaitStack } from "./await-stack";
import { pollStack } from "./machine-stack";
import { type StackFrame, stackLabel } from "./stack-frame";

/** The stack of a task: its machine frames while it is being polled, else what it awaits. */
export function taskStack(inspection: Inspection, task: TaskIndex): StackFrame[] {
  const inspected = inspection.tasks[task];
  const kind = inspected?.state.kind ?? "unspawned";
  switch (kind) {
    case "unspawned":
      return [stackLabel("not spawned yet")];
    case "ended":
      return [stackLabel("its future has returned")];
    case "running": {
      const section = inspection.pollSections.find((each) => each.task === task);
      if (section === undefined)
        return [stackLabel("being polled, but its frames cannot be found on the stack")];
      const future = inspection.isBeginning(section) ? inspected?.future : undefined;
      const resumed =
        future === undefined ? [] : [stackLabel("goes on at"), ...awaitStack(inspection, future, task)];
      return [...resumed, ...pollStack(inspection, section)];
    }
    case "ready":
    case "suspended":
      return inspected?.future === undefined
        ? [stackLabel("what it awaits is not known: the type of its future is not in the debug info")]
        : awaitStack(inspection, inspected.future, task);
  }
}
