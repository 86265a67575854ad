import { type SyntaxNode, walk } from "../syntax/node";
import type { ParseRust } from "../syntax/rust-parser";
import { readBlockHead } from "../semantics/block-head";
import { Names } from "../semantics/names";
import type { Type } from "../semantics/type";
import type { Workspace } from "../semantics/workspace";
import type { Body } from "./body";
import { READERS, anyExpression } from "./expressions";
import { type Evaluate, Frame } from "./frame";
import { asyncBlock, closure, finishBody } from "./inner-bodies";
import { macroInvocation } from "./macros";
import { bindPattern } from "./patterns";

/** Where an item stands. */
export interface Surroundings {
  readonly workspace: Workspace;
  readonly file: string;
  readonly around: readonly string[];
  readonly edition: number;
}

export type ReadBodies = (root: SyntaxNode, surroundings: Surroundings) => Body[];

/** Makes what reads the bodies of the functions of an item. */
export function bodyReader(parse: ParseRust): ReadBodies {
  const readers: Record<string, Evaluate> = {
    ...READERS,
    macro_invocation: macroInvocation(parse),
    async_block: (frame, node) => asyncBlock(evaluate)(frame, node),
    closure_expression: (frame, node) => closure(evaluate)(frame, node),
  };
  const evaluate: Evaluate = (frame, node) => (readers[node.kind] ?? anyExpression)(frame, node);
  return (root, surroundings) => {
    const bodies: Body[] = [];
    const hasInner = /\bfn\b[^]*\bfn\b/.test(root.source.text);
    walk(root, (node) => {
      if (node.kind === "function_item" && node.child("body") !== undefined) {
        bodies.push(readFunction(node, surroundings, evaluate));
        return hasInner;
      }
      return node.kind !== "token_tree";
    });
    return bodies;
  };
}

function readFunction(
  node: SyntaxNode,
  { workspace, file, around, edition }: Surroundings,
  evaluate: Evaluate,
): Body {
  const code = node.child("body")!;
  const generics = (node.child("type_parameters")?.parts ?? []).map(
    (each) => each.child("name")?.text ?? each.text,
  );
  const names = new Names(workspace, file, around, generics);
  const frame = new Frame(names, edition, functionName(node, around), evaluate, undefined);
  frame.enter(node);
  frame.enterTemporaries(node);
  for (const each of node.child("parameters")?.children ?? []) {
    if (each.kind === "self_parameter") {
      const self = each.ofKind("self");
      if (self !== undefined) frame.declare(self, "self", selfType(names.self, each.text), "parameter");
    } else if (each.kind === "parameter") {
      const pattern = each.child("pattern");
      if (pattern?.kind === "self")
        frame.declare(pattern, "self", { kind: "ref", to: names.self, isMutable: true }, "parameter");
      else if (pattern !== undefined) {
        bindPattern(frame, pattern, names.type(each.child("type")?.text ?? ""), {
          isByReference: false,
          made: undefined,
        });
      }
    }
  }
  frame.evaluate(code);
  return finishBody(frame, { node, code, isAsync: node.ofKind("function_modifiers")?.has("async") === true });
}

function selfType(self: Type, text: string): Type {
  return text.startsWith("&") ? { kind: "ref", to: self, isMutable: /\bmut\b/.test(text) } : self;
}

/** `Meter::read`; a function in a function has the name of that before it. */
function functionName(node: SyntaxNode, around: readonly string[]): string {
  const name = node.child("name")?.text ?? "";
  const head = around.length === 0 ? undefined : readBlockHead(around.at(-1)!);
  return head?.kind === "impl" || head?.kind === "trait" ? `${head.name}::${name}` : name;
}

/** Bodies with the closures and `async` blocks in them. */
export function allBodies(bodies: readonly Body[], found: Body[] = []): Body[] {
  for (const body of bodies) {
    found.push(body);
    allBodies(body.inner, found);
  }
  return found;
}
