import type { DebugProtocol } from "@vscode/debugprotocol";
import { hexAddress } from "../../base/hex-address";
import { assign, assignmentTarget } from "../../debuggee/scopes/assign";
import type { ScopedFrame } from "../../debuggee/scopes/scope";
import { evaluated, fullText } from "../../debuggee/scopes/evaluated";
import type { Variable } from "../../debuggee/scopes/variable";
import type { Launched } from "../launched";
import { ExpressionFault } from "../user-errors";
import { changed, shown } from "./variables";

/** What an expression amounts to in a frame; in the Debug Console `place = value` sets something. */
export async function evaluate(
  launched: Launched,
  { expression, frameId, context }: DebugProtocol.EvaluateArguments,
): Promise<DebugProtocol.EvaluateResponse["body"]> {
  const frame = await launched.frame(frameId);
  const assignment = context === "repl" ? assignmentIn(expression) : undefined;
  if (assignment !== undefined) {
    await setPlace(launched, frame, assignment);
    return result(launched, await evaluatedIn(launched, frame, assignment.place), frameId);
  }
  const variable = await evaluatedIn(launched, frame, expression);
  if (context !== "clipboard") return result(launched, variable, frameId);
  const text = fullText(await launched.inspection(), expression, frame.names);
  return { ...result(launched, variable, frameId), result: text };
}

/** Sets what an expression names. */
export async function setExpression(
  launched: Launched,
  { expression, value, frameId }: DebugProtocol.SetExpressionArguments,
): Promise<DebugProtocol.SetExpressionResponse["body"]> {
  const frame = await launched.frame(frameId);
  await setPlace(launched, frame, { place: expression, value });
  return changed(launched, await evaluatedIn(launched, frame, expression), frameId);
}

interface PlaceAndValue {
  readonly place: string;
  readonly value: string;
}

async function setPlace(
  launched: Launched,
  frame: ScopedFrame,
  { place, value }: PlaceAndValue,
): Promise<void> {
  const inspection = await launched.inspection();
  await assign(assignmentTarget(place, inspection, frame.names), value, inspection, frame.names);
  await launched.wrote();
}

async function evaluatedIn(launched: Launched, frame: ScopedFrame, expression: string): Promise<Variable> {
  const found = evaluated(await launched.inspection(), expression, frame.names);
  if (typeof found === "string") throw new ExpressionFault(found);
  return found;
}

function result(
  launched: Launched,
  variable: Variable,
  frameId: number | undefined,
): DebugProtocol.EvaluateResponse["body"] {
  const { value, type, variablesReference, namedVariables, indexedVariables, presentationHint } = shown(
    launched,
    variable,
    frameId,
  );
  return {
    result: value,
    variablesReference,
    ...(type !== undefined && { type }),
    ...(variable.memory !== undefined && { memoryReference: hexAddress(variable.memory) }),
    ...(namedVariables !== undefined && { namedVariables }),
    ...(indexedVariables !== undefined && { indexedVariables }),
    ...(presentationHint !== undefined && { presentationHint }),
  };
}

/** An `=` that is no part of a comparison. */
function assignmentIn(text: string): PlaceAndValue | undefined {
  const found = /^([^=<>!"']+?)\s*=(?!=)\s*(.+)$/s.exec(text);
  return found === null ? undefined : { place: found[1]!.trim(), value: found[2]!.trim() };
}
