import type { FutureNode } from "../../futures/await-tree";
import { guardType, mayContainGuard, mayContainListed } from "../../futures/guards";
import type { Type } from "../../symbols/types/type";
import type { SuspensionIndex, TaskIndex } from "../../trace/event";

/** What guards a task can keep at one of its awaits; `unknown` before memory was looked at there. */
type KeptThere = "unknown" | "blocking" | "waitable" | "none";

/**
 * Which awaits of tasks are worth a look for guards: where a blocking guard can lie, at the end of each poll; where only
 * guards of locks can that tasks may wait for, once somebody has waited; where none can, never.
 */
export class GuardLooks {
  private readonly tasks: (Map<SuspensionIndex, KeptThere> | undefined)[] = [];

  constructor(private readonly guardTypes: readonly string[]) {}

  at(task: TaskIndex, suspension: SuspensionIndex): KeptThere {
    return this.tasks[task]?.get(suspension) ?? "unknown";
  }

  /** Learns from the tree of a task that is suspended there. */
  learn(task: TaskIndex, suspension: SuspensionIndex, future: FutureNode): void {
    const awaits = (this.tasks[task] ??= new Map<SuspensionIndex, KeptThere>());
    if (!awaits.has(suspension)) awaits.set(suspension, this.keptIn(future));
  }

  private keptIn(future: FutureNode): KeptThere {
    const types = typesKept(future);
    if (types === undefined || types.some((type) => this.mayBlock(type))) return "blocking";
    return types.some(mayContainGuard) ? "waitable" : "none";
  }

  /** A guard inside another type is not looked into here: it may be of either kind. */
  private mayBlock(type: Type): boolean {
    if (mayContainListed(type, this.guardTypes)) return true;
    return mayContainGuard(type) && guardType(type)?.isBlocking !== false;
  }
}

/**
 * The types of all that is kept at an await. The trace tells the chain of awaits apart, but not what the branches of a
 * `join` or `select` are at: undefined where there are several.
 */
function typesKept(node: FutureNode): Type[] | undefined {
  if (node.children.length > 1) return undefined;
  const own = node.locals.map(({ value }) => value.type);
  const [child] = node.children;
  const below = child === undefined ? [] : typesKept(child);
  return below && [...own, ...below];
}
