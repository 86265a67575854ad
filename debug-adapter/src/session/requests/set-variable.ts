import type { DebugProtocol } from "@vscode/debugprotocol";
import { UserError } from "../../base/errors";
import { assign } from "../../debuggee/scopes/assign";
import type { Variable, VariableList } from "../../debuggee/scopes/variable";
import type { Launched } from "../launched";
import { changed, listOf } from "./variables";

/** Sets a variable of a list to what an expression amounts to. */
export async function setVariable(
  launched: Launched,
  { variablesReference, name, value }: DebugProtocol.SetVariableArguments,
): Promise<DebugProtocol.SetVariableResponse["body"]> {
  const { list, frame } = await listOf(launched, variablesReference);
  const variable = named(list, name);
  if (variable?.target === undefined) {
    throw new UserError(
      variable === undefined ? `There is no ${name} here` : `${name} cannot be set`,
      "set a number, bool, char, pointer or enum without data that is in RAM",
    );
  }
  await assign(variable.target, value, await launched.inspection(), frame.names);
  await launched.wrote();
  const { list: after, frameId } = await listOf(launched, variablesReference);
  return changed(launched, named(after, name) ?? variable, frameId);
}

function named(list: VariableList, name: string): Variable | undefined {
  const index = /^\[(\d+)\]$/.exec(name)?.[1];
  if (index !== undefined) return list.elements(Number(index), 1)[0];
  return list.namedVariables().find((each) => each.name === name);
}
