/** What is wrong with an expression: one clause, and where, counted in characters from 0. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";

  constructor(
    readonly what: string,
    readonly position: number,
  ) {
    super(`${what} (character ${position + 1})`);
  }
}
