import type { TextRange } from "./finding";
import type { AwaitPoint, Body } from "./flow/body";
import { isNeverPending, placeOf } from "./rules/held-guards";

/** A place at which an async body may be parked: the word `await`, or the name of a macro that awaits. */
export interface LiveAwait extends TextRange {
  /** `Meter::read` */
  readonly function: string;
  /** The variables that are in scope there. */
  readonly variables: readonly ScopedVariable[];
}

/** A variable, where its name is bound. */
export interface ScopedVariable extends TextRange {
  readonly name: string;
  /** Whether it may be alive there, as far as what is done with it could be followed. */
  readonly isAlive: boolean;
}

/** Where async bodies may be parked, as far as they could be followed. */
export function liveAwaits(bodies: readonly Body[]): LiveAwait[] {
  return bodies
    .filter((body) => body.isAsync && body.isComplete)
    .flatMap((body) =>
      body.awaits
        .filter((each) => !isNeverPending(each))
        .map((each) => ({ ...placeOf(each), function: body.name, variables: variables(body, each) })),
    );
}

function variables({ values }: Body, { node, live }: AwaitPoint): ScopedVariable[] {
  return values.flatMap(({ id, kind, name, born, scope }) => {
    const isInScope = born.end <= node.end && scope.start <= node.start && node.end <= scope.end;
    return kind !== "temporary" && isInScope
      ? [{ name, start: born.start, end: born.end, isAlive: live.has(id) }]
      : [];
  });
}
