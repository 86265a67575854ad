import { NO_ROW } from "../dwarf/entry-index";
import { DW_TAG } from "../dwarf/constants";
import { place } from "../dwarf/sections";
import { demangle } from "../elf/demangle";
import { type AsyncName, asyncName, nameInside, type TaskName } from "./async-names";
import type { FunctionIdentity, FunctionSource } from "./function";
import type { Functions } from "./functions";
import type { SourcePlace } from "./source-files";
import { type Coroutine, readCoroutine } from "./types/coroutine";
import type { Type } from "./types/type";
import { withoutGenerics } from "./types/type-name";

/** An async function, block or closure, with the state machine that the compiler made of it. */
export interface AsyncFunction {
  readonly kind: "fn" | "block" | "closure";
  /**
   * As a programmer would say it: `blink::nap`, `blink::run::{async block#0}`, `blink::blink_task` for the body of an
   * Embassy task. Generic instances share it: `name + generics` tells them apart.
   */
  readonly name: string;
  /** Generic arguments with their brackets, or "". */
  readonly generics: string;
  /** The first part of the path. */
  readonly crate: string;
  /** The Embassy task whose body it is. */
  readonly task: TaskName | undefined;
  /** Where it begins in the source. */
  readonly declaration: SourcePlace | undefined;
  readonly coroutine: Coroutine;
  /** The function that polls it; in a release build it usually has no code of its own. */
  readonly body: FunctionIdentity | undefined;
}

/** The async functions of a program, each once, although every unit that uses one may describe it. */
export class AsyncFunctions {
  private found: AsyncFunction[] | undefined;
  private readonly byType = new Map<number, AsyncFunction>();

  constructor(
    private readonly source: FunctionSource,
    private readonly functions: Functions,
  ) {}

  /** In the order of the debug info. */
  get all(): readonly AsyncFunction[] {
    return (this.found ??= this.find());
  }

  /** The async function whose state machine a type is; undefined for any other type. */
  ofType(type: Type): AsyncFunction | undefined {
    return this.all.length === 0 ? undefined : this.byType.get(type.offset);
  }

  /** All instances of an async function by the name that `AsyncFunction.name` gives it. */
  named(name: string): AsyncFunction[] {
    return this.all.filter((each) => each.name === name);
  }

  /** The bodies of Embassy tasks. */
  get tasks(): AsyncFunction[] {
    return this.all.filter(({ task }) => task !== undefined);
  }

  private find(): AsyncFunction[] {
    const { info, names, types } = this.source;
    const bodies = bodyRows(this.source);
    const found: AsyncFunction[] = [];
    /** By full name; several of one name are laid out differently (two versions of a crate). */
    const byName = new Map<string, { readonly layout: string; readonly each: AsyncFunction }[]>();
    const rows = types.rowsWhere((row) => info.strings.startsWith(info.index.name(row), ASYNC_PREFIX));
    for (const row of rows) {
      const typeName = names.of(row);
      const type = types.at(info.index.offset(row));
      const name = asyncName(typeName);
      const coroutine =
        type.kind === "enum"
          ? readCoroutine(type, (what) => info.problems.add(place(".debug_info", type.offset), what))
          : undefined;
      if (name === undefined || coroutine === undefined) continue;
      const layout = layoutOf(coroutine);
      const copies = byName.get(typeName) ?? [];
      byName.set(typeName, copies);
      let each = copies.find((copy) => copy.layout === layout)?.each;
      if (each === undefined) {
        each = this.make(name, coroutine, bodies.get(typeName) ?? NO_ROW);
        copies.push({ layout, each });
        found.push(each);
      }
      this.byType.set(type.offset, each);
    }
    return found;
  }

  private make(name: AsyncName, coroutine: Coroutine, bodyRow: number): AsyncFunction {
    const body = bodyRow === NO_ROW ? undefined : this.functions.ofRow(bodyRow);
    return {
      kind: name.kind,
      name: withImplNamed(name, coroutine, body),
      generics: name.generics,
      crate: name.crate,
      task: name.task,
      declaration: coroutine.states.find(({ kind }) => kind === "unresumed")?.place,
      coroutine,
      body,
    };
  }
}

const ASYNC_PREFIX = new TextEncoder().encode("{async_");

/** The functions that poll coroutines, by the full name of the coroutine's type; one with code before one without. */
function bodyRows({ info, names }: FunctionSource): Map<string, number> {
  const { index, strings } = info;
  const withCode = new Set(index.code.rows);
  const found = new Map<string, number>();
  for (let row = 0; row < index.count; row++) {
    if (index.tag(row) !== DW_TAG.subprogram) continue;
    if (!strings.startsWith(index.name(names.namedRow(row)), ASYNC_PREFIX)) continue;
    const typeName = names.of(row).replace(BODY_NAME, "{async_$1_env#$2}$3");
    if (!found.has(typeName) || withCode.has(row)) found.set(typeName, row);
  }
  return found;
}

/** The last component of a body's name, with the generic arguments after it. */
const BODY_NAME = /\{async_(fn|block|closure)#(\d+)\}(<.*>)?$/;

/**
 * DWARF counts impl blocks (`gpio::{impl#2}::wait_for_low`). A programmer names the type (`gpio::Input::wait_for_low`):
 * that of `self`, or without `self` what the linkage name of the body begins with.
 */
function withImplNamed(
  { kind, name }: AsyncName,
  { states }: Coroutine,
  body: FunctionIdentity | undefined,
): string {
  const impl = /^.*\{impl#\d+\}/.exec(name)?.[0];
  if (impl === undefined) return name;
  const self = states
    .find((state) => state.kind === "unresumed")
    ?.locals.find((local) => local.name === "self");
  const type = self?.type.kind === "pointer" ? self.type.target : self?.type;
  if (kind === "fn" && (type?.kind === "struct" || type?.kind === "enum" || type?.kind === "union")) {
    return withoutGenerics(type.name) + name.slice(impl.length);
  }
  const demangled = body?.linkageName === undefined ? undefined : demangle(body.linkageName);
  if (demangled === undefined) return name;
  const path = demangled.replace(/(?:::\{+closure(?:#\d+)?\}+)+$/, "");
  return kind === "fn" ? path : nameInside(path, kind, /#(\d+)\}$/.exec(name)?.[1] ?? "0");
}

/** What must be equal for two descriptions to be of one state machine. */
function layoutOf({ byteSize, alignment, discriminant, states }: Coroutine): string {
  const parts: unknown[] = [byteSize, alignment, discriminant.offset, discriminant.byteSize];
  for (const { name, discriminant, place, locals, awaitee } of states) {
    parts.push(name, discriminant, place?.file.id, place?.line, awaitee?.offset);
    for (const local of locals) parts.push(local.name, local.offset, local.byteSize);
  }
  return parts.join();
}
