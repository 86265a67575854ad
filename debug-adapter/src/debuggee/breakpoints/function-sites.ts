import type { ElfFile } from "../../elf/elf-file";
import type { AsyncFunction } from "../../symbols/async-functions";
import type { FunctionIdentity, ProgramFunction } from "../../symbols/function";
import type { Program } from "../../symbols/program";
import type { SourcePlace } from "../../symbols/source-files";
import { withoutGenerics } from "../../symbols/types/type-name";
import type { CodeScope } from "../stepping/code-rows";
import type { ProgramCode } from "../stepping/program-code";
import { bodyBeginnings, siteOf } from "./body-beginnings";
import type { CodeSite } from "./code-site";

/** Where functions of a name begin. */
export interface FunctionSites {
  readonly place: SourcePlace | undefined;
  readonly sites: readonly CodeSite[];
}

/** The functions of a program by the names that a user gives them. */
export class FunctionIndex {
  private inlined: ReadonlyMap<number, readonly CodeScope[]> | undefined;

  constructor(
    private readonly program: Program,
    private readonly elf: ElfFile,
    private readonly code: ProgramCode,
  ) {}

  /**
   * Where the functions of a name begin: behind the prologue, in every generic instance and every inlined copy. Of an
   * `async fn` that is where its body begins, which is when its future is polled first. A name is all of a function's
   * path, or the end of it.
   */
  sitesOf(name: string): FunctionSites | undefined {
    const wanted = name.trim().replace(/\(\)$/, "");
    const bodies = this.program.asyncFunctions.all.filter((each) =>
      matches(wanted, each.name, each.generics),
    );
    const behindFutures = new Set(bodies.flatMap(plumbingOf));
    const functions = this.program.functions.matching(
      (each) => isCalled(wanted, each) && !behindFutures.has(each.path),
    );
    const bodyCopies = bodies.length === 0 ? [] : [...this.copies().values()].flat();
    const sites = [
      ...bodies.flatMap((each) => bodyBeginnings(each, bodyCopies, this.code)),
      ...functions.flatMap((each) => this.entryOf(each)),
      ...this.inlinedCopies(wanted, behindFutures),
    ];
    if (sites.length === 0) return this.symbolNamed(wanted);
    const declared = bodies[0]?.declaration ?? functions[0]?.declaration;
    const unique = [...new Map(sites.map((site) => [site.address, site])).values()];
    const [first] = unique;
    return { place: first && (this.program.lines.placeAt(first.address) ?? declared), sites: unique };
  }

  private entryOf(each: ProgramFunction): CodeSite[] {
    const rows = this.code.rows.of(each);
    const behindPrologue = rows.find((row) => row.isPrologueEnd && row.scope.parent === undefined);
    if (behindPrologue !== undefined) return [{ ...siteOf(behindPrologue), line: undefined }];
    return [{ address: each.address, line: undefined, scope: this.code.rows.scopeAt(each.address) }];
  }

  private inlinedCopies(wanted: string, excluded: ReadonlySet<string>): CodeSite[] {
    const sites: CodeSite[] = [];
    for (const [row, scopes] of this.copies()) {
      const identity = this.program.functions.ofRow(row);
      if (!isCalled(wanted, identity) || excluded.has(identity.path)) continue;
      for (const scope of scopes) {
        if (this.code.bodies.bodyOf(scope) !== undefined) continue;
        const first = this.code.rows.of(scope.owner).find((each) => each.scope === scope && each.isStatement);
        if (first !== undefined) sites.push({ ...siteOf(first), line: undefined });
      }
    }
    return sites;
  }

  /** Inlined copies by the function that they are copies of. */
  private copies(): ReadonlyMap<number, readonly CodeScope[]> {
    return (this.inlined ??= this.findInlined());
  }

  private findInlined(): Map<number, CodeScope[]> {
    const found = new Map<number, CodeScope[]>();
    for (const owner of this.program.functions.all) {
      if (this.program.inlineTreeOf(owner).calls.length === 0) continue;
      const scopes = new Set(this.code.rows.of(owner).map(({ scope }) => scope));
      for (const scope of scopes) {
        if (scope.parent === undefined) continue;
        const { row } = scope.function;
        const same = found.get(row);
        if (same) same.push(scope);
        else found.set(row, [scope]);
      }
    }
    return found;
  }

  /** A function that only the linker knows, as one written in assembly. */
  private symbolNamed(name: string): FunctionSites | undefined {
    const found = this.elf.symbols.allNamed(name).filter(({ kind }) => kind === "function");
    if (found.length === 0) return undefined;
    const sites = found.map(({ address }) => ({ address, line: undefined, scope: undefined }));
    return { place: undefined, sites };
  }
}

function isCalled(wanted: string, each: FunctionIdentity): boolean {
  return matches(wanted, each.path, "") || (wanted.includes("<") && matches(wanted, each.name, ""));
}

function matches(wanted: string, name: string, generics: string): boolean {
  const plain = wanted.includes("<") ? name + generics : withoutGenerics(name);
  return plain === wanted || plain.endsWith(`::${wanted}`);
}

/** The function that makes the future of an `async fn`, and the one that Embassy puts around a task. */
function plumbingOf({ task, coroutine }: AsyncFunction): string[] {
  const around = /^(.*)::\{async_fn_env#\d+\}/.exec(coroutine.type.name)?.[1];
  return [around, task?.spawner].filter((path) => path !== undefined);
}
