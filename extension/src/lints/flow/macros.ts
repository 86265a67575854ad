import { type SyntaxNode, walk } from "../syntax/node";
import type { ParseRust } from "../syntax/rust-parser";
import { lastSegment } from "../semantics/imports";
import { UNIT, UNKNOWN, pathType } from "../semantics/type";
import type { Evaluate, Frame, Operand } from "./frame";
import { bindPattern } from "./patterns";

/** Macros whose arguments are expressions that run where the macro stands, in their order. */
const EXPRESSIONS = new Set(
  (
    "print println eprint eprintln format format_args write writeln panic todo unimplemented unreachable dbg vec " +
    "assert assert_eq assert_ne debug_assert debug_assert_eq debug_assert_ne unwrap expect ready " +
    "log trace debug info warn error"
  ).split(" "),
);

/** Macros that await their arguments together. */
const JOINS = new Set(["join", "try_join"]);

const SELECTS = new Set(["select", "select_biased"]);

const DIVERGING = new Set(["panic", "todo", "unimplemented", "unreachable"]);

/** Texts that matter inside of a macro; without one its arguments are only looked through for names. */
const MATTERS = /\bawait\b|\block\b|\bborrow|\bread\b|\bwrite\b|\bdrop\b|\basync\b|\bsleep\b|\bblock/;

/** Reads what a macro does, of those that are known; of others only which variables they name. */
export function macroInvocation(parse: ParseRust): Evaluate {
  return (frame, node) => {
    const name = lastSegment(node.child("macro")?.text ?? "");
    const tokens = node.ofKind("token_tree");
    if (tokens === undefined) return { node, type: UNKNOWN, from: "value" };
    if (SELECTS.has(name)) return selectMacro(frame, parse, node, tokens);
    nameVariables(frame, tokens);
    const isKnown = EXPRESSIONS.has(name) || JOINS.has(name);
    if (isKnown && MATTERS.test(tokens.text)) {
      for (const each of parsedArguments(parse, tokens)) frame.borrow(frame.evaluate(each));
    }
    if (JOINS.has(name)) frame.await(node, undefined, UNKNOWN);
    if (DIVERGING.has(name)) frame.state = undefined;
    return {
      node,
      type: name === "vec" ? pathType("std::vec::Vec", UNKNOWN) : /^e?println$/.test(name) ? UNIT : UNKNOWN,
      from: "value",
    };
  };
}

function nameVariables(frame: Frame, tokens: SyntaxNode): void {
  walk(tokens, (node) => {
    if (node.kind === "identifier" || node.kind === "self") use(frame, node.text, node);
    // Format strings name variables too: "{count:?}".
    else if (node.kind === "string_literal") {
      for (const [, name] of node.text.matchAll(/\{(\w+)[:}]/g)) use(frame, name!, node);
    }
  });
}

function use(frame: Frame, name: string, node: SyntaxNode): void {
  const id = frame.lookup(name);
  if (id !== undefined) frame.use(id, node, "borrow");
}

function parsedArguments(parse: ParseRust, tokens: SyntaxNode): readonly SyntaxNode[] {
  const piece = { start: tokens.start + 1, end: tokens.end - 1, before: "fn m(){m(", after: ")}" };
  return parsedPiece(
    parse,
    tokens,
    piece,
    (body) => body.ofKind("call_expression")?.child("arguments")?.parts ?? [],
  );
}

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly before: string;
  readonly after: string;
}

const parsedBefore = new WeakMap<SyntaxNode, Map<string, readonly SyntaxNode[]>>();

/**
 * Parses a piece of the source by itself, as code between two texts, and gives the nodes that are picked of it, with the
 * places that they have in the source. Loops are gone through more than once, so what was parsed is kept.
 */
function parsedPiece(
  parse: ParseRust,
  at: SyntaxNode,
  { start, end, before, after }: Piece,
  pick: (body: SyntaxNode) => readonly SyntaxNode[],
): readonly SyntaxNode[] {
  const pieces = parsedBefore.get(at) ?? new Map<string, readonly SyntaxNode[]>();
  parsedBefore.set(at, pieces);
  const key = `${start}:${before}`;
  const known = pieces.get(key);
  if (known !== undefined) return known;
  const tree = parse({ text: before + at.source.text.slice(start, end) + after });
  const body = tree?.isWhole === true ? tree.root.ofKind("function_item")?.child("body") : undefined;
  const picked = (body === undefined ? [] : pick(body)).map((each) =>
    each.moved(start - before.length, at.source, at),
  );
  pieces.set(key, picked);
  return picked;
}

