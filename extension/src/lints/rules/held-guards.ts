import { type SyntaxNode, enclosing, walk } from "../syntax/node";
import type { AwaitPoint, Body, Value } from "../flow/body";
import type { LintFix, TextRange } from "../finding";
import { type GuardKind, guardType } from "../semantics/locks";
import type { Names } from "../semantics/names";
import type { Type } from "../semantics/type";

export interface HeldGuard {
  readonly kind: GuardKind;
  /** `std::sync::MutexGuard` */
  readonly name: string;
}

/** The guard that a value of this type is or owns; undefined if there is none that is known. */
export function heldGuard(type: Type, names: Names, depth = 0): HeldGuard | undefined {
  if (depth > 4) return undefined;
  const inAny = (types: readonly Type[]) => {
    for (const each of types) {
      const found = heldGuard(each, names, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  switch (type.kind) {
    case "path":
      return (
        guardType(type) ??
        (type.path.startsWith("crate::") ? inAny(names.memberTypes(type)) : inAny(type.args))
      );
    case "tuple":
      return inAny(type.items);
    case "array":
      return inAny([type.of]);
    default:
      return undefined;
  }
}

/** The awaits at which a value may be alive, in the order of the text. */
export function awaitsOver(body: Body, value: Value): AwaitPoint[] {
  return body.awaits
    .filter((each) => each.live.has(value.id) && !isNeverPending(each))
    .sort((a, b) => placeOf(a).start - placeOf(b).start);
}

/** `std::future::ready(x).await` does not suspend. */
export function isNeverPending({ type }: AwaitPoint): boolean {
  return type.kind === "future" && type.from === "std::future::ready";
}

/** The word `await`, or the name of the macro. */
export function placeOf({ node }: AwaitPoint): TextRange {
  const word =
    node.kind === "await_expression"
      ? node.children.find(({ kind }) => kind === "await")
      : node.child("macro");
  return { start: (word ?? node).start, end: (word ?? node).end };
}

/** The statement that a node is part of, with the block that has it as a statement. */
export function statementOf(node: SyntaxNode): SyntaxNode | undefined {
  if (node.parent?.kind === "block") return node;
  return enclosing(node, (around) => around.parent?.kind === "block");
}

/**
 * `drop(guard);` before the statement of the first await. Only where nothing needs the guard any more, and the statement
 * stands in the very block that the guard lives in, so that it runs whenever the await does and only once.
 */
export function dropBeforeAwait(
  body: Body,
  value: Value,
  awaits: readonly AwaitPoint[],
): LintFix | undefined {
  const first = awaits[0]!;
  const statement = statementOf(first.node);
  if (value.kind !== "variable" || statement?.parent !== value.scope) return undefined;
  if (
    first.node.parent === undefined ||
    enclosing(first.node, ({ kind }) => kind === "token_tree") !== undefined
  )
    return undefined;
  const isNeeded = body.uses.some(
    (each) => each.value === value.id && (each.kind === "move" || each.node.start >= statement.start),
  );
  if (isNeeded || hasDependents(body, value, statement)) return undefined;
  const { text } = statement.source;
  const indent = /[ \t]*$/.exec(text.slice(0, statement.start))![0];
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  return {
    title: `Drop \`${value.name}\` before the await`,
    edits: [
      { start: statement.start, end: statement.start, text: `drop(${value.name});${lineEnd}${indent}` },
    ],
    isSafe: true,
  };
}

/** Whether variables that may borrow from the guard are used from the statement on. */
export function hasDependents(body: Body, value: Value, statement: SyntaxNode): boolean {
  const derived = derivedFrom(body, value);
  return body.uses.some(
    (each) => derived.has(each.value) && each.value !== value.id && each.node.start >= statement.start,
  );
}

/** The value, and variables made of expressions that name it, however far. */
export function derivedFrom(body: Body, value: Value): ReadonlySet<number> {
  const derived = new Set([value.id]);
  for (let size = 0; size !== derived.size;) {
    size = derived.size;
    for (const each of body.values) {
      if (each.made === undefined || derived.has(each.id) || isOwned(each.type)) continue;
      const names = body.uses.some(
        (use) =>
          derived.has(use.value) && use.node.start >= each.made!.start && use.node.end <= each.made!.end,
      );
      if (names) derived.add(each.id);
    }
  }
  return derived;
}

/** Numbers and the like cannot borrow. */
function isOwned(type: Type): boolean {
  return type.kind === "path" && /^(?:bool|char|[iuf](?:\d+|size)|std::string::String)$/.test(type.path);
}

/** Whether a name occurs in a node. */
export function mentions(node: SyntaxNode, name: string): boolean {
  let found = false;
  walk(node, (each) => {
    if ((each.kind === "identifier" || each.kind === "self") && each.text === name) found = true;
    return !found;
  });
  return found;
}
