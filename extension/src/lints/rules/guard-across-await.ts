import type { AwaitPoint, Body, Value } from "../flow/body";
import type { ItemRelated } from "../finding";
import type { Report, Rule } from "../rule";
import { inAsyncCode } from "../rule-words";
import { type GuardKind, guardType } from "../semantics/locks";
import type { Type } from "../semantics/type";
import { type HeldGuard, awaitsOver, dropBeforeAwait, heldGuard, placeOf } from "./held-guards";
import { hoistScrutinee } from "./hoist-scrutinee";

/** What a lock that is held does to the other tasks. */
export const WHY_HELD: Readonly<Record<Exclude<GuardKind, "async">, string>> = {
  blocking: "whoever wants the lock meanwhile blocks the whole thread, and with it the task that holds it",
  borrow: "a task that borrows it meanwhile panics",
  "critical-section": "interrupts stay off while the task is parked, so nothing can wake it",
};

export const guardAcrossAwait: Rule = {
  code: "guard-across-await",
  severity: "warning",
  summary: "a lock that blocks, or a RefCell's borrow, is held while the task is parked",
  alsoAllowedBy: ["clippy::await_holding_lock", "clippy::await_holding_refcell_ref"],
  concerns: inAsyncCode,
  check(item, report) {
    for (const body of item.bodies) {
      if (!body.isAsync || !body.isComplete) continue;
      for (const value of body.values) {
        const held = heldGuard(value.type, body.names);
        if (held === undefined || held.kind === "async") continue;
        const awaits = awaitsOver(body, value);
        if (awaits.length > 0) report(finding(body, value, { held, kind: held.kind, awaits }));
      }
    }
  },
};

interface Held {
  readonly held: HeldGuard;
  readonly kind: Exclude<GuardKind, "async">;
  readonly awaits: readonly AwaitPoint[];
}

function finding(body: Body, value: Value, { held, kind, awaits }: Held): Report {
  const isTemporary = value.kind === "temporary";
  const what = isTemporary ? `A temporary ${held.name}` : `\`${value.name}\` ${holds(value.type, held)}`;
  const related: ItemRelated[] = awaits.map((each) => ({
    ...placeOf(each),
    message: "the task may be parked here",
  }));
  related.push({
    start: value.scope.end - 1,
    end: value.scope.end,
    message: isTemporary
      ? "the temporary lives to the end of this"
      : "it is dropped here, unless it goes elsewhere before",
  });
  const fix = isTemporary ? hoistScrutinee(value, awaits) : dropBeforeAwait(body, value, awaits);
  return {
    at: value.born,
    message: `${what} is held across an await: ${WHY_HELD[kind]}`,
    related,
    fixes: fix === undefined ? [] : [fix],
    facts: {
      function: body.name,
      awaits: awaits.map((each) => placeOf(each).start),
      variable: isTemporary ? undefined : value.name,
    },
  };
}

function holds(type: Type, held: HeldGuard): string {
  return guardType(type) === undefined ? `has a ${held.name} in it, which` : `is a ${held.name} and`;
}
