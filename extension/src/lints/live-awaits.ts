import type { TextRange } from "./finding";
import type { Body } from "./flow/body";
import { allBodies } from "./flow/read-bodies";
import { isNeverPending, placeOf } from "./rules/held-guards";

/** A place at which an async body may be parked: the word `await`, or the name of a macro that awaits. */
export interface LiveAwait extends TextRange {
  /** `Meter::read` */
  readonly function: string;
  /** The variables that may be alive there. */
  readonly live: readonly LiveVariable[];
}

/** A variable, where its name is bound. */
export interface LiveVariable extends TextRange {
  readonly name: string;
}

/** Where the async bodies of an item may be parked, as far as they could be followed. */
export function liveAwaits(bodies: readonly Body[]): LiveAwait[] {
  return [...allBodies(bodies)]
    .filter((body) => body.isAsync && body.isComplete)
    .flatMap((body) =>
      body.awaits
        .filter((each) => !isNeverPending(each))
        .map((each) => ({ ...placeOf(each), function: body.name, live: variables(body, each.live) })),
    );
}

function variables({ values }: Body, live: ReadonlySet<number>): LiveVariable[] {
  return values.flatMap(({ id, kind, name, born }) =>
    kind !== "temporary" && live.has(id) ? [{ name, start: born.start, end: born.end }] : [],
  );
}
