import type { AsyncFunction } from "../../symbols/async-functions";
import type { FunctionIdentity, ProgramFunction } from "../../symbols/function";
import type { Program } from "../../symbols/program";
import type { CodeRow, CodeRows, CodeScope } from "./code-rows";
import type { CoroutineBodies } from "./coroutine-bodies";

/**
 * Which code is the user's own: written in files that are of no dependency, and not made by the compiler or by
 * Embassy's macros. A step enters own code only, unless it begins elsewhere.
 */
export class OwnCode {
  private readonly known = new Map<number, boolean>();
  private entriesFound: readonly CodeRow[] | undefined;
  private plumbing: ReadonlySet<string> | undefined;

  constructor(
    private readonly program: Program,
    private readonly rows: CodeRows,
    private readonly bodies: CoroutineBodies,
  ) {}

  isOwn({ function: written }: CodeScope): boolean {
    let isOwn = this.known.get(written.row);
    if (isOwn === undefined) {
      isOwn = this.isWrittenByUser(written);
      this.known.set(written.row, isOwn);
    }
    return isOwn;
  }

  /** Where own functions with code of their own begin, behind their prologues; async bodies are not among them. */
  get entries(): readonly CodeRow[] {
    return (this.entriesFound ??= this.program.functions.all.flatMap((each) => this.entryOf(each) ?? []));
  }

  private entryOf(each: ProgramFunction): CodeRow | undefined {
    if (each.declaration?.file.origin.kind !== "own") return undefined;
    const scope = this.rows.scopeAt(each.address);
    // What is inlined at the very beginning hides the scope of the function itself.
    const own = scope && outermost(scope);
    if (own === undefined || !this.isOwn(own) || this.bodies.bodyOf(own) !== undefined) return undefined;
    const rows = this.rows.of(each);
    return rows.find((row) => row.isPrologueEnd && row.scope === own) ?? rows.find((row) => row.scope === own);
  }

  private isWrittenByUser(written: FunctionIdentity): boolean {
    if (written.declaration?.file.origin.kind !== "own") return false;
    this.plumbing ??= new Set(this.program.asyncFunctions.all.flatMap(plumbingOf));
    return !this.plumbing.has(written.path.replace(/(?:::\{closure#\d+\})+$/, ""));
  }
}

/**
 * Functions that stand in the user's files and hold nothing of what the user wrote: those that make the future of an
 * `async fn`, and those that Embassy's macros put around a task.
 */
function plumbingOf({ kind, task, coroutine }: AsyncFunction): string[] {
  const around = /^(.*)::\{async_fn_env#\d+\}/.exec(coroutine.type.name)?.[1];
  const constructor = kind === "fn" && around !== undefined ? [around] : [];
  if (task === undefined || around === undefined) return constructor;
  return [...constructor, task.spawner, around.slice(0, around.lastIndexOf("::"))];
}

function outermost(scope: CodeScope): CodeScope {
  return scope.parent === undefined ? scope : outermost(scope.parent);
}
