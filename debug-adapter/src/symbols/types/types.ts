import { DW_AT, DW_TAG } from "../../dwarf/constants";
import type { DebugInfo } from "../../dwarf/debug-info";
import type { Entry } from "../../dwarf/entry";
import { NO_ROW } from "../../dwarf/entry-index";
import { place } from "../../dwarf/sections";
import type { QualifiedNames } from "../qualified-names";
import type { SourcePlace } from "../source-files";
import type { EntryPlaces } from "../unit-files";
import { moveToVariantPart, ReadEnumType } from "./enum-type";
import {
  ReadAliasType,
  ReadArrayType,
  ReadBaseType,
  ReadPlainEnumType,
  ReadPointerType,
  ReadSubroutineType,
  UNKNOWN_TYPE,
} from "./simple-types";
import { ReadStructType, ReadUnionType } from "./struct-type";
import type { Type } from "./type";
import { withoutGenerics } from "./type-name";
import type { TypeSource } from "./type-source";

/** The types of a program, each read when first asked for. */
export class Types implements TypeSource {
  private readonly read = new Map<number, Type>();
  private readonly byName = new Map<string, readonly Type[]>();

  constructor(
    private readonly info: DebugInfo,
    private readonly names: QualifiedNames,
    private readonly places: EntryPlaces,
  ) {}

  /** The type that an entry of `.debug_info` describes; an unknown type, with a problem, if it describes none. */
  at(offset: number | undefined): Type {
    // rustc leaves the type out where nothing can be said of it, as of the target of `*const c_void`.
    if (offset === undefined) return UNKNOWN_TYPE;
    let type = this.read.get(offset);
    if (type === undefined) {
      type = this.readAt(offset);
      this.read.set(offset, type);
    }
    return type;
  }

  /**
   * The type of a full name, as in `embassy_executor::raw::TaskHeader`. Several units may describe the type:
   * this is the first that does so completely.
   */
  named(name: string): Type | undefined {
    return this.allNamed(name)[0];
  }

  /** Every description of the type of a full name. */
  allNamed(name: string): readonly Type[] {
    let found = this.byName.get(name);
    if (found === undefined) {
      found = this.rowsWhere(this.names.matcher(name)).map((row) => this.ofRow(row));
      this.byName.set(name, found);
    }
    return found;
  }

  /**
   * All instances of a generic type by its name without arguments (`embassy_executor::raw::TaskStorage`), once for
   * each unit that describes it.
   */
  withPath(path: string): Type[] {
    const last = new TextEncoder().encode(path.slice(path.lastIndexOf(":") + 1));
    const { index, strings } = this.info;
    return this.rowsWhere(
      (row) => strings.startsWith(index.name(row), last) && withoutGenerics(this.names.of(row)) === path,
    ).map((row) => this.ofRow(row));
  }

  /** The type that an index row describes. */
  ofRow(row: number): Type {
    return this.at(this.info.index.offset(row));
  }

  /** Index rows of types that are described completely and satisfy `isWanted`. */
  rowsWhere(isWanted: (row: number) => boolean): number[] {
    const { index } = this.info;
    const rows: number[] = [];
    for (let row = 0; row < index.count; row++) {
      if (isTypeTag(index.tag(row)) && isWanted(row) && !index.isDeclaration(row)) rows.push(row);
    }
    return rows;
  }

  entryAt(offset: number): Entry | undefined {
    return this.info.entryAt(offset);
  }

  declarationOf(entry: Entry): SourcePlace | undefined {
    return this.places.declarationOf(entry);
  }

  problem(offset: number, what: string): void {
    this.info.problems.add(place(".debug_info", offset), what);
  }

  private readAt(offset: number): Type {
    const entry = this.info.entryAt(offset);
    if (entry === undefined) return UNKNOWN_TYPE;
    switch (entry.tag) {
      case DW_TAG.base_type:
      case DW_TAG.unspecified_type:
        return new ReadBaseType(entry, this.nameOf(entry));
      case DW_TAG.pointer_type:
      case DW_TAG.reference_type:
      case DW_TAG.rvalue_reference_type:
        return new ReadPointerType(entry, this);
      case DW_TAG.array_type:
        return new ReadArrayType(entry, this);
      case DW_TAG.structure_type:
      case DW_TAG.class_type: {
        const isEnum = moveToVariantPart(entry.copy());
        return isEnum
          ? new ReadEnumType(entry, this.nameOf(entry), this)
          : new ReadStructType(entry, this.nameOf(entry), this);
      }
      case DW_TAG.union_type:
        return new ReadUnionType(entry, this.nameOf(entry), this);
      case DW_TAG.enumeration_type:
        return new ReadPlainEnumType(entry, this.nameOf(entry), this);
      case DW_TAG.subroutine_type:
        return new ReadSubroutineType(entry, this);
      case DW_TAG.typedef:
      case DW_TAG.const_type:
      case DW_TAG.volatile_type:
      case DW_TAG.restrict_type:
      case DW_TAG.atomic_type:
        return new ReadAliasType(entry, this.nameOf(entry), this);
      default:
        this.problem(offset, "a type is expected here");
        return UNKNOWN_TYPE;
    }
  }

  private nameOf(entry: Entry): string {
    const row = this.info.index.rowAt(entry.offset);
    return row === NO_ROW ? (entry.string(DW_AT.name) ?? "") : this.names.of(row);
  }
}

function isTypeTag(tag: number): boolean {
  switch (tag) {
    case DW_TAG.structure_type:
    case DW_TAG.class_type:
    case DW_TAG.union_type:
    case DW_TAG.enumeration_type:
    case DW_TAG.base_type:
    case DW_TAG.typedef:
      return true;
    default:
      return false;
  }
}
