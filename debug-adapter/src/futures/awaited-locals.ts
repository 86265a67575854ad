import type { Type } from "../symbols/types/type";
import type { ValueReader } from "../values/reader";
import { withoutAliases } from "../values/type-words";
import type { FutureNode } from "./await-tree";
import type { FutureNames } from "./future-names";
import { pointedValue } from "./pointed-future";
import type { SavedDraft, SavedValue } from "./saved-values";
import type { Value } from "../values/value";

/** What `core::pin::pin!` calls the place of what it pins; the variable of the user's is a reference to it. */
const PINNED = "pinned";

/**
 * What a coroutine keeps, without saying again what stands below it in the tree: of a variable that is a future which
 * is awaited there, or refers to one, only the name and that it is. What `pin!` makes two variables of is listed once,
 * under the user's name.
 */
export function withoutAwaited(
  locals: readonly SavedDraft[],
  children: readonly FutureNode[],
  { names, reader }: { readonly names: FutureNames; readonly reader: ValueReader },
): SavedValue[] {
  const targets = new Map(locals.map((local) => [local, targetOf(local, reader)] as const));
  const listed = locals.filter(
    (local) =>
      local.name !== PINNED ||
      !locals.some((other) => other !== local && targets.get(other)?.address === local.address),
  );
  for (const local of listed) {
    const target = targets.get(local);
    if (target !== undefined && children.some((child) => isInside(child, target)))
      local.describeAs(`${names.of(target.type)}, awaited below`);
  }
  return listed;
}

/** Coroutines that variables are, or refer to, and that are not awaited: they stand where they were polled last. */
export function keptFutures(
  locals: readonly SavedDraft[],
  children: readonly FutureNode[],
  { names: { program }, reader }: { readonly names: FutureNames; readonly reader: ValueReader },
): Value[] {
  const found = new Map<number, Value>();
  for (const local of locals) {
    const target = targetOf(local, reader);
    const isKept =
      target !== undefined &&
      program.asyncFunctions.ofType(target.type) !== undefined &&
      !children.some((child) => isInside(child, target));
    if (isKept) found.set(target.address, reader.at(target.type, target.address));
  }
  return [...found.values()];
}

interface Target {
  readonly address: number;
  readonly type: Type;
}

/** What a variable is, or refers to. */
function targetOf({ value, liveness }: SavedValue, reader: ValueReader): Target | undefined {
  const isCandidate = liveness === "live" && mayLeadToFuture(value.type);
  const target = isCandidate ? pointedValue(value, reader) : undefined;
  const address = target && reader.addressOf(target);
  return target === undefined || address === undefined ? undefined : { address, type: target.type };
}

/** Numbers and the like are no futures, and lead to none. */
function mayLeadToFuture(type: Type): boolean {
  const { kind } = withoutAliases(type);
  return kind !== "base" && kind !== "plain-enum";
}

/** Whether a future of the tree is this value, or an element of it. */
function isInside(node: FutureNode, target: Target): boolean {
  const bare = withoutAliases(target.type);
  const type = bare.kind === "array" ? withoutAliases(bare.element) : bare;
  // Each unit of a dev build describes its own copy of a type.
  if (node.address === target.address && node.value.type.name === type.name) return true;
  return node.children.some((child) => isInside(child, target));
}
