import { formatDuration } from "../../base/duration";
import type { FutureNode } from "../../futures/await-tree";
import type { TaskIndex } from "../../trace/event";
import type { Inspection } from "../inspection";
import { type AwaitStackFrame, type StackFrame, stackLabel } from "./stack-frame";

/**
 * The await tree of a task as a stack, the leaf first. Where a future awaits several, each branch is there, under a
 * label of its own, before the future that they belong to:
 *
 *     -- branch 1 of 2 --
 *     Input::wait_for_low
 *     -- branch 2 of 2 --
 *     Timer (expires in 312.0 ms)
 *     -- both for --
 *     Select<Input::wait_for_low, Timer>
 *     button_task
 */
export function awaitStack(inspection: Inspection, root: FutureNode, task: TaskIndex): StackFrame[] {
  const frameOf = (node: FutureNode): AwaitStackFrame => ({
    kind: "await",
    name: nameOf(node),
    place: inspection.placeOf(node.place),
    node,
    task,
    isTaskBody: node === root,
  });
  const stackOf = (node: FutureNode): StackFrame[] => {
    const { children } = node;
    const [only, second] = children;
    if (only === undefined) return [frameOf(node)];
    if (second === undefined) return [...stackOf(only), frameOf(node)];
    const branches = children.flatMap((child, i) => [
      stackLabel(`${branchWords(child, i)} of ${children.length}`),
      ...stackOf(child),
    ]);
    return [...branches, stackLabel(children.length === 2 ? "both for" : "all for"), frameOf(node)];
  };
  return stackOf(root);
}

function branchWords({ label }: FutureNode, position: number): string {
  return label === null || /^\[?\d+\]?$/.test(label)
    ? `branch ${position + 1}`
    : `branch ${label} (${position + 1})`;
}

/** `Timer (expires in 312.0 ms)`, `Mutex::lock (mutex LOG held by upload_task)`, `blink::nap`. */
function nameOf(node: FutureNode): string {
  const remark = remarkOf(node);
  return remark === undefined ? node.name : `${node.name} (${remark})`;
}

function remarkOf({ state, wait, children, note }: FutureNode): string | undefined {
  switch (state) {
    case "unresumed":
      return "not polled yet";
    case "returned":
      return "has returned";
    case "panicked":
      return "has panicked";
    case "done":
      return "has returned, its result is kept";
    case "gone":
      return "has returned, its result is taken";
    case "unknown":
      return note ?? "its state is not known";
    case "suspended":
      return children.length === 0 ? (note ?? undefined) : undefined;
    case "pending":
      if (wait === null) return note ?? undefined;
      return wait.dueIn !== null && wait.dueIn > 0 ? `expires in ${formatDuration(wait.dueIn)}` : wait.text;
  }
}
