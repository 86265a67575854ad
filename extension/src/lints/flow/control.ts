import type { SyntaxNode } from "../syntax/node";
import { OPTION, RESULT, type Type, UNIT, UNKNOWN, argument, isPath } from "../semantics/type";
import type { Frame, LoopFrame, Operand, State } from "./frame";
import { bindPattern, rulesOutGuard, takesAllGuards } from "./patterns";

/** From Rust 2024 on, temporaries of a block's last expression and of `if let` die earlier. */
const SHORT_TEMPORARIES = 2024;

function value(node: SyntaxNode, type: Type = UNKNOWN): Operand {
  return { node, type, from: "value" };
}

/** `{ … }`, with its label if it has one. What its last expression is, it is itself. */
export function block(frame: Frame, node: SyntaxNode): Operand {
  const label = labelOf(node);
  if (label !== "") return labelledBlock(frame, node, label);
  frame.enter(node);
  for (const each of node.children) {
    if (each.kind === "use_declaration") frame.readUse(each);
  }
  const parts = statementsOf(node);
  let result = value(node, UNIT);
  parts.forEach((each, i) => {
    const isTail = i === parts.length - 1 && isValue(each);
    if (isTail) result = tail(frame, each);
    else statement(frame, each);
  });
  if (result.id !== undefined) {
    frame.move(result);
    result = value(node, result.type);
  }
  frame.leave();
  return { ...result, node };
}

function labelledBlock(frame: Frame, node: SyntaxNode, label: string): Operand {
  const around: LoopFrame = {
    label,
    ...frame.depths,
    breaks: undefined,
    continues: undefined,
    isBlock: true,
  };
  frame.loopFrames.push(around);
  frame.enter(node);
  for (const each of statementsOf(node)) statement(frame, each);
  frame.leave();
  frame.loopFrames.pop();
  frame.join(around.breaks);
  return value(node);
}

/** An expression without a semicolon at the end of a block is the block's value. */
function isValue(node: SyntaxNode): boolean {
  if (node.kind === "expression_statement") return node.children.at(-1)?.kind !== ";";
  return !NO_VALUES.has(node.kind) && !node.kind.endsWith("_item");
}

const NO_VALUES = new Set([
  "let_declaration",
  "use_declaration",
  "empty_statement",
  "attribute_item",
  "macro_definition",
  "ERROR",
]);

function statementsOf(block: SyntaxNode): SyntaxNode[] {
  return block.children.filter(({ kind }) => kind !== ";" && kind !== "label");
}

function tail(frame: Frame, node: SyntaxNode): Operand {
  const isShort = frame.edition >= SHORT_TEMPORARIES;
  if (isShort) frame.enterTemporaries(node);
  const expression = node.kind === "expression_statement" ? node.children[0]! : node;
  const result = frame.evaluate(expression);
  if (isShort) frame.leaveTemporaries();
  return result;
}

function statement(frame: Frame, node: SyntaxNode): void {
  if (node.kind === "let_declaration") {
    letDeclaration(frame, node);
    return;
  }
  if (!isExpression(node)) return;
  const expression = node.kind === "expression_statement" ? node.children[0] : node;
  if (expression === undefined) return;
  frame.enterTemporaries(node);
  const { type, from } = frame.evaluate(expression);
  if (from === "value" && isEnded(node)) frame.discarded.set(expression, type);
  frame.leaveTemporaries();
}

/** Whether a semicolon throws the value away; that of a block is a statement of its own to the grammar. */
function isEnded(node: SyntaxNode): boolean {
  if (node.children.at(-1)?.kind === ";") return true;
  const siblings = node.parent?.children ?? [];
  return siblings[siblings.indexOf(node) + 1]?.kind === "empty_statement";
}

function isExpression(node: SyntaxNode): boolean {
  return !NO_VALUES.has(node.kind) && !node.kind.endsWith("_item") && node.kind !== ";";
}

