import type { DebugProtocol } from "@vscode/debugprotocol";
import type { ScopedFrame } from "../../debuggee/scopes/scope";
import type { Variable, VariableList } from "../../debuggee/scopes/variable";
import type { Launched } from "../launched";
import { toScope, toVariable } from "../to-dap";
import { goneHandle } from "../user-errors";

/** The groups of variables that a frame has. */
export async function scopes(
  launched: Launched,
  { frameId }: DebugProtocol.ScopesArguments,
): Promise<DebugProtocol.ScopesResponse["body"]> {
  const frame = await launched.frame(frameId);
  const { lists } = launched.handles;
  return {
    scopes: frame
      .scopes()
      .map((scope) => toScope(scope, lists.add({ kind: "scope", frameId, name: scope.name }))),
  };
}

/** What a scope or a value consists of, all or a page of it. */
export async function variables(
  launched: Launched,
  { variablesReference, filter, start, count }: DebugProtocol.VariablesArguments,
): Promise<DebugProtocol.VariablesResponse["body"]> {
  const { list, frameId } = await listOf(launched, variablesReference);
  const named =
    filter === "indexed" ? [] : page(await list.namedVariables(), filter === "named" ? { start, count } : {});
  const first = filter === "indexed" ? (start ?? 0) : 0;
  const wanted = filter === "indexed" && count !== undefined && count > 0 ? count : list.indexed;
  const elements = filter === "named" ? [] : list.elements(first, wanted);
  return { variables: [...named, ...elements].map((each) => shown(launched, each, frameId)) };
}

/** A variable with a number for its parts. */
export function shown(
  { handles }: Launched,
  variable: Variable,
  frameId: number | undefined,
): DebugProtocol.Variable {
  const { parts } = variable;
  const reference = parts === undefined ? 0 : handles.lists.add({ kind: "parts", frameId, list: parts });
  return toVariable(variable, reference);
}

/** The same for one that has just been set. */
export function changed(
  launched: Launched,
  variable: Variable,
  frameId: number | undefined,
): DebugProtocol.SetVariableResponse["body"] {
  const { value, type, variablesReference, namedVariables, indexedVariables, memoryReference } = shown(
    launched,
    variable,
    frameId,
  );
  return {
    value,
    variablesReference,
    ...(type !== undefined && { type }),
    ...(namedVariables !== undefined && { namedVariables }),
    ...(indexedVariables !== undefined && { indexedVariables }),
    ...(memoryReference !== undefined && { memoryReference }),
  };
}

/** The variables behind a number, and the frame that they are of. */
export async function listOf(
  launched: Launched,
  variablesReference: number,
): Promise<{
  readonly list: VariableList;
  readonly frameId: number | undefined;
  readonly frame: ScopedFrame;
}> {
  launched.requireStopped();
  const handle = launched.handles.lists.get(variablesReference);
  const { frameId } = handle;
  const frame = await launched.frame(frameId);
  if (handle.kind === "parts") return { list: handle.list, frameId, frame };
  const scope = frame.scopes().find(({ name }) => name === handle.name);
  if (scope === undefined) throw goneHandle("scope");
  return { list: scope.variables, frameId, frame };
}

function page<Item>(
  items: readonly Item[],
  { start, count }: { readonly start?: number | undefined; readonly count?: number | undefined },
): readonly Item[] {
  const first = start ?? 0;
  return items.slice(first, count === undefined || count === 0 ? undefined : first + count);
}
