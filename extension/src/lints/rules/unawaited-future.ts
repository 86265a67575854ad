import type { Body, Value } from "../flow/body";
import type { LintFix } from "../finding";
import type { Rule } from "../rule";
import type { Type } from "../semantics/type";
import type { SyntaxNode } from "../syntax/node";

export const unawaitedFuture: Rule = {
  code: "unawaited-future",
  severity: "warning",
  summary: "a future that is made and never awaited: what is in it never runs",
  alsoAllowedBy: ["unused_must_use", "clippy::let_underscore_future"],
  concerns: ({ hasAsync, namesFuture }) => hasAsync || namesFuture(),
  check(item, report) {
    for (const body of item.bodies) {
      if (!body.isComplete) continue;
      for (const { node, type } of body.discarded) {
        const name = futureName(type, node);
        if (name === undefined) continue;
        report({
          at: node,
          message: `The future of ${name} is dropped without an await: what is in it never runs`,
          fixes: awaitIt(body, node),
          facts: { function: body.name, awaits: [] },
        });
      }
      for (const value of body.values) {
        if (value.made === undefined || !isForgotten(body, value)) continue;
        const name = futureName(value.type, value.made);
        if (name === undefined) continue;
        report({
          at: value.born,
          message: `\`${value.name}\` is the future of ${name} and is never awaited: what is in it never runs`,
          fixes: awaitIt(body, value.made),
          facts: { function: body.name, awaits: [], variable: value.name },
        });
      }
    }
  },
};

/** What made the future, for a person; undefined if it is no future that is known. */
function futureName(type: Type, node: SyntaxNode): string | undefined {
  if (type.kind !== "future") return undefined;
  if (node.kind === "async_block") return "this `async` block";
  if (type.from === "" || node.kind !== "call_expression") return undefined;
  return `\`${type.from.split("::").slice(-2).join("::")}\``;
}

function isForgotten(body: Body, { id, kind, name, born }: Value): boolean {
  if (kind !== "variable" || name.startsWith("_") || born.parent?.kind !== "let_declaration") return false;
  // With `#[cfg]` there may be two of that name, and the other is used.
  if (isConditional(born.parent)) return false;
  return !body.uses.some(({ value }) => value === id);
}

function isConditional(statement: SyntaxNode): boolean {
  const siblings = statement.parent?.children ?? [];
  return siblings[siblings.indexOf(statement) - 1]?.kind === "attribute_item";
}

function awaitIt({ isAsync }: Body, node: SyntaxNode): LintFix[] {
  if (!isAsync) return [];
  return [{ title: "Await it", isSafe: false, edits: [{ start: node.end, end: node.end, text: ".await" }] }];
}
