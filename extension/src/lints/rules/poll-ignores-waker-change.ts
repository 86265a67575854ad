import { type SyntaxNode, walk } from "../syntax/node";
import type { Rule } from "../rule";
import { mayPollByHand, pollFunctions } from "./poll-functions";

export const pollIgnoresWakerChange: Rule = {
  code: "poll-ignores-waker-change",
  severity: "warning",
  summary: "`poll` keeps its first waker, and wakes the wrong task once the future has moved to another",
  alsoAllowedBy: [],
  concerns: ({ text }) => mayPollByHand(text),
  check(item, report) {
    for (const each of pollFunctions(item.root)) {
      if (each.context === "" || /\b(?:will_wake|clone_from|register)\b/.test(each.body.text)) continue;
      for (const found of onlyFirstWaker(each.body, each.context)) {
        report({
          at: found,
          message:
            "Only the first waker is kept: when another task polls the future later, the wrong one is woken",
          related: [
            { start: each.node.start, end: each.body.start, message: "every call may bring another waker" },
          ],
          facts: { function: each.name, awaits: [] },
        });
      }
    }
  },
};

/** Where a waker is stored only if there is none yet. */
function onlyFirstWaker(body: SyntaxNode, context: string): SyntaxNode[] {
  const waker = `${escaped(context)}\\s*\\.\\s*waker\\(\\)\\s*\\.\\s*clone\\(\\)`;
  const closure = new RegExp(`\\.\\s*get_or_insert(?:_with)?\\(\\s*(?:\\|\\|\\s*)?${waker}\\s*\\)$`);
  const found: SyntaxNode[] = [];
  walk(body, (node) => {
    if (node.kind === "call_expression" && closure.test(node.text)) found.push(node);
    if (node.kind !== "if_expression" || node.child("alternative") !== undefined) return;
    const place = /^([\w.]+)\.is_none\(\)$/.exec(node.child("condition")?.text ?? "")?.[1];
    if (place === undefined) return;
    const assignment = new RegExp(`^${escaped(place)}\\s*=\\s*Some\\(\\s*${waker}\\s*\\)$`);
    walk(node, (inner) => {
      if (inner.kind === "assignment_expression" && assignment.test(inner.text)) found.push(inner);
    });
  });
  // A store that is not behind a condition follows the waker after all.
  const every = new RegExp(`(?:=\\s*Some|\\.replace|\\.insert|\\.set)\\(\\s*(?:Some\\(\\s*)?${waker}`, "g");
  return [...body.text.matchAll(every)].length >
    found.filter(({ kind }) => kind === "assignment_expression").length
    ? []
    : found;
}

function escaped(text: string): string {
  return text.replaceAll(".", "\\.");
}
