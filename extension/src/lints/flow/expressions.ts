import type { SyntaxNode } from "../syntax/node";
import { guardType, guarded } from "../semantics/locks";
import {
  ANY_INTEGER,
  BOOL,
  type Type,
  UNIT,
  UNKNOWN,
  argument,
  pathType,
  peeled,
  pointee,
} from "../semantics/type";
import { integerLiteral } from "../semantics/type-text";
import { callExpression } from "./calls";
import {
  block,
  elementOf,
  forExpression,
  ifExpression,
  leave,
  loopExpression,
  matchExpression,
  whileExpression,
} from "./control";
import type { Frame, Operand } from "./frame";

type Reader = (frame: Frame, node: SyntaxNode) => Operand;

function value(node: SyntaxNode, type: Type = UNKNOWN): Operand {
  return { node, type, from: "value" };
}

/** Kinds of expressions that are no bodies of their own and no macros. */
export const READERS: Readonly<Record<string, Reader>> = {
  identifier,
  self: identifier,
  scoped_identifier: (frame, node) => ({ node, type: frame.names.staticType(node.text), from: "place" }),
  call_expression: callExpression,
  field_expression: fieldExpression,
  await_expression: awaitExpression,
  try_expression: tryExpression,
  reference_expression: referenceExpression,
  unary_expression: unaryExpression,
  binary_expression: binaryExpression,
  assignment_expression: assignment,
  compound_assignment_expr: compoundAssignment,
  parenthesized_expression: (frame, node) => frame.evaluate(node.parts[0]),
  expression_statement: (frame, node) => frame.evaluate(node.children[0]),
  block,
  unsafe_block: (frame, node) => frame.evaluate(node.ofKind("block")),
  const_block: (_, node) => value(node),
  if_expression: ifExpression,
  match_expression: matchExpression,
  loop_expression: loopExpression,
  while_expression: whileExpression,
  for_expression: forExpression,
  return_expression: leave,
  break_expression: leave,
  continue_expression: leave,
  tuple_expression: tupleExpression,
  array_expression: arrayExpression,
  struct_expression: structExpression,
  index_expression: indexExpression,
  type_cast_expression: castExpression,
  range_expression: (frame, node) => moveParts(frame, node),
  boolean_literal: (_, node) => value(node, BOOL),
  integer_literal: (_, node) =>
    value(node, pathType(/[iu](?:8|16|32|64|128|size)$/.exec(node.text)?.[0] ?? ANY_INTEGER)),
  float_literal: (_, node) => value(node, pathType("f64")),
  string_literal: (_, node) => value(node, { kind: "ref", to: pathType("str"), isMutable: false }),
  unit_expression: (_, node) => value(node, UNIT),
};

function identifier(frame: Frame, node: SyntaxNode): Operand {
  const id = frame.lookup(node.text);
  if (id !== undefined) return { node, type: frame.values[id]!.type, from: "variable", id };
  // Its name is its only value.
  if (node.text === "Delay" && frame.names.resolve("Delay") === DELAY) return value(node, pathType(DELAY));
  return { node, type: frame.names.staticType(node.text), from: "place" };
}

const DELAY = "embassy_time::Delay";

function fieldExpression(frame: Frame, node: SyntaxNode): Operand {
  const base = frame.evaluate(node.child("value"));
  const name = node.child("field")?.text ?? "";
  let type = base.type;
  let isBehind = false;
  for (let steps = 0; steps < 8; steps++) {
    const found = frame.names.fieldType(type, name);
    if (found.kind !== "unknown") {
      type = found;
      break;
    }
    const next = pointee(type) ?? guarded(type);
    type = next ?? UNKNOWN;
    if (next === undefined) break;
    isBehind = true;
  }
  if (base.from === "variable" || base.from === "part") {
    return { node, type, from: isBehind ? "place" : "part", id: base.id };
  }
  if (base.from === "place") return { node, type, from: "place" };
  // `lock().field`: what has the field lives on as a temporary.
  frame.borrow(base);
  return { node, type, from: "place" };
}

function awaitExpression(frame: Frame, node: SyntaxNode): Operand {
  const awaited = node.parts[0];
  const future = frame.evaluate(awaited);
  frame.move(future);
  frame.await(node, awaited, future.type);
  return value(node, future.type.kind === "future" ? future.type.output : UNKNOWN);
}

function tryExpression(frame: Frame, node: SyntaxNode): Operand {
  const operand = frame.evaluate(node.parts[0]);
  frame.move(operand);
  return value(node, argument(operand.type, 0));
}

function referenceExpression(frame: Frame, node: SyntaxNode): Operand {
  const inner = node.child("value");
  if (inner === undefined) return value(node);
  const operand = frame.evaluate(inner);
  const isMutable = node.has("mutable_specifier");
  frame.borrow(operand);
  // Whoever gets `&mut option` may take the guard out of it.
  if (isMutable && operand.from === "variable" && isContainer(frame, operand.type)) frame.kill(operand.id);
  return {
    node,
    type: { kind: "ref", to: operand.type, isMutable },
    from: "value",
    refersTo: operand.from === "variable" ? operand.id : undefined,
  };
}

function isContainer(frame: Frame, type: Type): boolean {
  return guardType(type) === undefined && frame.holdsGuard(type);
}

