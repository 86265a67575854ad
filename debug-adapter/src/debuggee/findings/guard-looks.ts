import type { FutureNode } from "../../futures/await-tree";
import { guardType, mayContainGuard, mayContainListed } from "../../futures/guards";
import type { Type } from "../../symbols/types/type";
import type { SuspensionIndex, TaskIndex } from "../../trace/event";

/** Looks at one await that have found nothing, after which it is looked at now and then only. */
const VAIN_LOOKS = 16;

/** Of the polls that end at such an await, one in so many is looked at. */
const SPARSE = 64;

/** What is known of the guards at one await of one task. */
interface AwaitLooks {
  /** Whether memory is worth a look at the end of this poll. */
  isDue(): boolean;
  note(seen: { readonly future: FutureNode; readonly hasFound: boolean }): void;
}

/**
 * Which polls' ends are worth a look for guards. Where a blocking guard can lie, all of them are; where only guards of
 * locks can that tasks may wait for, fewer and fewer as long as nothing comes of it; where none can, none.
 */
export class GuardLooks {
  private readonly tasks: (Map<SuspensionIndex, OneAwait> | undefined)[] = [];

  constructor(private readonly guardTypes: readonly string[]) {}

  at(task: TaskIndex, suspension: SuspensionIndex): AwaitLooks {
    const awaits = (this.tasks[task] ??= new Map<SuspensionIndex, OneAwait>());
    let looks = awaits.get(suspension);
    if (looks === undefined) awaits.set(suspension, (looks = new OneAwait(this.guardTypes)));
    return looks;
  }

  /** Something has come of a look at a task: its awaits are looked at anew. */
  forget(task: TaskIndex): void {
    for (const looks of this.tasks[task]?.values() ?? []) looks.vain = 0;
  }
}

class OneAwait implements AwaitLooks {
  vain = 0;
  private ends = 0;
  private kind: "unknown" | "blocking" | "waitable" | "none" = "unknown";

  constructor(private readonly guardTypes: readonly string[]) {}

  isDue(): boolean {
    this.ends++;
    if (this.kind === "none") return false;
    return this.kind !== "waitable" || this.vain < VAIN_LOOKS || this.ends % SPARSE === 0;
  }

  note({ future, hasFound }: { readonly future: FutureNode; readonly hasFound: boolean }): void {
    this.vain = hasFound ? 0 : this.vain + 1;
    if (this.kind !== "unknown") return;
    const types = typesKept(future);
    if (types === undefined || types.some((type) => this.mayBlock(type))) this.kind = "blocking";
    else this.kind = types.some(mayContainGuard) ? "waitable" : "none";
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
