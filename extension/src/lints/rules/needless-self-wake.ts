import type { AwaitPoint, Body } from "../flow/body";
import type { Rule } from "../rule";
import { inAsyncCode } from "../rule-words";
import type { SyntaxNode } from "../syntax/node";
import { awaitsIn, hasHiddenAwait, isEndless, isTest, loopAround, mayLeave } from "./bodies";

const YIELDS = new Set(["embassy_futures::yield_now", "tokio::task::yield_now"]);

export const needlessSelfWake: Rule = {
  code: "needless-self-wake",
  severity: "note",
  summary: "a loop that yields without waiting for anything keeps the core from sleeping",
  alsoAllowedBy: [],
  concerns: inAsyncCode,
  check(item, report) {
    for (const body of item.bodies) {
      if (!body.isAsync || !body.isComplete || isTest(body)) continue;
      for (const point of body.awaits) {
        const loop = isYield(point) ? loopAround(point.node) : undefined;
        if (loop === undefined || !onlyYields(body, loop)) continue;
        report({
          at: point.node,
          message:
            "This task wakes itself in every turn of an endless loop, so the core never sleeps: await what it waits for, or a timer",
          related: [{ start: loop.start, end: loop.start + 4, message: "nothing else in this loop waits" }],
          facts: { function: body.name, awaits: [point.node.end - "await".length] },
        });
      }
    }
  },
};

function isYield({ type, node }: AwaitPoint): boolean {
  return node.kind === "await_expression" && type.kind === "future" && YIELDS.has(type.from);
}

/** Whether a loop goes on for ever, or until an atomic changes, and awaits nothing but its own turn. */
function onlyYields(body: Body, loop: SyntaxNode): boolean {
  if (hasHiddenAwait(loop) || !awaitsIn(body, loop).every(isYield)) return false;
  if (loop.kind === "while_expression" && loop.child("condition")?.text.includes(".load(") === true)
    return true;
  return isEndless(loop) && !mayLeave(loop, body);
}
