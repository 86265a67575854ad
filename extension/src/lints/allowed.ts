import type { ReportedPlace, Rule } from "./rule";
import { SyntaxNode } from "./syntax/node";

/** Whether an attribute at the node or at what is around it allows the rule: `#[allow(clippy::await_holding_lock)]`. */
export function isAllowedByAttribute(place: ReportedPlace, rule: Rule, around: readonly string[]): boolean {
  if (rule.alsoAllowedBy.length === 0) return false;
  for (
    let each = place instanceof SyntaxNode ? place : place.parent;
    each !== undefined;
    each = each.parent
  ) {
    if (attributesBefore(each).some((text) => allows(text, rule))) return true;
  }
  return around.some((head) => allows(head, rule));
}

/** The grammar puts attributes before what they belong to, and inner ones at the beginning of a block. */
function attributesBefore(node: SyntaxNode): string[] {
  const found = node.children.filter(({ kind }) => kind === "inner_attribute_item").map(({ text }) => text);
  const siblings = node.parent?.children ?? [];
  for (let i = siblings.indexOf(node) - 1; i >= 0 && siblings[i]!.kind === "attribute_item"; i--) {
    found.push(siblings[i]!.text);
  }
  return found;
}

/** Whether the attributes in a text allow one of the lints that the rule is about. */
export function allows(text: string, { alsoAllowedBy }: Rule): boolean {
  for (const [, list] of text.matchAll(/\b(?:allow|expect)\s*\(([^)]*)\)/g)) {
    const names = list!.split(",").map((name) => name.trim());
    if (names.some((name) => alsoAllowedBy.includes(name))) return true;
  }
  return false;
}

/**
 * The lines whose findings a comment allows: `// pollscope: allow(guard-across-await)` at the line, or alone on the one
 * before. Line -> codes.
 */
export function allowedLines(
  text: string,
  lineAt: (offset: number) => number,
): ReadonlyMap<number, ReadonlySet<string>> {
  const lines = new Map<number, Set<string>>();
  const pattern = /\/\/[ \t]*pollscope:[ \t]*allow\(([^)\n]*)\)/g;
  for (const found of text.matchAll(pattern)) {
    const lineStart = text.lastIndexOf("\n", found.index) + 1;
    const isAlone = /^\s*$/.test(text.slice(lineStart, found.index));
    const line = lineAt(found.index);
    const codes = lines.get(isAlone ? line + 1 : line) ?? new Set<string>();
    for (const code of found[1]!.split(",")) codes.add(code.trim().replace(/^pollscope::/, ""));
    lines.set(isAlone ? line + 1 : line, codes);
    if (isAlone) lines.set(line, codes);
  }
  return lines;
}
