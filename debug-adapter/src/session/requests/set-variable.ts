import type { DebugProtocol } from "@vscode/debugprotocol";
import { UserError } from "../../base/errors";
import { assign, cannotBeSet } from "../../debuggee/scopes/assign";
import type { Variable, VariableList } from "../../debuggee/scopes/variable";
import type { Launched } from "../launched";
import { changed, listOf } from "./variables";

/** Sets a variable of a list to what an expression amounts to. */
export async function setVariable(
  launched: Launched,
  { variablesReference, name, value }: DebugProtocol.SetVariableArguments,
): Promise<DebugProtocol.SetVariableResponse["body"]> {
  const { list, frame } = await listOf(launched, variablesReference);
  const variable = await named(list, name);
  if (variable === undefined)
    throw new UserError(`There is no ${name} in this list`, "ask for the list again");
  if (variable.target === undefined) throw cannotBeSet(name);
  await assign(variable.target, value, await launched.inspection(), frame.names);
  await launched.wrote();
  const { list: after, frameId } = await listOf(launched, variablesReference);
  return changed(launched, (await named(after, name)) ?? variable, frameId);
}

export async function named(list: VariableList, name: string): Promise<Variable | undefined> {
  const index = /^\[(\d+)\]$/.exec(name)?.[1];
  if (index !== undefined) return list.elements(Number(index), 1)[0];
  return (await list.namedVariables()).find((each) => each.name === name);
}