/** `pattern = future [, if condition] => handler`, and `else => handler` (tokio); `complete` and `default` (futures). */
export interface SelectArm {
  readonly pattern: readonly [start: number, end: number];
  readonly future: readonly [start: number, end: number] | undefined;
  readonly handler: readonly [start: number, end: number];
}

function selectMacro(frame: Frame, parse: ParseRust, node: SyntaxNode, tokens: SyntaxNode): Operand {
  const arms = selectArms(tokens);
  const expression = ([start, end]: readonly [number, number]) =>
    parsedPiece(
      parse,
      tokens,
      { start, end, before: "fn m(){(", after: ")}" },
      (body) => body.ofKind("parenthesized_expression")?.parts.slice(0, 1) ?? [],
    )[0];
  frame.enterTemporaries(node);
  for (const { future } of arms) {
    const parsed = future === undefined ? undefined : expression(future);
    if (parsed !== undefined) frame.borrow(frame.evaluate(parsed));
  }
  frame.await(node, undefined, UNKNOWN);
  frame.leaveTemporaries();
  const before = frame.copyState();
  let after = arms.length === 0 ? before : undefined;
  for (const { pattern, handler } of arms) {
    frame.state = before === undefined ? undefined : new Set(before);
    frame.enter(node);
    frame.enterTemporaries(node);
    const [bound] = parsedPiece(
      parse,
      tokens,
      { start: pattern[0], end: pattern[1], before: "fn m(){let ", after: " = x;}" },
      (body) => [body.ofKind("let_declaration")?.child("pattern")].filter((each) => each !== undefined),
    );
    if (bound !== undefined) bindPattern(frame, bound, UNKNOWN, { isByReference: false, made: undefined });
    const code = expression(handler);
    if (code === undefined) nameVariables(frame, tokens);
    else frame.evaluate(code);
    frame.leaveTemporaries();
    frame.leave();
    const end = frame.state;
    frame.state = after;
    frame.join(end);
    after = frame.state;
  }
  frame.state = after;
  return { node, type: UNKNOWN, from: "value" };
}

/** The arms of a `select!`, as far as its tokens make sense. */
export function selectArms(tokens: SyntaxNode): SelectArm[] {
  const parts = tokens.children.slice(1, -1);
  const arms: SelectArm[] = [];
  let i = 0;
  while (i < parts.length) {
    if (parts[i]!.text === "," || parts[i]!.text === ";") {
      i++;
      continue;
    }
    // `biased;` stands before the arms.
    if (parts[i]!.text === "biased") {
      i++;
      continue;
    }
    const arrow = findArrow(parts, i);
    if (arrow === -1) break;
    const equals = parts.findIndex((each, k) => k >= i && k < arrow && each.text === "=");
    const comma = parts.findIndex(
      (each, k) => k > equals && k < arrow && each.text === "," && parts[k + 1]?.text === "if",
    );
    const futureEnd = comma === -1 ? arrow : comma;
    let end = arrow + 1;
    if (parts[end]?.kind === "token_tree" && parts[end]!.text.startsWith("{") && !isContinued(parts[end + 1]))
      end++;
    else while (end < parts.length && parts[end]!.text !== ",") end++;
    if (end === arrow + 1) break;
    arms.push({
      pattern: [parts[i]!.start, equals === -1 ? parts[i]!.end : parts[equals - 1]!.end],
      future:
        equals === -1 || equals + 1 >= futureEnd
          ? undefined
          : [parts[equals + 1]!.start, parts[futureEnd - 1]!.end],
      handler: [parts[arrow + 1]!.start, parts[end - 1]!.end],
    });
    i = end;
  }
  return arms;
}

function findArrow(parts: readonly SyntaxNode[], from: number): number {
  return parts.findIndex((each, k) => k >= from && each.text === "=>");
}

function isContinued(next: SyntaxNode | undefined): boolean {
  return next !== undefined && (next.text === "." || next.text === "?");
}
