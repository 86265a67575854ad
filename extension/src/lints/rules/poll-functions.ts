import { type SyntaxNode, walk } from "../syntax/node";

/** Code that polls by hand: a function or closure that is given a `Context`. */
export interface PollFunction {
  readonly node: SyntaxNode;
  readonly body: SyntaxNode;
  /** The name of the context; empty for `_`. */
  readonly context: string;
  readonly name: string;
}

/** Whether a text has the words without which no code polls by hand. */
export function mayPollByHand(text: string): boolean {
  return /\bContext\b|\bpoll_fn\b/.test(text);
}

/** `fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<…>` and its like, and the closure of `poll_fn`. */
export function pollFunctions(root: SyntaxNode): PollFunction[] {
  const found: PollFunction[] = [];
  walk(root, (node) => {
    const each =
      node.kind === "function_item"
        ? pollFunction(node)
        : node.kind === "closure_expression"
          ? pollClosure(node)
          : undefined;
    if (each !== undefined) found.push(each);
    return node.kind !== "token_tree";
  });
  return found;
}

function pollFunction(node: SyntaxNode): PollFunction | undefined {
  const body = node.child("body");
  if (body === undefined || !/\bPoll\s*</.test(node.child("return_type")?.text ?? "")) return undefined;
  const parameter = (node.child("parameters")?.children ?? []).find((each) =>
    /&\s*mut\s+(?:[\w:]*::)?Context\b/.test(each.child("type")?.text ?? ""),
  );
  if (parameter === undefined) return undefined;
  return {
    node,
    body,
    context: nameOf(parameter.child("pattern")),
    name: node.child("name")?.text ?? "poll",
  };
}

function pollClosure(node: SyntaxNode): PollFunction | undefined {
  const callee = node.parent?.kind === "arguments" ? node.parent.parent?.child("function")?.text : undefined;
  const body = node.child("body");
  if (body === undefined || !/(?:^|::)poll_fn$/.test(callee ?? "")) return undefined;
  const [parameter] = node.child("parameters")?.parts ?? [];
  const pattern = parameter?.kind === "parameter" ? parameter.child("pattern") : parameter;
  return { node, body, context: nameOf(pattern), name: "poll_fn" };
}

function nameOf(pattern: SyntaxNode | undefined): string {
  return pattern?.kind === "identifier" || pattern?.kind === "mut_pattern"
    ? (pattern.text.split(/\s+/).at(-1) ?? "")
    : "";
}

/** Where the context is named, or a variable made of it. */
export function contextUses({ body, context }: PollFunction): SyntaxNode[] {
  const names = new Set([context]);
  const uses: SyntaxNode[] = [];
  walk(body, (node) => {
    if (node.kind === "identifier" && names.has(node.text)) {
      uses.push(node);
      const declared = letAround(node, body);
      if (declared !== undefined) names.add(declared);
    }
  });
  return uses;
}

function letAround(node: SyntaxNode, body: SyntaxNode): string | undefined {
  for (let at = node; at.parent !== undefined && at !== body; at = at.parent) {
    if (at.parent.kind === "let_declaration" && at.field === "value")
      return at.parent.child("pattern")?.text.replace(/^mut\s+/, "");
  }
  return undefined;
}
