/** Where control is. */
export interface LinePiece {
  readonly line: number;
  /** 0 if it is not known. */
  readonly column: number;
  readonly address: number;
}

/** The pieces of a line that were executed in the pass that is under way. */
interface Pass {
  readonly visited: Set<number>;
  last: number;
  /** If it had begun in an earlier call: the column at which it goes on, which is behind where it begins. */
  readonly restColumn: number | undefined;
}

/**
 * Tells, for one call of a function, where a line begins anew. The code of a line lies in several pieces, among those of
 * others where a build is optimised; all that control comes to without going round a loop is one pass.
 */
export class LinePasses {
  private readonly passes = new Map<number, Pass>();
  private current: number | undefined;

  /**
   * @param leadsTo whether control may come from one instruction to another without going round a loop
   * @param resumedAt the line that is gone on with, if the call is a poll that goes on at an `.await`
   */
  constructor(
    private readonly leadsTo: (from: number, to: number) => boolean,
    resumedAt: number | undefined,
  ) {
    this.current = resumedAt;
  }

  /** Control has come to a piece of a line: whether the line begins with it. */
  isNewPass({ line, column, address: at }: LinePiece): boolean {
    const pass = this.passes.get(line);
    const hasStayed = this.current === line;
    this.current = line;
    if (pass === undefined) {
      this.passes.set(line, {
        visited: new Set([at]),
        last: at,
        restColumn: hasStayed ? column : undefined,
      });
      return !hasStayed;
    }
    const { restColumn } = pass;
    const isOfPass = hasStayed || restColumn === undefined || (restColumn > 0 && column >= restColumn);
    if (isOfPass && !pass.visited.has(at) && this.leadsTo(pass.last, at)) {
      pass.visited.add(at);
      pass.last = at;
      return false;
    }
    this.passes.set(line, { visited: new Set([at]), last: at, restColumn: undefined });
    return true;
  }
}
