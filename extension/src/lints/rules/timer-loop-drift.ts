import type { Body } from "../flow/body";
import type { LintFix } from "../finding";
import type { Rule } from "../rule";
import { inAsyncCode } from "../rule-words";
import type { SyntaxNode } from "../syntax/node";
import { awaitsIn, calledFunction, hasHiddenAwait, isEndless, loopAround, walkHere } from "./bodies";
import { type ConstantTimer, constantTimer } from "./constant-time";

export const timerLoopDrift: Rule = {
  code: "timer-loop-drift",
  severity: "note",
  summary: "a loop around a relative timer that slides against its period; a `Ticker` keeps it",
  alsoAllowedBy: [],
  concerns: inAsyncCode,
  check(item, report) {
    for (const body of item.bodies) {
      if (!body.isAsync || !body.isComplete) continue;
      for (const { node: loop } of body.loops) {
        const [point, ...others] = awaitsIn(body, loop);
        if (point?.awaited === undefined || others.length > 0 || !isEndless(loop) || hasHiddenAwait(loop))
          continue;
        const timer = constantTimer(point.awaited.text, body.names);
        const statement = point.node.parent;
        // Once in every turn, and as its last step: what comes before is what makes it slide.
        if (
          timer === undefined ||
          loopAround(point.node) !== loop ||
          statement?.parent !== loop.child("body")
        )
          continue;
        if (statement === undefined || statement.parent?.parts.at(-1) !== statement || !doesWork(body, loop))
          continue;
        report({
          at: point.awaited,
          message: `The period of this loop is ${timer.duration.replace(/^.*Duration::/, "")} and the time that its turn takes: a Ticker would keep it`,
          related: [{ start: loop.start, end: loop.start + 4, message: "the loop" }],
          fixes: toTicker(body, loop, point.awaited, timer),
          facts: { function: body.name, awaits: [point.node.end - "await".length] },
        });
      }
    }
  },
};

/** A loop in the loop, or a function of the workspace that has one: what takes longer than to set a pin. */
function doesWork(body: Body, loop: SyntaxNode): boolean {
  const kinds = new Set<string>();
  walkHere(loop.child("body") ?? loop, ({ kind }) => void kinds.add(kind));
  if (kinds.has("for_expression") || kinds.has("while_expression")) return true;
  const calls = body.calls.filter(({ node }) => node.start >= loop.start && node.end <= loop.end);
  return calls.some((site) => (calledFunction(site, body)?.declaration.calls().length ?? 0) > 0);
}

function toTicker(body: Body, loop: SyntaxNode, awaited: SyntaxNode, { duration }: ConstantTimer): LintFix[] {
  const isStatement = loop.parent?.kind === "expression_statement" || loop.parent?.kind === "block";
  if (!awaited.text.includes("Timer::") || !isStatement || /\bticker\b/.test(body.code.text)) return [];
  const prefix = body.names.resolve("Ticker") === "embassy_time::Ticker" ? "" : "embassy_time::";
  const type =
    duration.includes("::") && body.names.resolve("Duration") === "embassy_time::Duration"
      ? duration
      : `embassy_time::${duration.replace(/^(?:\w+::)*Duration/, "Duration")}`;
  const { text } = loop.source;
  const indent = /[ \t]*$/.exec(text.slice(0, loop.start))![0];
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  return [
    {
      title: "Keep the period with a Ticker",
      isSafe: false,
      edits: [
        {
          start: loop.start,
          end: loop.start,
          text: `let mut ticker = ${prefix}Ticker::every(${type});${lineEnd}${indent}`,
        },
        { start: awaited.start, end: awaited.end, text: "ticker.next()" },
      ],
    },
  ];
}