function unaryExpression(frame: Frame, node: SyntaxNode): Operand {
  const operand = frame.evaluate(node.parts.at(-1));
  if (node.children[0]?.kind !== "*") {
    frame.move(operand);
    return value(node, operand.type);
  }
  frame.borrow(operand);
  const type = pointee(operand.type) ?? guarded(operand.type) ?? UNKNOWN;
  return { node, type, from: "place", id: operand.id };
}

const COMPARISONS = new Set(["==", "!=", "<", ">", "<=", ">="]);

function binaryExpression(frame: Frame, node: SyntaxNode): Operand {
  const left = node.child("left");
  const right = node.child("right");
  const operator = node.child("operator")?.kind ?? "";
  if (operator === "&&" || operator === "||") {
    lazily(frame, left);
    const skipped = frame.copyState();
    lazily(frame, right);
    frame.join(skipped);
    return value(node, BOOL);
  }
  const isComparison = COMPARISONS.has(operator);
  const [first] = [left, right].map((each) => {
    const operand = frame.evaluate(each);
    if (isComparison) frame.borrow(operand);
    else frame.move(operand);
    return operand;
  });
  return value(node, isComparison ? BOOL : first!.type);
}

/** Temporaries of an operand of `&&` or `||` die with it. */
function lazily(frame: Frame, node: SyntaxNode | undefined): void {
  if (node === undefined) return;
  frame.enterTemporaries(node);
  frame.borrow(frame.evaluate(node));
  frame.leaveTemporaries();
}

function assignment(frame: Frame, node: SyntaxNode): Operand {
  const left = node.child("left");
  const right = frame.evaluate(node.child("right"));
  if (left?.kind === "_") return value(node, UNIT);
  frame.move(right);
  const id = left?.kind === "identifier" ? frame.lookup(left.text) : undefined;
  if (id === undefined || left === undefined) {
    if (left !== undefined) frame.borrow(frame.evaluate(left));
    return value(node, UNIT);
  }
  const variable = frame.values[id]!;
  if (variable.type.kind === "unknown" || isHole(variable.type)) variable.type = right.type;
  frame.use(id, left, "assign");
  const isEmpty = right.node.kind === "identifier" && right.node.text === "None";
  if (isEmpty) frame.kill(id);
  else frame.state?.add(id);
  return value(node, UNIT);
}

/** `let mut guard = None;`: what may be in it shows later. */
function isHole(type: Type): boolean {
  return type.kind === "path" && type.args.length > 0 && type.args.every(({ kind }) => kind === "unknown");
}

function compoundAssignment(frame: Frame, node: SyntaxNode): Operand {
  frame.move(frame.evaluate(node.child("right")));
  frame.borrow(frame.evaluate(node.child("left")));
  return value(node, UNIT);
}

function tupleExpression(frame: Frame, node: SyntaxNode): Operand {
  const items = node.parts
    .filter(({ kind }) => kind !== "attribute_item")
    .map((each) => {
      const operand = frame.evaluate(each);
      frame.move(operand);
      return operand.type;
    });
  return value(node, { kind: "tuple", items });
}

function arrayExpression(frame: Frame, node: SyntaxNode): Operand {
  const length = node.child("length");
  const parts = node.parts.filter((each) => each !== length && each.kind !== "attribute_item");
  let of: Type = UNKNOWN;
  for (const each of parts) {
    const operand = frame.evaluate(each);
    frame.move(operand);
    if (of.kind === "unknown") of = operand.type;
  }
  const count =
    length === undefined ? parts.length : (integerLiteral(length.text) ?? frame.names.constant(length.text));
  return value(node, { kind: "array", of, length: count });
}

function structExpression(frame: Frame, node: SyntaxNode): Operand {
  const name = node.child("name")?.text ?? "";
  for (const field of node.child("body")?.parts ?? []) {
    const given =
      field.kind === "shorthand_field_initializer"
        ? field.ofKind("identifier")
        : (field.child("value") ?? field.parts.at(-1));
    if (given !== undefined) frame.move(frame.evaluate(given));
  }
  const path = name.replace(/::\s*<[^]*$/, "");
  const resolved = frame.names.resolve(path);
  const owner = /^crate::(\w+)::[A-Z]\w*$/.exec(resolved ?? "")?.[1];
  return value(node, frame.names.type(owner ?? path));
}

function indexExpression(frame: Frame, node: SyntaxNode): Operand {
  const [base, index] = node.parts;
  const operand = frame.evaluate(base);
  frame.borrow(operand);
  if (index !== undefined) frame.move(frame.evaluate(index));
  const type = index?.kind === "range_expression" ? UNKNOWN : elementOf(peeled(operand.type));
  return { node, type, from: "place", id: operand.id };
}

function castExpression(frame: Frame, node: SyntaxNode): Operand {
  frame.move(frame.evaluate(node.child("value")));
  return value(node, frame.names.type(node.child("type")?.text ?? ""));
}

function moveParts(frame: Frame, node: SyntaxNode): Operand {
  for (const each of node.parts) frame.move(frame.evaluate(each));
  return value(node);
}

/** An expression of a kind that has no reader of its own: what is in it is gone through. */
export function anyExpression(frame: Frame, node: SyntaxNode): Operand {
  if (!/_(?:literal|item)$/.test(node.kind) && node.kind !== "ERROR") {
    for (const each of node.parts) frame.borrow(frame.evaluate(each));
  }
  return value(node);
}
