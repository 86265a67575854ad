import { type SyntaxNode, walk } from "../syntax/node";

/** A call of a function by path, or of one of `self`. */
export interface CallText {
  /** As written, without blanks: `thread::sleep`, `self.flush`. */
  readonly callee: string;
  /** From the beginning of the item's text. */
  readonly start: number;
  readonly end: number;
}

/** Calls that happen whenever the function of an item runs through: those in closures and nested items may not. */
export function callsOf(root: SyntaxNode): CallText[] {
  const found: CallText[] = [];
  const body = root.ofKind("function_item")?.child("body");
  if (body === undefined) return found;
  walk(body, (node) => {
    if (NOT_RUN_HERE.has(node.kind)) return false;
    if (node.kind !== "call_expression") return true;
    const callee = node.child("function");
    if (callee !== undefined && /^[\w:\s]+$|^self\s*\.\s*\w+$|^[\w:\s]+::<[^()]*>$/.test(callee.text)) {
      found.push({ callee: callee.text.replaceAll(/\s+/g, ""), start: node.start, end: node.end });
    }
    return true;
  });
  return found;
}

const NOT_RUN_HERE = new Set(["closure_expression", "async_block", "function_item", "impl_item", "mod_item"]);