function letDeclaration(frame: Frame, node: SyntaxNode): void {
  const pattern = node.child("pattern");
  const initial = node.child("value");
  if (pattern === undefined) return;
  frame.enterTemporaries(node);
  markExtended(frame, initial);
  const declared = frame.names.type(node.child("type")?.text ?? "");
  const operand = initial === undefined ? undefined : frame.evaluate(initial);
  const type = declared.kind === "unknown" ? (operand?.type ?? UNKNOWN) : merged(declared, operand?.type);
  const otherwise = node.child("alternative");
  let without: State;
  if (pattern.kind === "_") {
    if (operand?.from === "value") frame.discarded.set(operand.node, operand.type);
    else if (operand?.id !== undefined) frame.use(operand.id, operand.node, "borrow");
  } else {
    without = frame.copyState();
    if (operand !== undefined) take(frame, operand, pattern, type);
    bindPattern(frame, pattern, type, { isByReference: false, made: initial });
    // `let guard;` is alive once something is assigned.
    if (initial === undefined) for (const id of boundBy(frame, pattern)) frame.kill(id);
  }
  if (otherwise !== undefined) {
    const bound = frame.state;
    frame.state = without;
    if (operand?.id !== undefined && takesAllGuards(frame, pattern, type)) frame.kill(operand.id);
    frame.leaveTemporaries();
    frame.enterTemporaries(otherwise);
    frame.evaluate(otherwise);
    // The block of a `let … else` leaves, one way or the other.
    frame.state = bound;
  }
  frame.leaveTemporaries();
}

function boundBy(frame: Frame, pattern: SyntaxNode): number[] {
  const id = frame.lookup(pattern.text.replace(/^mut\s+/, ""));
  return id === undefined ? [] : [id];
}

/** `let x: Vec<_> = …`: the annotation says what it is, the value what the annotation leaves out. */
function merged(declared: Type, found: Type | undefined): Type {
  if (found?.kind === "path" && declared.kind === "path" && found.path === declared.path) {
    return {
      ...declared,
      args: declared.args.map((each, i) => (each.kind === "unknown" ? (found.args[i] ?? each) : each)),
    };
  }
  return declared;
}

/** `&temporary()` in a `let` lives as long as the variable (the Reference, "Temporary lifetime extension"). */
function markExtended(frame: Frame, node: SyntaxNode | undefined): void {
  if (node === undefined) return;
  switch (node.kind) {
    case "reference_expression": {
      let at = node.child("value");
      for (; at !== undefined; at = operandOfPlace(at)) frame.extended.add(at);
      markExtended(frame, node.child("value"));
      return;
    }
    case "tuple_expression":
    case "array_expression":
    case "parenthesized_expression":
      for (const each of node.parts) markExtended(frame, each);
      return;
    case "struct_expression":
      for (const each of node.child("body")?.parts ?? []) markExtended(frame, each.child("value"));
      return;
    case "type_cast_expression": {
      markExtended(frame, node.child("value"));
      return;
    }
    default:
  }
}

/** What the place is in, or behind. */
function operandOfPlace(node: SyntaxNode): SyntaxNode | undefined {
  switch (node.kind) {
    case "field_expression":
      return node.child("value");
    case "index_expression":
      return node.children[0];
    case "unary_expression":
      return node.children[0]?.kind === "*" ? node.children[1] : undefined;
    case "reference_expression":
      return node.child("value");
    case "parenthesized_expression":
      return node.parts[0];
    default:
      return undefined;
  }
}

/** A pattern takes what it matches out of a variable, if it binds more than references to it. */
function take(frame: Frame, operand: Operand, pattern: SyntaxNode, type: Type): void {
  if (operand.id === undefined) return;
  if (pattern.kind === "identifier" || pattern.kind === "mut_pattern") frame.move({ ...operand, type });
  else frame.use(operand.id, operand.node, "borrow");
}

/** What `if let`, `match` and `while let` look at: a temporary of its own, if it is no place. */
interface Scrutinee {
  readonly operand: Operand;
  readonly id: number | undefined;
}

function scrutinee(frame: Frame, node: SyntaxNode | undefined): Scrutinee {
  const operand = frame.evaluate(node);
  if (operand.id !== undefined) {
    frame.use(operand.id, operand.node, "borrow");
    return { operand, id: operand.from === "variable" ? operand.id : undefined };
  }
  if (operand.refersTo !== undefined) return { operand, id: operand.refersTo };
  if (operand.from !== "value" || !frame.holdsGuard(operand.type)) return { operand, id: undefined };
  return { operand, id: frame.declareTemporary(operand.node, operand.type) };
}

/** Binds a pattern in the state in which it matches. */
function matched(frame: Frame, { operand, id }: Scrutinee, pattern: SyntaxNode): void {
  const type = scrutineeType(operand);
  const takes = bindPattern(frame, pattern, operand.type, { isByReference: false, made: operand.node });
  if (takes || rulesOutGuard(frame, pattern, type)) frame.kill(id);
}

