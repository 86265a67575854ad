import { address } from "../base/brand";
import { DW_AT, DW_TAG } from "../dwarf/constants";
import type { Program } from "../symbols/program";
import type { SourcePlace } from "../symbols/source-files";
import type { StaticVariable } from "../symbols/static-variable";
import { type Coroutine, readCoroutine } from "../symbols/types/coroutine";
import type { EnumType, Type } from "../symbols/types/type";
import { pathComponents } from "../symbols/types/type-name";

/** What values ask of the program's symbols. */
export interface SymbolLookup {
  readonly statics: readonly StaticSymbol[];
  /** The static that an address lies in, vtables included. */
  staticAt(address: number): StaticSymbol | undefined;
  /** The function whose code an address lies in; the Thumb bit must be cleared. */
  functionAt(address: number): { readonly name: string; readonly address: number } | undefined;
  /** The vtable at exactly this address. */
  vtableAt(address: number): Vtable | undefined;
  /** What the first parameter of the function at exactly this address points to: of a method its type. */
  receiverOf(functionAddress: number): Type | undefined;
  /** The state machine that a type is, if it is one of an async body. */
  coroutineOf(type: EnumType): { readonly name: string; readonly coroutine: Coroutine } | undefined;
  /** What lies in the static that Embassy's task macro makes, `blink_task::POOL`, whose own type only says how large it is. */
  taskStorageOf(pool: StaticSymbol): Type | undefined;
  typeNamed(name: string): Type | undefined;
  /** Types whose path ends in these components. */
  typesEnding(shortName: string): readonly Type[];
}

export interface StaticSymbol {
  readonly name: string;
  readonly address: number;
  readonly byteSize: number;
  readonly type: Type;
  readonly declaration?: SourcePlace | undefined;
}

/** How a type implements a trait: what a `dyn Trait` pointer carries beside the data's address. */
export interface Vtable {
  /** `<blink::Led as blink::Light>::{vtable}`. */
  readonly name: string;
  /** The type that implements; undefined if the debug info does not describe it. */
  readonly implementor: Type | undefined;
}

/** What has been read of a program's symbols serves every instant of every run. */
const known = new WeakMap<Program, SymbolLookup>();

/** The symbols of a program for values. */
export function symbolsOf(program: Program): SymbolLookup {
  let symbols = known.get(program);
  if (symbols === undefined) {
    symbols = new ProgramSymbols(program);
    known.set(program, symbols);
  }
  return symbols;
}

class ProgramSymbols implements SymbolLookup {
  private readonly vtables = new Map<number, Vtable | undefined>();
  private readonly coroutines = new Map<EnumType, { name: string; coroutine: Coroutine } | undefined>();

  constructor(private readonly program: Program) {}

  get statics(): readonly StaticVariable[] {
    return this.program.statics.all;
  }

  staticAt(at: number): StaticVariable | undefined {
    return this.program.statics.at(address(at));
  }

  functionAt(at: number): { readonly name: string; readonly address: number } | undefined {
    return this.program.functions.at(address(at));
  }

  vtableAt(at: number): Vtable | undefined {
    if (!this.vtables.has(at)) this.vtables.set(at, this.readVtable(at));
    return this.vtables.get(at);
  }

  receiverOf(at: number): Type | undefined {
    const found = this.program.functions.at(address(at));
    if (found?.address !== at) return undefined;
    const entry = this.program.debugInfo.entryAt(found.entryOffset);
    if (entry === undefined) return undefined;
    for (let more = entry.firstChild(); more; more = entry.nextSibling()) {
      if (entry.tag !== DW_TAG.formal_parameter) continue;
      const origin = entry.reference(DW_AT.abstract_origin);
      const declared = origin === undefined ? entry : this.program.debugInfo.entryAt(origin);
      const type = this.program.types.at(declared?.reference(DW_AT.type));
      return type.kind === "pointer" ? type.target : undefined;
    }
    return undefined;
  }

  coroutineOf(type: EnumType): { readonly name: string; readonly coroutine: Coroutine } | undefined {
    if (!this.coroutines.has(type)) this.coroutines.set(type, this.readCoroutine(type));
    return this.coroutines.get(type);
  }

  taskStorageOf({ name }: StaticSymbol): Type | undefined {
    const spawner = /^(.+)::POOL$/.exec(name)?.[1];
    const body = this.program.asyncFunctions.all.find(
      ({ task }) => spawner !== undefined && task?.spawner === spawner,
    );
    return body && this.typeNamed(`embassy_executor::raw::TaskStorage<${body.coroutine.type.name}>`);
  }

  typeNamed(name: string): Type | undefined {
    return this.program.types.named(name);
  }

  typesEnding(shortName: string): readonly Type[] {
    const { types, debugInfo } = this.program;
    const last = new TextEncoder().encode(pathComponents(shortName).at(-1));
    const rows = types.rowsWhere((row) => debugInfo.strings.equals(debugInfo.index.name(row), last));
    const found = rows.map((row) => types.ofRow(row));
    return found.filter(({ name }) => name === shortName || name.endsWith(`::${shortName}`));
  }

  /** rustc names the implementor as the containing type of the vtable's own type (DWARF 5 section 5.7.8). */
  private readVtable(at: number): Vtable | undefined {
    const found = this.staticAt(at);
    if (found?.address !== at || !found.name.endsWith(VTABLE_SUFFIX)) return undefined;
    const { name, type } = found;
    const containing = this.program.debugInfo.entryAt(type.offset)?.reference(DW_AT.containing_type);
    const written = /^<(.+) as /.exec(name)?.[1];
    const implementor =
      containing === undefined
        ? written === undefined
          ? undefined
          : this.typeNamed(written)
        : this.program.types.at(containing);
    return { name, implementor };
  }

  private readCoroutine(type: EnumType): { name: string; coroutine: Coroutine } | undefined {
    const known = this.program.asyncFunctions.ofType(type);
    if (known !== undefined) return { name: known.name + known.generics, coroutine: known.coroutine };
    if (!/\{async_(fn|block|closure)_env#\d+\}/.test(pathComponents(type.name).at(-1) ?? ""))
      return undefined;
    const coroutine = readCoroutine(type, () => undefined);
    return coroutine && { name: type.name, coroutine };
  }
}

const VTABLE_SUFFIX = "{vtable}";
