import { type SyntaxNode, walk } from "../syntax/node";
import { type Type, UNKNOWN, futureOf, isCopy } from "../semantics/type";
import type { Body } from "./body";
import { Frame, type Evaluate, type Operand } from "./frame";
import { bindPattern } from "./patterns";

/** An `async` block: a body of its own, that runs when its future is polled. */
export function asyncBlock(evaluate: Evaluate): Evaluate {
  return (frame, node) => {
    const code = node.ofKind("block") ?? node;
    const { body, type } = readInner(frame, evaluate, { node, code, isAsync: true });
    frame.inner.set(node, body);
    return { node, type: futureOf(type, ""), from: "value" };
  };
}

export function closure(evaluate: Evaluate): Evaluate {
  return (frame, node) => {
    const code = node.child("body") ?? node;
    const { body } = readInner(frame, evaluate, { node, code, isAsync: node.has("async") });
    frame.inner.set(node, body);
    return { node, type: UNKNOWN, from: "value" };
  };
}

interface InnerCode {
  readonly node: SyntaxNode;
  readonly code: SyntaxNode;
  readonly isAsync: boolean;
}

function readInner(
  outer: Frame,
  evaluate: Evaluate,
  { node, code, isAsync }: InnerCode,
): { body: Body; type: Type } {
  const frame = new Frame(outer.names, outer.edition, outer.owner, evaluate, outer);
  frame.steps = outer.steps;
  const takesAll = node.has("move");
  frame.enter(node);
  frame.enterTemporaries(node);
  const captured = capture(outer, frame, code, takesAll);
  for (const each of node.child("parameters")?.parts ?? []) {
    const pattern = each.kind === "parameter" ? each.child("pattern") : each;
    const type = each.kind === "parameter" ? frame.names.type(each.child("type")?.text ?? "") : UNKNOWN;
    if (pattern !== undefined) bindPattern(frame, pattern, type, { isByReference: false, made: undefined });
  }
  const result = frame.evaluate(code);
  if (result.id !== undefined) frame.move(result);
  outer.steps = frame.steps;
  const moved = new Set(
    [...frame.uses.values()].filter(({ kind }) => kind === "move").map((each) => each.value),
  );
  for (const [inner, { id, use }] of captured) {
    const operand: Operand = { node: use, type: outer.values[id]!.type, from: "variable", id };
    if (takesAll || moved.has(inner)) outer.move(operand);
    else outer.use(id, use, "borrow");
  }
  return { body: finishBody(frame, { node, code, isAsync }), type: result.type };
}

interface Captured {
  readonly id: number;
  readonly use: SyntaxNode;
}

/** Variables of the body around that the code names: what is moved into it, is alive in it from its beginning. */
function capture(outer: Frame, frame: Frame, code: SyntaxNode, takesAll: boolean): Map<number, Captured> {
  const captured = new Map<number, Captured>();
  const names = new Set<string>();
  walk(code, (node) => {
    if (node.kind !== "identifier" && node.kind !== "self") return;
    const name = node.text;
    const id = names.has(name) ? undefined : outer.lookup(name);
    names.add(name);
    if (id === undefined) return;
    const { type } = outer.values[id]!;
    const inner = frame.declare(node, name, type, "captured");
    captured.set(inner, { id, use: node });
    const isAlive = outer.state?.has(id) === true && takesAll && !isCopy(type);
    if (!isAlive) frame.kill(inner);
  });
  return captured;
}

export function finishBody(frame: Frame, { node, code, isAsync }: InnerCode): Body {
  return {
    node,
    code,
    name: frame.owner,
    isAsync,
    names: frame.names,
    values: frame.values,
    uses: [...frame.uses.values()],
    awaits: [...frame.awaits.values()],
    calls: [...frame.calls.values()],
    loops: [...frame.loops.values()],
    discarded: [...frame.discarded].map(([each, type]) => ({ node: each, type })),
    inner: [...frame.inner.values()],
    isComplete: !frame.isOver,
  };
}