/** Takes out of the state what cannot be alive where the pattern has not matched. */
function notMatched(frame: Frame, { operand, id }: Scrutinee, pattern: SyntaxNode): void {
  if (takesAllGuards(frame, pattern, scrutineeType(operand))) frame.kill(id);
}

function scrutineeType({ type }: Operand): Type {
  return type.kind === "ref" ? type.to : type;
}

export function ifExpression(frame: Frame, node: SyntaxNode): Operand {
  const condition = node.child("condition");
  const then = node.child("consequence");
  const otherwise = node.child("alternative");
  frame.enter(node);
  frame.enterTemporaries(condition ?? node);
  const without = conditionState(frame, condition);
  const hasLet = condition?.kind === "let_condition" || condition?.kind === "let_chain";
  if (!hasLet) {
    frame.leaveTemporaries(without);
    frame.enterTemporaries(node);
  }
  const result = branch(frame, then);
  const after = frame.state;
  frame.state = without;
  if (hasLet && frame.edition >= SHORT_TEMPORARIES) {
    frame.leaveTemporaries(after);
    frame.enterTemporaries(node);
  }
  if (otherwise !== undefined) branch(frame, otherwise.parts.at(-1));
  frame.join(after);
  frame.leaveTemporaries();
  frame.leave();
  return value(node, otherwise === undefined ? UNIT : result.type);
}

function branch(frame: Frame, node: SyntaxNode | undefined): Operand {
  if (node === undefined) return value(frame.scopeNode);
  frame.enterTemporaries(node);
  const result = frame.evaluate(node);
  frame.leaveTemporaries();
  return result;
}

/** Goes through a condition; the state is then that of the branch, and what it gives that of the other. */
function conditionState(frame: Frame, condition: SyntaxNode | undefined): State {
  if (condition === undefined) return frame.copyState();
  if (condition.kind === "let_condition") {
    const looked = scrutinee(frame, condition.child("value"));
    const without = frame.copyState();
    const pattern = condition.child("pattern");
    if (pattern === undefined) return without;
    matched(frame, looked, pattern);
    const within = frame.state;
    frame.state = without;
    notMatched(frame, looked, pattern);
    const other = frame.state;
    frame.state = within;
    return other;
  }
  if (condition.kind === "let_chain") {
    let other: State;
    for (const each of condition.parts) {
      const without = conditionState(frame, each);
      const within = frame.state;
      frame.state = other;
      frame.join(without);
      other = frame.state;
      frame.state = within;
    }
    return other;
  }
  frame.borrow(frame.evaluate(condition));
  return withoutEmpty(frame, condition);
}

/** `if guard.is_none()`: there is no guard in the one branch. */
function withoutEmpty(frame: Frame, condition: SyntaxNode): State {
  const without = frame.copyState();
  let isNegated = false;
  let test = condition;
  while (test.kind === "unary_expression" && test.children[0]?.kind === "!") {
    isNegated = !isNegated;
    test = test.children[1]!;
  }
  const found = /^(\w+)\s*\.\s*is_(none|err|some|ok)\s*\(\s*\)$/.exec(test.text);
  const id = found === null ? undefined : frame.lookup(found[1]!);
  if (found === null || id === undefined) return without;
  const isEmptyThen = (found[2] === "none" || found[2] === "err") !== isNegated;
  if (isEmptyThen) frame.kill(id);
  else without?.delete(id);
  return without;
}

export function matchExpression(frame: Frame, node: SyntaxNode): Operand {
  frame.enter(node);
  frame.enterTemporaries(node);
  const looked = scrutinee(frame, node.child("value"));
  let rest = frame.copyState();
  let after: State;
  let type: Type = UNKNOWN;
  for (const arm of node.child("body")?.children ?? []) {
    const pattern = arm.kind === "match_arm" ? arm.child("pattern") : undefined;
    if (pattern === undefined) continue;
    frame.state = rest === undefined ? undefined : new Set(rest);
    frame.enter(arm);
    matched(frame, looked, pattern);
    const guard = pattern.child("condition");
    if (guard !== undefined) {
      frame.enterTemporaries(guard);
      conditionState(frame, guard);
      frame.leaveTemporaries();
    }
    const result = branch(frame, arm.child("value"));
    if (result.id !== undefined) frame.move(result);
    if (type.kind === "unknown") type = result.type;
    frame.leave();
    const end = frame.state;
    frame.state = after;
    frame.join(end);
    after = frame.state;
    if (guard === undefined) {
      frame.state = rest;
      notMatched(frame, looked, pattern);
      rest = frame.state;
    }
  }
  frame.state = after;
  frame.leaveTemporaries();
  frame.leave();
  return value(node, type);
}

