import { type SyntaxNode, enclosing, walk } from "../syntax/node";
import type { AwaitPoint, Body, CallSite } from "../flow/body";

/** Code that runs at another time than what it stands in. */
const OTHER_CODE = new Set(["closure_expression", "async_block", "function_item", "impl_item", "mod_item"]);

/** Everything that runs as a part of a node: not what is in closures, `async` blocks and items. */
export function walkHere(root: SyntaxNode, enter: (node: SyntaxNode) => unknown): void {
  walk(root, (node) => (node !== root && OTHER_CODE.has(node.kind) ? false : enter(node)));
}

const LOOPS = new Set(["loop_expression", "while_expression", "for_expression"]);

/** The loop that a node is in, within its own body of code; its own condition or source does not count. */
export function loopAround(node: SyntaxNode): SyntaxNode | undefined {
  for (let at = node, around = node.parent; around !== undefined; at = around, around = around.parent) {
    if (OTHER_CODE.has(around.kind)) return undefined;
    if (LOOPS.has(around.kind) && at.field === "body") return around;
  }
  return undefined;
}

/** `loop`, or `while true`. */
export function isEndless(loop: SyntaxNode): boolean {
  if (loop.kind === "loop_expression") return true;
  return loop.kind === "while_expression" && loop.child("condition")?.text === "true";
}

/** Macros that only print or log, and those that assert, which end the loop only with a panic. */
const QUIET_MACROS =
  /^(?:\w+\s*::\s*)*(?:e?print(?:ln)?|format|write(?:ln)?|vec|dbg|log|trace|debug|info|warn|error|matches|debug_assert\w*|assert\w*)$/;

const ENDS_PROGRAM =
  /(?:^|::|\.)(?:exit|abort|reset|sys_reset|udf|reset_to_usb_boot|unreachable_unchecked|panic_any)$/;

/** Whether a loop may be left, as far as its text tells: what is not known counts as a way out. */
export function mayLeave(loop: SyntaxNode, body: Body): boolean {
  const code = loop.child("body") ?? loop;
  let leaves = false;
  walkHere(code, (node) => {
    switch (node.kind) {
      case "return_expression":
      case "try_expression":
        leaves = true;
        break;
      case "break_expression":
        leaves ||= node.has("label") || loopAround(node) === loop;
        break;
      case "continue_expression":
        leaves ||= node.has("label");
        break;
      case "macro_invocation":
        leaves ||=
          !QUIET_MACROS.test(node.child("macro")?.text ?? "") ||
          /\b(?:return|break)\b|\?/.test(withoutStrings(node));
        break;
      case "call_expression":
        leaves ||= ENDS_PROGRAM.test(node.child("function")?.text ?? "") || returnsNever(node, body);
        break;
      default:
    }
    return !leaves;
  });
  return leaves;
}

function withoutStrings(node: SyntaxNode): string {
  return node.text.replaceAll(/"(?:[^"\\]|\\[^])*"/g, "");
}

/** A function of the workspace that is declared to return `!`. */
function returnsNever(call: SyntaxNode, body: Body): boolean {
  const site = body.calls.find(({ node }) => node === call);
  const found = site === undefined ? undefined : calledFunction(site, body);
  return found?.declaration.returns === "!";
}

/** The function of the workspace that is called; undefined if it is none, or not known which. */
export function calledFunction({ path, method, receiver }: CallSite, body: Body) {
  if (path !== undefined) return body.names.freeFunction(path);
  return method === undefined || receiver === undefined ? undefined : body.names.method(receiver, method);
}

/** The awaits that stand in a node, and run as a part of it. */
export function awaitsIn(body: Body, node: SyntaxNode): AwaitPoint[] {
  return body.awaits.filter((each) => each.node.start >= node.start && each.node.end <= node.end);
}

/** Whether there may be an await in a node that the flow does not know: in a macro that is not understood. */
export function hasHiddenAwait(node: SyntaxNode): boolean {
  let found = false;
  walkHere(node, (each) => {
    if (
      each.kind === "macro_invocation" &&
      /\bawait\b|^(?:\w+::)*(?:select\w*|join|try_join)!/.test(each.text.replaceAll(" ", ""))
    ) {
      found = true;
    }
    return !found;
  });
  return found;
}

/** The attributes before the function that a body belongs to. */
function attributesOf(body: Body): string {
  let text = attributes.get(body);
  if (text === undefined) {
    text = readAttributes(body);
    attributes.set(body, text);
  }
  return text;
}

/** Several rules ask about the same bodies, for every call in them. */
const attributes = new WeakMap<Body, string>();

function readAttributes({ node }: Body): string {
  const function_ =
    node.kind === "function_item" ? node : enclosing(node, ({ kind }) => kind === "function_item");
  const siblings = function_?.parent?.children ?? [];
  const texts: string[] = [];
  for (let i = siblings.indexOf(function_!) - 1; i >= 0 && siblings[i]!.kind === "attribute_item"; i--)
    texts.push(siblings[i]!.text);
  return texts.join("\n");
}

/** `#[test]`, `#[tokio::test]`, `#[cfg(test)]` */
export function isTest(body: Body): boolean {
  return /#\[\s*(?:[\w:]*\btest\b|cfg\(test)/.test(attributesOf(body));
}

/** In firmware whose entry starts no task there is nobody to keep from running. */
export function hasNobodyElse(body: Body): boolean {
  if (body.node.kind !== "function_item" || !isEntry(body)) return false;
  const isEmbassy = attributesOf(body).includes("embassy");
  return isEmbassy && !body.calls.some(({ path, method }) => /spawn|join|select/.test(method ?? path ?? ""));
}

/** The function that a runtime starts: `#[tokio::main]`, `#[embassy_executor::main]`. */
export function isEntry(body: Body): boolean {
  return /#\[\s*(?:[\w:]*::)?main\b|#\[\s*cfg_attr\([^]*::main\b/.test(attributesOf(body));
}
