import type { SyntaxNode } from "../syntax/node";
import type { AwaitPoint, Body, Value } from "../flow/body";
import type { Report, Rule } from "../rule";
import { inAsyncCode } from "../rule-words";
import { guardType, guarded } from "../semantics/locks";
import { loopAround } from "./bodies";
import { awaitsOver, derivedFrom, dropBeforeAwait, placeOf } from "./held-guards";

export const asyncGuardOverUnrelatedAwait: Rule = {
  code: "async-guard-over-unrelated-await",
  severity: "note",
  summary: "an async lock is held across an await that does not need it, and is not needed afterwards",
  alsoAllowedBy: [],
  concerns: inAsyncCode,
  check(item, report) {
    for (const body of item.bodies) {
      if (!body.isAsync || !body.isComplete) continue;
      for (const value of body.values) {
        const found = unrelatedAwait(body, value);
        if (found !== undefined) report(finding(body, value, found));
      }
    }
  },
};

/** The first await that the guard outlives for nothing: neither it nor what borrows from it is used there or later. */
function unrelatedAwait(body: Body, value: Value): AwaitPoint | undefined {
  if (value.kind !== "variable" || value.name.startsWith("_") || guardType(value.type)?.kind !== "async")
    return undefined;
  const inner = guarded(value.type);
  if (inner?.kind === "tuple" && inner.items.length === 0) return undefined;
  const derived = derivedFrom(body, value);
  const uses = body.uses.filter((each) => derived.has(each.value) && !isDrop(each.node));
  // A guard that is never looked at keeps others out, which is all that it is for.
  if (uses.length === 0 || uses.some((each) => each.kind === "move")) return undefined;
  return awaitsOver(body, value).find((each) => {
    if (each.node.kind !== "await_expression") return false;
    const loop = loopAround(each.node);
    const from = loop !== undefined && loop.start >= value.born.end ? loop.start : each.node.start;
    return uses.every(({ node }) => node.end <= from);
  });
}

function isDrop(use: SyntaxNode): boolean {
  const call = use.parent?.parent;
  return (
    call?.kind === "call_expression" &&
    /^(?:(?:std|core)::)?(?:mem::)?drop$/.test(call.child("function")?.text ?? "")
  );
}

function finding(body: Body, value: Value, point: AwaitPoint): Report {
  const fix = dropBeforeAwait(body, value, [point]);
  return {
    at: value.born,
    message: `\`${value.name}\` keeps its lock across an await that does not need it, and is not used afterwards: whoever awaits the lock waits for that, too`,
    related: [
      { ...placeOf(point), message: "this await does not use it" },
      { start: value.scope.end - 1, end: value.scope.end, message: "the lock is let go here" },
    ],
    fixes: fix === undefined ? [] : [fix],
    facts: { function: body.name, awaits: [placeOf(point).start], variable: value.name },
  };
}
