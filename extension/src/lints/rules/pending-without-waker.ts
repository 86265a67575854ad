import { type SyntaxNode, enclosing, walk } from "../syntax/node";
import type { Rule } from "../rule";
import { type PollFunction, contextUses, mayPollByHand, pollFunctions } from "./poll-functions";

export const pendingWithoutWaker: Rule = {
  code: "pending-without-waker",
  severity: "warning",
  summary: "`poll` returns `Pending` on a path on which nobody will wake the task",
  alsoAllowedBy: [],
  concerns: ({ text }) => mayPollByHand(text),
  check(item, report) {
    for (const each of pollFunctions(item.root)) {
      if (item.isTest || !canEnd(each) || keepsWaker(each)) continue;
      const uses = contextUses(each);
      for (const pending of pendingResults(each)) {
        if (isConditional(pending) || uses.some((use) => comesBefore(use, pending))) continue;
        report({
          at: pending,
          message: `\`${each.name}\` returns Pending here without having kept, passed on or woken the waker: nothing will poll the task again`,
          related: [
            {
              start: each.node.start,
              end: each.body.start,
              message: "the waker is in the context that this is given",
            },
          ],
          facts: { function: each.name, awaits: [] },
        });
      }
    }
  },
};

/** A future that never ends, as `std::future::pending`, needs no waker. */
function canEnd({ body }: PollFunction): boolean {
  return /\bReady\b/.test(body.text);
}

/** A waker that is kept from one call to the next may be one from an earlier call: who wakes is not seen here. */
function keepsWaker({ node, body, context }: PollFunction): boolean {
  // `poll_fn` may be given a waker that the function around it has taken before.
  const around =
    node.kind === "closure_expression" ? enclosing(node, ({ kind }) => kind === "function_item") : body;
  const others = (around ?? body).text.replaceAll(
    new RegExp(`\\b${context}\\s*\\.\\s*waker\\(\\)(?:\\s*\\.\\s*wake\\w*\\(\\))?`, "g"),
    "",
  );
  return /waker/i.test(others);
}

/** `Poll::Pending` where it is what the function returns. */
function pendingResults({ node, body }: PollFunction): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  walk(body, (each) => {
    if (
      each !== body &&
      (each.kind === "closure_expression" || each.kind === "function_item" || each.kind === "async_block")
    )
      return false;
    if (
      each.kind === "scoped_identifier" &&
      /^(?:[\w:]*::)?Poll\s*::\s*Pending$/.test(each.text) &&
      isResult(each, node)
    )
      found.push(each);
    return each.kind !== "scoped_identifier" && each.kind !== "token_tree";
  });
  return found;
}

/** Whether a value goes up to the function's result unchanged. */
function isResult(node: SyntaxNode, owner: SyntaxNode): boolean {
  for (let at = node, around = node.parent; around !== undefined; at = around, around = around.parent) {
    if (around === owner) return at.field === "body";
    switch (around.kind) {
      case "return_expression":
        return true;
      case "block":
        if (around.parts.at(-1) !== at) return false;
        break;
      case "match_arm":
        if (at.field !== "value") return false;
        break;
      case "if_expression":
        if (at.field !== "consequence" && at.field !== "alternative") return false;
        break;
      case "expression_statement":
        if (around.children.at(-1)?.kind === ";") return false;
        break;
      case "else_clause":
      case "match_block":
      case "match_expression":
      case "unsafe_block":
      case "parenthesized_expression":
        break;
      default:
        return false;
    }
  }
  return false;
}

/** Whether the one has been executed, or may have been, when the other is: it stands before, and in no other branch. */
function comesBefore(use: SyntaxNode, pending: SyntaxNode): boolean {
  if (use.start > pending.start) return isInLoopWith(use, pending);
  const above = ancestors(pending);
  let at = use;
  for (; at.parent !== undefined && !above.has(at.parent); at = at.parent) {
    if (at.kind === "block" && leaves(at)) return false;
  }
  const meeting = at.parent;
  if (meeting === undefined) return false;
  // The conditions of arms before have been looked at.
  if (meeting.kind === "match_block") return isInCondition(use, at);
  if (meeting.kind === "if_expression") return at.field === "condition";
  return true;
}

/** Whether what runs through a block never comes out at its end. */
function leaves(block: SyntaxNode): boolean {
  return /^(?:return|break|continue)\b/.test(block.parts.at(-1)?.text ?? "");
}

function isInCondition(use: SyntaxNode, arm: SyntaxNode): boolean {
  for (let at = use; at !== arm && at.parent !== undefined; at = at.parent)
    if (at.field === "condition") return true;
  return false;
}

/** In a loop what stands behind may have run in the turn before. */
function isInLoopWith(use: SyntaxNode, pending: SyntaxNode): boolean {
  const above = ancestors(pending);
  for (let at = use.parent; at !== undefined; at = at.parent) {
    if (/^(?:loop|while|for)_expression$/.test(at.kind) && above.has(at)) return true;
  }
  return false;
}

function ancestors(node: SyntaxNode): Set<SyntaxNode> {
  const found = new Set<SyntaxNode>();
  for (let at = node.parent; at !== undefined; at = at.parent) found.add(at);
  return found;
}

/** Code that only sometimes is there: what the other `cfg` does is not seen. */
function isConditional(pending: SyntaxNode): boolean {
  for (let at: SyntaxNode | undefined = pending; at !== undefined; at = at.parent) {
    const siblings: readonly SyntaxNode[] = at.parent?.children ?? [];
    const before = siblings[siblings.indexOf(at) - 1];
    if (before?.kind === "attribute_item" && before.text.includes("cfg") && at.kind !== "function_item")
      return true;
  }
  return false;
}
