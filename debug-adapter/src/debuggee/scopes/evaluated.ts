import { evaluate, type ExpressionScope } from "../../values/expression/evaluate";
import type { Limits } from "../../values/limits";
import { valueText } from "../../values/value-text";
import type { Inspection } from "../inspection";
import { valueVariable } from "./value-variable";
import type { Variable } from "./variable";

/** As much of a value as somebody may want to paste elsewhere. */
const WHOLE: Limits = { depth: 32, elements: 10_000, stringBytes: 65_536, characters: 1_000_000 };

/** What an expression amounts to, as a variable; a clause that says what is wrong with it. */
export function evaluated(
  { reader }: Inspection,
  expression: string,
  scope: ExpressionScope,
): Variable | string {
  const found = evaluate(expression, reader, scope);
  if (found.kind === "error") return found.message;
  const variable = valueVariable({ name: expression, value: found.value }, [expression.trim()], {
    reader,
    scope,
  });
  const remarks = remarksOn(expression, scope);
  return remarks === "" ? variable : { ...variable, text: `${variable.text} (${remarks})` };
}

/** What is to be said of the variables that an expression names; "" if nothing is. */
export function remarksOn(expression: string, scope: ExpressionScope): string {
  // A name behind a dot is a member's.
  const names = new Set(expression.match(/(?<![.\w])[A-Za-z_]\w*/g));
  return [...names].flatMap((name) => scope.remarkOn?.(name) ?? []).join("; ");
}

/** The same, with all that it holds. */
export function fullText({ reader }: Inspection, expression: string, scope: ExpressionScope): string {
  const found = evaluate(expression, reader, scope);
  return found.kind === "error" ? found.message : valueText(found.value, reader, WHOLE);
}
