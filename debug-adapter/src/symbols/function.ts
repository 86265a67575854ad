import { type Address, address } from "../base/brand";
import { DW_AT, DW_TAG } from "../dwarf/constants";
import type { DebugInfo } from "../dwarf/debug-info";
import type { Entry } from "../dwarf/entry";
import type { AddressRange } from "../dwarf/ranges";
import { demangle } from "../elf/demangle";
import type { QualifiedNames } from "./qualified-names";
import type { SourcePlace } from "./source-files";
import { readTypeArguments } from "./types/member";
import type { Type, TypeArgument } from "./types/type";
import type { Types } from "./types/types";
import type { EntryPlaces } from "./unit-files";

/** What functions are read from. */
export interface FunctionSource {
  readonly info: DebugInfo;
  readonly names: QualifiedNames;
  readonly places: EntryPlaces;
  readonly types: Types;
}

/**
 * A function by what the programmer wrote: it may have code of its own, be inlined into others, or both.
 * Everything is read when first asked for.
 */
export class FunctionIdentity {
  private linkageNameRead: string | null | undefined;

  /** @param row the function's row in the entry index */
  constructor(
    readonly row: number,
    protected readonly source: FunctionSource,
  ) {}

  /** Offset in `.debug_info` of the entry with the function's code, parameters and variables. */
  get entryOffset(): number {
    return this.source.info.index.offset(this.row);
  }

  /** Full name with generic arguments: `embassy_executor::raw::TaskStorage<F>::poll<F>`. */
  get name(): string {
    return this.source.names.of(this.row);
  }

  /** Full name without generic arguments: `embassy_executor::raw::TaskStorage::poll`. */
  get path(): string {
    return this.source.names.pathOf(this.row);
  }

  /** The last component of its name: `poll<F>`. To be asked for before the full name, which takes longer to make. */
  get ownName(): string {
    return this.source.names.ownNameOf(this.row);
  }

  /** The name that the linker knows it by, mangled; undefined if there is none. */
  get linkageName(): string | undefined {
    this.linkageNameRead ??= this.attribute((entry) => entry.string(DW_AT.linkage_name)) ?? null;
    return this.linkageNameRead ?? undefined;
  }

  /** Where the source declares it. */
  get declaration(): SourcePlace | undefined {
    return this.attribute((entry) => this.source.places.declarationOf(entry));
  }

  /**
   * The linker's name in readable form. Unlike `name` it tells which trait a method implements:
   * `<blink::Countdown as core::future::future::Future>::poll`.
   */
  get demangledName(): string | undefined {
    return this.linkageName === undefined ? undefined : demangle(this.linkageName);
  }

  /** The types of its parameters, in order; those that the compiler dropped are not here. */
  get parameterTypes(): Type[] {
    const { info, types } = this.source;
    const entry = info.entryAt(this.entryOffset);
    const found: Type[] = [];
    for (let more = entry?.firstChild() ?? false; entry !== undefined && more; more = entry.nextSibling()) {
      if (entry.tag !== DW_TAG.formal_parameter) continue;
      const origin = entry.reference(DW_AT.abstract_origin);
      const declared = origin === undefined ? undefined : info.entryAt(origin);
      found.push(types.at(entry.reference(DW_AT.type) ?? declared?.reference(DW_AT.type)));
    }
    return found;
  }

  get typeArguments(): TypeArgument[] {
    return this.attribute((entry) => nonEmpty(readTypeArguments(entry, this.source.types))) ?? [];
  }

  /** Undefined for a function that returns nothing. */
  get result(): Type | undefined {
    const offset = this.attribute((entry) => entry.reference(DW_AT.type));
    return offset === undefined ? undefined : this.source.types.at(offset);
  }

  /** Whether the source marks it as never returning (`-> !`), as far as the compiler says so. */
  get isNoReturn(): boolean {
    return this.attribute((entry) => entry.flag(DW_AT.noreturn) || undefined) ?? false;
  }

  /** Where the source declares variables of a name, at any depth of blocks: each line once. */
  declarationsOf(variable: string): SourcePlace[] {
    const places = new Map<string, SourcePlace>();
    const { info } = this.source;
    let offset: number | undefined = this.entryOffset;
    for (let steps = 0; steps < LONGEST_ORIGIN_CHAIN && offset !== undefined; steps++) {
      const entry = info.entryAt(offset);
      if (entry?.tag !== DW_TAG.subprogram) break;
      for (const place of this.declaredIn(entry.copy(), variable, 0)) {
        places.set(`${place.file.id}:${place.line}`, place);
      }
      offset = entry.reference(DW_AT.specification) ?? entry.reference(DW_AT.abstract_origin);
    }
    return [...places.values()];
  }

  private declaredIn(block: Entry, variable: string, depth: number): SourcePlace[] {
    const found: SourcePlace[] = [];
    if (depth > DEEPEST_BLOCK) return found;
    for (let more = block.firstChild(); more; more = block.nextSibling()) {
      if (block.tag === DW_TAG.lexical_block)
        found.push(...this.declaredIn(block.copy(), variable, depth + 1));
      if (block.tag !== DW_TAG.variable || block.string(DW_AT.name) !== variable) continue;
      const place = this.source.places.declarationOf(block.copy());
      if (place !== undefined) found.push(place);
    }
    return found;
  }

  /** Reads from the entry, or from what it completes: definition, declaration, abstract instance. */
  private attribute<Value>(read: (entry: Entry) => Value | undefined): Value | undefined {
    const { info } = this.source;
    let offset: number | undefined = this.entryOffset;
    for (let steps = 0; steps < LONGEST_ORIGIN_CHAIN && offset !== undefined; steps++) {
      const entry = info.entryAt(offset);
      if (entry?.tag !== DW_TAG.subprogram) return undefined;
      const value = read(entry.copy());
      if (value !== undefined) return value;
      offset = entry.reference(DW_AT.specification) ?? entry.reference(DW_AT.abstract_origin);
    }
    return undefined;
  }
}

/** A function that has code of its own. */
export class ProgramFunction extends FunctionIdentity {
  /**
   * @param ranges its code, at least one; the part that it is entered at first
   */
  constructor(
    row: number,
    readonly ranges: readonly AddressRange[],
    source: FunctionSource,
  ) {
    super(row, source);
  }

  /** Where it is entered. */
  get address(): Address {
    return address(this.ranges[0]!.start);
  }

  /** Bytes of code. */
  get byteSize(): number {
    return this.ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  }

  contains(at: number): boolean {
    return this.ranges.some(({ start, end }) => start <= at && at < end);
  }
}

const LONGEST_ORIGIN_CHAIN = 8;

/** Blocks within blocks; deeper ones are broken. */
const DEEPEST_BLOCK = 100;

function nonEmpty<Item>(list: Item[]): Item[] | undefined {
  return list.length === 0 ? undefined : list;
}
