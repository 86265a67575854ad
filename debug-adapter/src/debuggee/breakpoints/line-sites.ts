import type { AsyncFunction } from "../../symbols/async-functions";
import type { SourceFile, SourcePlace } from "../../symbols/source-files";
import type { Program } from "../../symbols/program";
import type { CodeRow, CodeScope } from "../stepping/code-rows";
import type { ProgramCode } from "../stepping/program-code";
import { bodyBeginnings } from "./body-beginnings";
import type { CodeSite } from "./code-site";

/** Where a breakpoint of a line is, or a sentence why it is nowhere. */
export type LineSites =
  | { readonly kind: "found"; readonly place: SourcePlace; readonly sites: readonly CodeSite[] }
  | { readonly kind: "none"; readonly reason: string };

/** The places of source lines in a program's code. */
export class LineIndex {
  private constructors: ReadonlySet<string> | undefined;
  private readonly extents = new Map<SourceFile, readonly Extent[]>();

  constructor(
    private readonly program: Program,
    private readonly code: ProgramCode,
  ) {}

  /** The lines of a file, ascending, that a breakpoint can be on. */
  linesOf(file: SourceFile): number[] {
    return this.program.lines.linesOf(file).filter((line) => this.at(file, line).kind === "found");
  }

  /** Where to stop for a line: in every copy of its code, or at the next line that has code in the same function. */
  sitesOf(file: SourceFile, line: number): LineSites {
    const lines = this.program.lines.linesOf(file);
    const found = lines.find((each) => each >= line);
    if (found === line) return this.at(file, line);
    const moved = found !== undefined && this.isInOneFunction(file, line, found) ? found : undefined;
    if (moved !== undefined) return this.at(file, moved);
    const next = found === undefined ? "nor has any behind it" : `the next that has is line ${found}`;
    return { kind: "none", reason: `line ${line} has no code in this firmware, ${next}` };
  }

  private at(file: SourceFile, line: number): LineSites {
    const sites: CodeSite[] = [];
    const scopes = new Set<CodeScope>();
    for (const address of this.program.lines.addressesOf(file, line)) {
      const scope = this.code.rows.scopeAt(address);
      if (scope === undefined) sites.push({ address, line, scope });
      else scopes.add(scope);
    }
    const begun = this.bodiesAt(scopes, line);
    if (begun.length > 0) {
      const beginnings = begun.flatMap((body) => bodyBeginnings(body, scopes, this.code));
      return { kind: "found", place: { file, line, column: 0 }, sites: beginnings };
    }
    const bodies = [...scopes].filter((scope) => !this.makesFuture(scope));
    if (bodies.length === 0 && sites.length === 0) {
      const reason = `line ${line} has code only where the future is made, and none in the body`;
      return { kind: "none", reason };
    }
    for (const scope of this.withoutPlumbing(bodies)) {
      const rows = this.code.rows.of(scope.owner);
      const own = rows.filter((row) => {
        return row.scope === scope && row.isStatement && row.file === file && row.line === line;
      });
      const places = withoutEntry(own).map(({ address }) => address);
      const loops = this.code.lines.loopsOn(line, scope).filter((address) => !places.includes(address));
      sites.push(...[...places, ...loops].map((address) => ({ address, line, scope })));
    }
    sites.sort((first, second) => first.address - second.address);
    return { kind: "found", place: { file, line, column: 0 }, sites };
  }

  /**
   * The async functions whose head a line is: what is meant is where their bodies begin, and not the functions around
   * them that have the line too, nor the end that a macro has given it.
   */
  private bodiesAt(scopes: ReadonlySet<CodeScope>, line: number): AsyncFunction[] {
    const bodies = [...scopes].flatMap((scope) => this.code.bodies.bodyOf(scope) ?? []);
    return [...new Set(bodies)].filter(({ declaration }) => declaration?.line === line);
  }

  /** Whether a function has the name of an `async fn`: it makes the future, and none of what is written runs there. */
  private makesFuture({ function: { path } }: CodeScope): boolean {
    this.constructors ??= new Set(
      this.program.asyncFunctions.all.map(({ coroutine }) =>
        coroutine.type.name.replace(/::\{async_fn_env#\d+\}.*$/, ""),
      ),
    );
    return this.constructors.has(path);
  }

  /** Leaves out functions that stand around a task, if the line is in others too. */
  private withoutPlumbing(scopes: readonly CodeScope[]): readonly CodeScope[] {
    const own = scopes.filter((scope) => this.code.own.isOwn(scope));
    return own.length > 0 ? own : scopes;
  }

  private isInOneFunction(file: SourceFile, line: number, next: number): boolean {
    return this.extentsOf(file).some(({ first, last }) => first <= line && next <= last);
  }

  /** The lines from the head of each function of a file to the last that has code. */
  private extentsOf(file: SourceFile): readonly Extent[] {
    let extents = this.extents.get(file);
    if (extents === undefined) {
      extents = this.readExtents(file);
      this.extents.set(file, extents);
    }
    return extents;
  }

  private readExtents(file: SourceFile): Extent[] {
    const last = new Map<number, number>();
    for (const line of this.program.lines.linesOf(file)) {
      for (const address of this.program.lines.addressesOf(file, line)) {
        const declared = this.code.rows.scopeAt(address)?.function.declaration;
        if (declared?.file === file) last.set(declared.line, Math.max(line, last.get(declared.line) ?? 0));
      }
    }
    return Array.from(last, ([first, end]) => ({ first, last: end }));
  }
}

interface Extent {
  readonly first: number;
  readonly last: number;
}

/** If a line has code behind the prologue, where the parameters can be read, that is where its function begins. */
function withoutEntry(rows: readonly CodeRow[]): readonly CodeRow[] {
  const behindPrologue = rows.find((row) => row.isPrologueEnd && row.scope.parent === undefined);
  return behindPrologue === undefined ? rows : [behindPrologue];
}
