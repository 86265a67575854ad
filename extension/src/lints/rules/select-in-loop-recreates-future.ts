import type { Rule } from "../rule";
import { constantTimer } from "./constant-time";
import { goesOn, mayRace, repeatedSelects } from "./selects";

export const selectInLoopRecreatesFuture: Rule = {
  code: "select-in-loop-recreates-future",
  severity: "warning",
  summary: "a timer in a `select` in a loop that begins anew in each turn and never ends",
  alsoAllowedBy: [],
  concerns: ({ text }) => mayRace(text),
  check(item, report) {
    for (const body of item.bodies) {
      for (const { node, futures } of repeatedSelects(body)) {
        const timers = futures.flatMap((future) => {
          const timer = constantTimer(future.text, body.names);
          return timer === undefined ? [] : [{ future, timer }];
        });
        for (const { future, timer } of timers) {
          const faster = timers.find(
            (each) => each.timer.nanoseconds < timer.nanoseconds && goesOn(each.future.handler),
          );
          if (faster === undefined) continue;
          report({
            at: { start: future.start, end: future.end, parent: node },
            message:
              "This timer begins anew in every turn of the loop, and the shorter one always ends before it: it never fires",
            related: [
              { start: faster.future.start, end: faster.future.end, message: "this one always ends first" },
            ],
            facts: { function: body.name, awaits: [node.start] },
          });
        }
      }
    }
  },
};
