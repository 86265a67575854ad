import type { FunctionIdentity } from "../../symbols/function";
import type { Program } from "../../symbols/program";
import type { SourcePlace } from "../../symbols/source-files";
import { withoutGenerics } from "../../symbols/types/type-name";
import type { CodeRow, CodeRows, CodeScope } from "./code-rows";
import type { CoroutineBodies } from "./coroutine-bodies";

/**
 * Which code is the user's own: written in files that are of no dependency, and not made by the compiler or by
 * Embassy's macros. A step enters own code only, unless it begins elsewhere.
 */
export class OwnCode {
  private readonly known = new Map<number, boolean>();
  private entriesFound: readonly CodeRow[] | undefined;
  private allFound: readonly CodeRow[] | undefined;
  private plumbing: Plumbing | undefined;

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
    return (this.entriesFound ??= this.entriesWhere(
      (scope) => this.isOwn(scope) && this.bodies.bodyOf(scope) === undefined,
    ));
  }

  /** Where all functions begin that the debug info gives lines. */
  get allEntries(): readonly CodeRow[] {
    return (this.allFound ??= this.entriesWhere(() => true));
  }

  private entriesWhere(isWanted: (scope: CodeScope) => boolean): CodeRow[] {
    return this.program.functions.all.flatMap((each) => {
      const innermost = this.rows.scopeAt(each.address);
      // What is inlined at the very beginning hides the scope of the function itself.
      const scope = innermost && outermost(innermost);
      return scope !== undefined && isWanted(scope) ? (this.entryOf(scope) ?? []) : [];
    });
  }

  private entryOf(scope: CodeScope): CodeRow | undefined {
    const rows = this.rows.of(scope.owner).filter((row) => row.scope === scope && row.line !== 0);
    return rows.find((row) => row.isPrologueEnd) ?? rows[0];
  }

  private isWrittenByUser(written: FunctionIdentity): boolean {
    const { declaration } = written;
    if (declaration?.file.origin.kind !== "own") return false;
    this.plumbing ??= new Plumbing(this.program);
    return !this.plumbing.includes(written.path, declaration);
  }
}

/**
 * Functions that stand in the user's files and hold nothing of what the user wrote: those that make the future of an
 * `async fn`, and those that Embassy's macros put around a task.
 */
class Plumbing {
  private readonly aroundTasks = new Set<string>();
  private readonly spawners: string[] = [];
  /** Heads of async functions by their own names. */
  private readonly heads = new Map<string, SourcePlace[]>();

  constructor({ asyncFunctions }: Program) {
    for (const { kind, task, declaration, coroutine } of asyncFunctions.all) {
      const path = /^(.*)::\{async_fn_env#\d+\}/.exec(coroutine.type.name)?.[1];
      if (kind !== "fn" || path === undefined) continue;
      if (task !== undefined) {
        for (const each of [path, parentOf(path)]) this.aroundTasks.add(each);
        this.spawners.push(task.spawner);
      } else if (declaration !== undefined) {
        const name = lastOf(path);
        this.heads.set(name, [...(this.heads.get(name) ?? []), declaration]);
      }
    }
  }

  includes(path: string, { file, line }: SourcePlace): boolean {
    const outer = path.replace(/(?:::\{closure#\d+\})+$/, "");
    if (this.aroundTasks.has(outer)) return true;
    if (this.spawners.some((spawner) => outer === spawner || outer.startsWith(`${spawner}::`))) return true;
    // Paths of methods differ (`{impl#0}::read`, `Sensor::read`); what makes the future is declared where its body is.
    const heads = outer === path ? this.heads.get(lastOf(path)) : undefined;
    return (
      heads?.some((head) => head.file === file && head.line - line <= LONGEST_HEAD && head.line >= line) ??
      false
    );
  }
}

/** Lines from `async fn` to the brace behind its parameters. */
const LONGEST_HEAD = 20;

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("::"), 0));
}

function lastOf(path: string): string {
  return withoutGenerics(path.slice(path.lastIndexOf("::") + 2));
}

function outermost(scope: CodeScope): CodeScope {
  return scope.parent === undefined ? scope : outermost(scope.parent);
}
