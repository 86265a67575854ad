import type { Rule } from "../rule";
import { type RacingFuture, goesOn, mayRace, repeatedSelects } from "./selects";

/** Methods whose futures keep what they have done in themselves: method -> what is lost. */
const LOSES: ReadonlyMap<string, string> = new Map([
  ["read_exact", "the bytes that it has read so far are lost"],
  ["read_to_end", "how far it has read is lost"],
  ["read_to_string", "the bytes that it has read so far are lost"],
  ["read_line", "the bytes that it has read so far may be lost"],
  ["write_all", "nobody knows how much it has written"],
  ["write_all_buf", "nobody knows how much it has written"],
]);

export const cancelUnsafeSelect: Rule = {
  code: "cancel-unsafe-select",
  severity: "warning",
  summary: "a future that loses what it has done when another arm of a `select` in a loop is faster",
  alsoAllowedBy: [],
  concerns: ({ text }) => mayRace(text),
  check(item, report) {
    for (const body of item.bodies) {
      for (const { node, futures } of repeatedSelects(body)) {
        for (const future of futures) {
          const call = losingCall(future);
          const rival = futures.find((each) => each !== future && goesOn(each.handler));
          if (call === undefined || rival === undefined) continue;
          report({
            at: { start: future.start, end: future.end, parent: node },
            message: `\`${call.method}\` is dropped when the other arm is faster, and begins anew in the next turn: ${call.lost}`,
            related: [
              { start: rival.start, end: rival.end, message: "when this is faster, the loop goes on" },
            ],
            facts: { function: body.name, awaits: [node.start] },
          });
        }
      }
    }
  },
};

function losingCall({ text }: RacingFuture): { readonly method: string; readonly lost: string } | undefined {
  const method = /^[^&][^]*\.\s*(\w+)\s*\([^]*\)$/.exec(text)?.[1] ?? "";
  const lost = LOSES.get(method);
  // `reader.read_line(&mut line)` in a call of its own is the whole future, and not an argument of something else.
  return lost === undefined || /^[\w:]+\(/.test(text) ? undefined : { method, lost };
}
