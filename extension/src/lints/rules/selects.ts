import type { SyntaxNode } from "../syntax/node";
import type { Body } from "../flow/body";
import { type SelectArm, selectArms } from "../flow/macros";
import { loopAround } from "./bodies";

/** One future of a `select`, and what is done when it is the first. */
export interface RacingFuture {
  /** As written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** What runs then, as written; undefined if it is not seen. */
  readonly handler: string | undefined;
}

/** A `select` in a loop: all its futures are made anew in every turn. */
export interface RepeatedSelect {
  readonly node: SyntaxNode;
  readonly futures: readonly RacingFuture[];
}

const FUNCTIONS = new Set([
  "embassy_futures::select::select",
  "embassy_futures::select::select3",
  "embassy_futures::select::select4",
]);

/** Whether a text has the word without which nothing races. */
export function mayRace(text: string): boolean {
  return text.includes("select");
}

/** All `select!` and `select(…)` of a body that stand in a loop of it. */
export function repeatedSelects(body: Body): RepeatedSelect[] {
  const found: RepeatedSelect[] = [];
  for (const { node } of body.awaits) {
    if (node.kind !== "macro_invocation" || loopAround(node) === undefined) continue;
    const tokens = node.ofKind("token_tree");
    if (tokens === undefined) continue;
    const { text } = node.source;
    const futures = selectArms(tokens).flatMap((arm: SelectArm) =>
      arm.future === undefined
        ? []
        : [
            {
              start: arm.future[0],
              end: arm.future[1],
              text: text.slice(...arm.future),
              handler: text.slice(...arm.handler),
            },
          ],
    );
    if (futures.length > 1) found.push({ node, futures });
  }
  for (const { node, path, args } of body.calls) {
    if (path === undefined || !FUNCTIONS.has(path) || loopAround(node) === undefined) continue;
    if (node.parent?.kind !== "await_expression") continue;
    const handlers = matchHandlers(node.parent, args.length);
    found.push({
      node,
      futures: args.map((each, i) => ({
        start: each.start,
        end: each.end,
        text: each.text,
        handler: handlers?.[i],
      })),
    });
  }
  return found;
}

const PLACES = ["First", "Second", "Third", "Fourth"];

/** `match select(a, b).await { Either::First(x) => …, Either::Second(y) => … }` */
function matchHandlers(awaited: SyntaxNode, count: number): string[] | undefined {
  const match = awaited.parent?.kind === "match_expression" ? awaited.parent : undefined;
  const arms = (match?.child("body")?.children ?? []).filter(({ kind }) => kind === "match_arm");
  if (arms.length !== count) return undefined;
  const handlers = PLACES.slice(0, count).map((place) => {
    const arm = arms.find((each) =>
      new RegExp(`^(?:\\w+::)*${place}\\b`).test(each.child("pattern")?.text ?? ""),
    );
    return arm?.child("value")?.text;
  });
  return handlers.every((each) => each !== undefined) ? handlers : undefined;
}

/** Whether what runs goes on with the loop; false also if it is not known. */
export function goesOn(handler: string | undefined): boolean {
  return handler !== undefined && !/\b(?:break|return|panic|continue\s+')|\?/.test(handler);
}
