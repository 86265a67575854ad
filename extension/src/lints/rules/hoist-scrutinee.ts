import { type SyntaxNode, enclosing } from "../syntax/node";
import type { AwaitPoint, Value } from "../flow/body";
import type { LintFix } from "../finding";
import { statementOf } from "./held-guards";

/** Methods whose result owns what it is, so that it can outlive the guard. */
const OWNED = /\.\s*(?:pop|pop_front|pop_back|take|clone|cloned|copied|len|is_empty|remove)\s*\([^()]*\)$/;

/**
 * `match lock().pop() { … }` becomes `let value = lock().pop(); match value { … }`, so that the guard is dropped before.
 * Only where the result cannot borrow from the guard, and for a statement of its own.
 */
export function hoistScrutinee(value: Value, awaits: readonly AwaitPoint[]): LintFix | undefined {
  const around = enclosing(value.born, ({ kind }) => kind === "match_expression" || kind === "if_expression");
  if (around === undefined) return undefined;
  const looked = scrutineeOf(around);
  if (looked === undefined || value.born.start < looked.start || value.born.end > looked.end)
    return undefined;
  if (!OWNED.test(looked.text) || awaits.some(({ node }) => node.start < looked.end)) return undefined;
  const statement = statementOf(around);
  if (statement?.start !== around.start) return undefined;
  const { text } = statement.source;
  const indent = /[ \t]*$/.exec(text.slice(0, statement.start))![0];
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  const name = /\bvalue\b/.test(around.text) ? "taken" : "value";
  return {
    title: "Take the value out before, so that the guard is dropped",
    edits: [
      {
        start: statement.start,
        end: statement.start,
        text: `let ${name} = ${looked.text};${lineEnd}${indent}`,
      },
      { start: looked.start, end: looked.end, text: name },
    ],
    isSafe: true,
  };
}

function scrutineeOf(node: SyntaxNode): SyntaxNode | undefined {
  if (node.kind === "match_expression") return node.child("value");
  const condition = node.child("condition");
  return condition?.kind === "let_condition" ? condition.child("value") : undefined;
}
