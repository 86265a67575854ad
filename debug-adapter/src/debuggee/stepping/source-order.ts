import type { CodeRow, CodeRows, CodeScope } from "./code-rows";
import type { FunctionFlows } from "./function-flow";

/**
 * Tells the end of a statement from the next pass through a loop: for both, control goes to an earlier line. What
 * follows an `if` that spans lines is stored by code of its first line, and a call's line comes after those of its
 * arguments. A step does not go back for these; it goes back where a loop does.
 */
export class SourceOrder {
  constructor(
    private readonly flows: FunctionFlows,
    private readonly rows: CodeRows,
  ) {}

  /** The rows that control may come to from the rows of a line without a new pass through a loop, before that line. */
  leftovers(scope: CodeScope, line: number): Set<CodeRow> {
    // What is inlined shares its code with others, and an optimised order is not that of the source anyway.
    if (scope.parent !== undefined) return new Set();
    const rows = this.rows.of(scope.owner).filter((row) => row.scope === scope);
    const earlier = rows.filter((row) => row.line !== 0 && row.line < line);
    if (earlier.length === 0) return new Set();
    const starts = rows.filter((row) => row.line === line).map((row) => row.address);
    const reached = this.flows.of(scope.owner).forwardFrom(starts);
    return new Set(earlier.filter((row) => reached.has(row.address)));
  }
}