/** Goes through a loop until the state at its head is stable. */
function loopUntilStable(frame: Frame, node: SyntaxNode, once: (around: LoopFrame) => State): void {
  let head = frame.copyState();
  let exits: State;
  for (let round = 0; round < 3; round++) {
    const around: LoopFrame = {
      label: labelOf(node),
      ...frame.depths,
      breaks: undefined,
      continues: undefined,
      isBlock: false,
    };
    frame.state = head === undefined ? undefined : new Set(head);
    frame.loopFrames.push(around);
    const leaves = once(around);
    frame.loopFrames.pop();
    frame.join(around.continues);
    const before = head?.size ?? 0;
    const back = frame.state;
    frame.state = head;
    frame.join(back);
    head = frame.state;
    frame.state = leaves;
    frame.join(around.breaks);
    exits = frame.state;
    if ((head?.size ?? 0) === before) break;
  }
  frame.state = exits;
}

export function loopExpression(frame: Frame, node: SyntaxNode): Operand {
  frame.loops.set(node, { node, kind: "loop" });
  loopUntilStable(frame, node, () => {
    branch(frame, node.child("body"));
    return undefined;
  });
  return value(node);
}

export function whileExpression(frame: Frame, node: SyntaxNode): Operand {
  frame.loops.set(node, { node, kind: "while" });
  const condition = node.child("condition");
  const hasLet = condition?.kind === "let_condition" || condition?.kind === "let_chain";
  loopUntilStable(frame, node, () => {
    frame.enter(node);
    frame.enterTemporaries(condition ?? node);
    const ends = conditionState(frame, condition);
    // `while let` is a `loop` around a `match`: its temporaries live through the body.
    if (!hasLet) {
      frame.leaveTemporaries(ends);
      frame.enterTemporaries(node);
    }
    branch(frame, node.child("body"));
    frame.leaveTemporaries(ends);
    frame.leave();
    return ends;
  });
  return value(node, UNIT);
}

export function forExpression(frame: Frame, node: SyntaxNode): Operand {
  frame.loops.set(node, { node, kind: "for" });
  frame.enterTemporaries(node);
  const source = frame.evaluate(node.child("value"));
  if (source.from === "value") frame.borrow(source);
  else frame.move(source);
  const pattern = node.child("pattern");
  loopUntilStable(frame, node, () => {
    const ends = frame.copyState();
    frame.enter(node);
    if (pattern !== undefined)
      bindPattern(frame, pattern, elementOf(source.type), { isByReference: false, made: undefined });
    branch(frame, node.child("body"));
    frame.leave();
    return ends;
  });
  frame.leaveTemporaries();
  return value(node, UNIT);
}

/** What a loop over a collection, or over a reference to one, goes through. */
export function elementOf(type: Type): Type {
  if (type.kind === "ref") {
    const to = elementOf(type.to);
    return to.kind === "unknown" ? to : { kind: "ref", to, isMutable: type.isMutable };
  }
  if (type.kind === "array" || type.kind === "slice") return type.of;
  if (
    isPath(type, "std::vec::Vec") ||
    isPath(type, "std::collections::VecDeque") ||
    isPath(type, "heapless::Vec")
  ) {
    return argument(type, 0);
  }
  if (isPath(type, OPTION) || isPath(type, RESULT) || isPath(type, ITERATOR)) return argument(type, 0);
  return UNKNOWN;
}

/** What `iter()` gives, whatever its own name is. */
export const ITERATOR = "std::iter::Iterator";

export function leave(frame: Frame, node: SyntaxNode): Operand {
  const label = labelOf(node);
  const carried = node.parts.find(({ kind }) => kind !== "label");
  if (carried !== undefined) frame.move(frame.evaluate(carried));
  if (node.kind !== "return_expression") {
    const target = frame.loopFrames.findLast((each) => (label === "" ? !each.isBlock : each.label === label));
    if (target !== undefined) {
      const here = frame.state;
      const outside = frame.outside(target);
      const isBreak = node.kind === "break_expression";
      frame.state = isBreak ? target.breaks : target.continues;
      frame.join(outside);
      if (isBreak) target.breaks = frame.state;
      else target.continues = frame.state;
      frame.state = here;
    }
  }
  frame.state = undefined;
  return value(node);
}

function labelOf(node: SyntaxNode): string {
  return node.ofKind("label")?.ofKind("identifier")?.text ?? "";
}
