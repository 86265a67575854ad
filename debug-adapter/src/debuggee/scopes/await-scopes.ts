import type { FutureNode } from "../../futures/await-tree";
import { namesakeNote, savedNote, type SavedValue } from "../../futures/saved-values";
import type { Coroutine, CoroutineState } from "../../symbols/types/coroutine";
import type { ExpressionScope } from "../../values/expression/evaluate";
import { nowhere } from "../../values/location";
import type { Value } from "../../values/value";
import type { Inspection } from "../inspection";
import type { AwaitStackFrame } from "../stacks/stack-frame";
import type { Scope } from "./scope";
import { taskScope } from "./task-scope";
import { type ValueContext, valueVariable } from "./value-variable";
import { fact, listOf, type Variable, type VariableList } from "./variable";

/** What a suspended function keeps, as the names that expressions may use. */
export class SavedScope implements ExpressionScope {
  constructor(private readonly saved: readonly SavedValue[]) {}

  get names(): string[] {
    return this.saved.flatMap(({ name }) => (name === null ? [] : [name]));
  }

  lookup(name: string): Value | undefined {
    const found = this.saved.findLast((each) => each.name === name);
    if (found?.liveness !== "dropped") return found?.value;
    return { type: found.value.type, location: nowhere(`${name} has been dropped`) };
  }

  remarkOn(name: string): string | undefined {
    const found = this.saved.find((each) => each.name === name);
    return found && (namesakeNote(found) ?? undefined);
  }
}

/** What a suspended future keeps, and the state machine that it is; of a task's own future also the task. */
export function awaitScopes(inspection: Inspection, frame: AwaitStackFrame, names: SavedScope): Scope[] {
  const { node } = frame;
  const body = inspection.debuggee.firmware.program.asyncFunctions.ofType(node.value.type);
  const context = { reader: inspection.reader, scope: names };
  const scopes: Scope[] = [];
  if (body === undefined) {
    const itself = valueVariable({ name: node.name, value: node.value }, [], context);
    scopes.push({ name: "Future", kind: "future", variables: itself.parts ?? listOf(0, () => []) });
  } else {
    scopes.push({ name: "Locals", kind: "locals", variables: savedVariables(node.locals, context) });
    scopes.push({
      name: "State machine",
      kind: "state-machine",
      variables: stateMachine(node, body.coroutine),
    });
  }
  if (frame.isTaskBody) scopes.push(taskScope(inspection, frame.task));
  return scopes;
}

function savedVariables(saved: readonly SavedValue[], context: ValueContext): VariableList {
  return listOf(saved.length, () => saved.map((each) => savedVariable(each, context)));
}

function savedVariable(saved: SavedValue, context: ValueContext): Variable {
  const { name, value, liveness, type } = saved;
  const shownName = name ?? `(temporary ${type})`;
  if (liveness === "dropped") return { ...fact(shownName, "<dropped>"), type };
  const variable = valueVariable({ name: shownName, value }, name === null ? [] : [name], context);
  const note = savedNote(saved);
  return note === null ? variable : { ...variable, text: `${variable.text} (${note})` };
}

/** The state that a coroutine is in, how large it is, and what of that is for which value. */
function stateMachine(node: FutureNode, coroutine: Coroutine): VariableList {
  const { states, byteSize } = coroutine;
  const current = states.find((each) => each.kind === node.state && isAt(each, node));
  const points = states.filter(({ kind }) => kind === "suspended").length;
  const rows = [
    fact("state", current === undefined ? node.state : stateWords(current)),
    fact("suspend points", String(points)),
    fact("size", bytes(byteSize)),
    ...(current === undefined ? [] : savedSizes(current)),
  ];
  return listOf(rows.length, () => rows);
}

/** Several suspend points may be of one kind; the line tells them apart, and a line with two has both. */
function isAt({ place }: CoroutineState, node: FutureNode): boolean {
  return node.place === null || (place?.line === node.place.line && place.file.path === node.place.file);
}

function stateWords({ name, place }: CoroutineState): string {
  return place === undefined ? name : `${name} at ${place.file.name}:${place.line}`;
}

function savedSizes({ locals, awaitee }: CoroutineState): Variable[] {
  const sized = locals.map(({ name, role, byteSize, offset, namesakes }) => {
    const shown =
      role === "drop-flag" ? `(drop flag ${name})` : role === "temporary" ? `(temporary ${name})` : name;
    const note = namesakeNote({ name, namesakes });
    return fact(shown, `${bytes(byteSize)} at offset ${offset}${note === null ? "" : ` (${note})`}`);
  });
  if (awaitee === undefined) return sized;
  return [...sized, fact("(awaited future)", `${bytes(awaitee.byteSize)} at offset ${awaitee.offset}`)];
}

function bytes(count: number): string {
  return count === 1 ? "1 byte" : `${count} bytes`;
}
