/**
 * An error the user can act on: the message says what is wrong, the remedy what to do about it.
 * Everything else that is thrown is a fault of ours.
 */
export class UserError extends Error {
  override readonly name = "UserError";

  constructor(
    readonly what: string,
    readonly remedy: string,
  ) {
    super(`${what}; ${remedy}`);
  }
}

/**
 * Something in the input that could not be understood, reported beside a partial result.
 * `where` names the place (section and offset, variable, file), `what` the fault in one sentence.
 */
export interface Problem {
  readonly where: string;
  readonly what: string;
}

/** Collects problems; repeats are counted instead of kept, and the list is bounded. */
export class ProblemList {
  private readonly seen = new Map<string, { readonly problem: Problem; count: number }>();
  private dropped = 0;

  constructor(private readonly limit = 200) {}

  /** Adds a problem, or counts it again if the same one is already known. */
  add(where: string, what: string): void {
    const key = `${where}\0${what}`;
    const known = this.seen.get(key);
    if (known) known.count++;
    else if (this.seen.size < this.limit) this.seen.set(key, { problem: { where, what }, count: 1 });
    else this.dropped++;
  }

  /** The problems in the order in which they first appeared. */
  list(): Problem[] {
    const problems = [...this.seen.values()].map(({ problem, count }) =>
      count === 1 ? problem : { where: problem.where, what: `${problem.what} (${count} times)` },
    );
    if (this.dropped > 0) problems.push({ where: "problems", what: `${this.dropped} more are not listed` });
    return problems;
  }

  get isEmpty(): boolean {
    return this.seen.size === 0;
  }
}
