import { type Address, address } from "../../base/brand";
import type { AsyncFunction } from "../../symbols/async-functions";
import type { Program } from "../../symbols/program";
import type { SourceFile } from "../../symbols/source-files";
import { type CodeRow, type CodeRows, type CodeScope } from "./code-rows";
import type { CoroutineBodies } from "./coroutine-bodies";
import type { FunctionFlows } from "./function-flow";

/** Where in the source a function's body is written. */
interface BodyExtent {
  readonly file: SourceFile;
  readonly first: number;
  readonly last: number;
}

/** The rows of a coroutine's body at which a step may end. */
export interface BodyRows {
  /** Its copies. */
  readonly scopes: readonly CodeScope[];
  /** Beginnings of statements, in all copies of the body, without its head. */
  readonly statements: readonly CodeRow[];
  /**
   * Behind the prologue, in copies that are functions of their own: every poll comes here before it goes to where the
   * body was suspended.
   */
  readonly entries: readonly CodeRow[];
}

/**
 * The beginnings of statements in the body of a function, as far as they stand where the function is written. What a
 * macro brings with it from elsewhere belongs to the line that uses the macro.
 */
export class BodyLines {
  private readonly byBody = new Map<AsyncFunction, BodyRows>();
  private readonly byScope = new Map<CodeScope, readonly CodeRow[]>();

  constructor(
    private readonly program: Program,
    private readonly rows: CodeRows,
    private readonly bodies: CoroutineBodies,
    private readonly flows: FunctionFlows,
  ) {}

  /** Of an ordinary function, or of one copy of it that is inlined somewhere. */
  ofFunction(scope: CodeScope): readonly CodeRow[] {
    let found = this.byScope.get(scope);
    if (found === undefined) {
      const declaration = scope.function.declaration;
      const extent = declaration && { file: declaration.file, first: declaration.line, last: Infinity };
      found = this.rows.of(scope.owner).filter((row) => row.scope === scope && isStatementIn(row, extent));
      this.byScope.set(scope, found);
    }
    return found;
  }

  /** Of an async function, block or closure, in all copies of its body. */
  ofBody(body: AsyncFunction): BodyRows {
    let found = this.byBody.get(body);
    if (found === undefined) {
      found = this.readBody(body);
      this.byBody.set(body, found);
    }
    return found;
  }

  private readBody(body: AsyncFunction): BodyRows {
    const extent = extentOf(body);
    if (extent === undefined) return { scopes: [], statements: [], entries: [] };
    const scopes = [...this.scopesOf(body, extent)];
    const own = scopes.flatMap((scope) => this.rows.of(scope.owner).filter((row) => row.scope === scope));
    const entries = own.filter((row) => row.isPrologueEnd && row.scope.parent === undefined);
    // The head jumps to where the body was suspended; in a body of one line nothing else is there.
    const headLines = new Set([extent.first, ...entries.map(({ line }) => line)]);
    const statements = own.filter((row) => isStatementIn(row, extent) && !headLines.has(row.line));
    return { scopes, statements: statements.length > 0 ? statements : entries, entries };
  }

  /**
   * Where the next pass through a loop begins that stands on one line. It may be in the middle of what the line table
   * has as one piece.
   */
  loopsOn(line: number, scope: CodeScope): Address[] {
    const rows = this.rows.of(scope.owner).filter((row) => row.scope === scope && row.line === line);
    const isOnLine = (at: number) => rows.some((row) => row.address <= at && at < row.end);
    return Array.from(this.flows.of(scope.owner).loops).flatMap(([start, ends]) =>
      isOnLine(start) && ends.some(isOnLine) ? [address(start)] : [],
    );
  }

  /** The functions and inlined copies that have code of a body. */
  private scopesOf(body: AsyncFunction, { file, first, last }: BodyExtent): Set<CodeScope> {
    const scopes = new Set<CodeScope>();
    for (const line of this.program.lines.linesOf(file)) {
      if (line < first || line > last) continue;
      for (const at of this.program.lines.addressesOf(file, line)) {
        const scope = this.bodyScopeAt(at, body);
        if (scope !== undefined) scopes.add(scope);
      }
    }
    return scopes;
  }

  /** The scope of a body around an address: the code there may be of something inlined into it. */
  private bodyScopeAt(at: Address, body: AsyncFunction): CodeScope | undefined {
    for (let scope = this.rows.scopeAt(at); scope !== undefined; scope = scope.parent) {
      if (this.bodies.bodyOf(scope) === body) return scope;
    }
    return undefined;
  }
}

/**
 * An async body begins where it was never polled, and ends where it has returned. A macro around it may leave both at
 * the line of the macro.
 */
function extentOf({ declaration, coroutine }: AsyncFunction): BodyExtent | undefined {
  if (declaration === undefined) return undefined;
  const { file, line } = declaration;
  const end = coroutine.states.find(({ kind }) => kind === "returned")?.place;
  const isKnown = end?.file === file && end.line > line;
  return { file, first: line, last: isKnown ? end.line : Infinity };
}

function isStatementIn(row: CodeRow, extent: BodyExtent | undefined): boolean {
  if (!row.isStatement || row.line === 0) return false;
  return (
    extent === undefined || (row.file === extent.file && extent.first <= row.line && row.line <= extent.last)
  );
}
