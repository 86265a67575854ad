import type { ProblemList } from "../base/errors";
import type { AbbreviationTable } from "./abbreviations";
import { afterLeb, u16At, u24At, u32At, ulebAt } from "./bytes";
import { DW_AT, DW_FORM, formName } from "./constants";
import { Entry, type EntryUnit } from "./entry";
import { type AddressRange, isKept, type RangeContext, type RangeLists } from "./ranges";
import { type DwarfSections, place } from "./sections";
import { type DwarfStrings, NO_STRING, type StringRef } from "./strings";
import type { UnitHeader } from "./unit-header";

/** What the units of one file share. */
export interface UnitSurroundings {
  readonly sections: DwarfSections;
  readonly strings: DwarfStrings;
  readonly rangeLists: RangeLists;
  readonly problems: ProblemList;
}

/**
 * A compilation unit: where its entries are, and how values are read whose meaning depends on the unit
 * (indices into string and address tables, unit-relative references).
 */
export class Unit implements EntryUnit, RangeContext {
  readonly index: number;
  readonly offset: number;
  readonly version: number;
  readonly abbreviations: AbbreviationTable;
  readonly rootOffset: number;
  readonly end: number;
  readonly bytes: Uint8Array;
  /** Bases of the unit's parts of the shared tables (DWARF 5 section 3.1.1, items 14 to 17). */
  private readonly strOffsetsBase: number;
  private readonly addrBase: number;
  private readonly rnglistsBase: number;
  readonly lowPc: number;
  readonly name: string;
  /** The directory that relative paths of the unit start from. */
  readonly directory: string;
  readonly language: number | undefined;
  /** Offset of the unit's line program in `.debug_line`. */
  readonly lineOffset: number | undefined;

  constructor(
    header: UnitHeader,
    readonly info: UnitSurroundings,
  ) {
    this.index = header.index;
    this.offset = header.offset;
    this.version = header.version;
    this.abbreviations = header.abbreviations;
    this.rootOffset = header.rootOffset;
    this.end = header.end;
    this.bytes = info.sections.info;
    // The bases come first: they decide how the other attributes of the same entry are read.
    this.strOffsetsBase = 8;
    this.addrBase = 8;
    this.rnglistsBase = 12;
    this.lowPc = 0;
    const root = new Entry(this);
    if (!root.moveTo(header.rootOffset)) {
      this.name = "";
      this.directory = "";
      return;
    }
    this.strOffsetsBase = root.number(DW_AT.str_offsets_base) ?? this.strOffsetsBase;
    this.addrBase = root.number(DW_AT.addr_base) ?? this.addrBase;
    this.rnglistsBase = root.number(DW_AT.rnglists_base) ?? this.rnglistsBase;
    this.lowPc = root.address(DW_AT.low_pc) ?? 0;
    this.name = root.string(DW_AT.name) ?? "";
    this.directory = root.string(DW_AT.comp_dir) ?? "";
    this.language = root.number(DW_AT.language);
    this.lineOffset = root.number(DW_AT.stmt_list);
  }

  /** A cursor on the unit's own entry; it has no tag if the unit cannot be read. */
  root(): Entry {
    return this.entryAt(this.rootOffset) ?? new Entry(this);
  }

  /** A cursor on an entry, or undefined if the unit has none there. */
  entryAt(offset: number): Entry | undefined {
    const entry = new Entry(this);
    return entry.moveTo(offset) ? entry : undefined;
  }

  stringOf(form: number, at: number): StringRef {
    const { strings } = this.info;
    switch (form) {
      case DW_FORM.strp:
        return strings.inStr(u32At(this.bytes, at));
      case DW_FORM.string:
        return strings.inInfo(at);
      case DW_FORM.line_strp:
        return strings.inLineStr(u32At(this.bytes, at));
      case DW_FORM.strx:
      case DW_FORM.GNU_str_index:
        return this.stringAtIndex(ulebAt(this.bytes, at));
      case DW_FORM.strx1:
        return this.stringAtIndex(this.bytes[at] ?? 0);
      case DW_FORM.strx2:
        return this.stringAtIndex(u16At(this.bytes, at));
      case DW_FORM.strx3:
        return this.stringAtIndex(u24At(this.bytes, at));
      case DW_FORM.strx4:
        return this.stringAtIndex(u32At(this.bytes, at));
      default:
        this.unreadable(at, form, "a string");
        return NO_STRING;
    }
  }

  addressOf(form: number, at: number): number | undefined {
    switch (form) {
      case DW_FORM.addr:
        return u32At(this.bytes, at);
      case DW_FORM.addrx:
      case DW_FORM.GNU_addr_index:
        return this.addressAt(ulebAt(this.bytes, at));
      case DW_FORM.addrx1:
        return this.addressAt(this.bytes[at] ?? 0);
      case DW_FORM.addrx2:
        return this.addressAt(u16At(this.bytes, at));
      case DW_FORM.addrx3:
        return this.addressAt(u24At(this.bytes, at));
      case DW_FORM.addrx4:
        return this.addressAt(u32At(this.bytes, at));
      default:
        return undefined;
    }
  }

  /** The address at an index of the unit's part of `.debug_addr`; 0, as of dropped code, if there is none. */
  addressAt(index: number): number {
    const { addr } = this.info.sections;
    const at = this.addrBase + 4 * index;
    if (at + 4 <= addr.length) return u32At(addr, at);
    this.info.problems.add(
      place(".debug_info", this.offset),
      `address index ${index} is outside .debug_addr`,
    );
    return 0;
  }

  /** A small unsigned constant, as sizes and line numbers are; 0 for a form that is no constant. */
  constantOf(form: number, at: number): number {
    switch (form) {
      case DW_FORM.data1:
        return this.bytes[at] ?? 0;
      case DW_FORM.data2:
        return u16At(this.bytes, at);
      case DW_FORM.data4:
        return u32At(this.bytes, at);
      case DW_FORM.data8:
        return u32At(this.bytes, at) + u32At(this.bytes, at + 4) * 0x1_0000_0000;
      case DW_FORM.udata:
        return ulebAt(this.bytes, at);
      default:
        return 0;
    }
  }

  referenceOf(form: number, at: number): number | undefined {
    const { bytes } = this;
    switch (form) {
      case DW_FORM.ref1:
        return this.offset + (bytes[at] ?? 0);
      case DW_FORM.ref2:
        return this.offset + u16At(bytes, at);
      case DW_FORM.ref4:
        return this.offset + u32At(bytes, at);
      case DW_FORM.ref8:
        return this.offset + u32At(bytes, at) + u32At(bytes, at + 4) * 0x1_0000_0000;
      case DW_FORM.ref_udata:
        return this.offset + ulebAt(bytes, at);
      case DW_FORM.ref_addr:
        return u32At(bytes, at);
      default:
        this.unreadable(at, form, "a reference");
        return undefined;
    }
  }

  blockOf(form: number, at: number): Uint8Array | undefined {
    const { bytes } = this;
    switch (form) {
      case DW_FORM.exprloc:
      case DW_FORM.block: {
        const start = afterLeb(bytes, at);
        return bytes.subarray(start, start + ulebAt(bytes, at));
      }
      case DW_FORM.block1:
        return bytes.subarray(at + 1, at + 1 + (bytes[at] ?? 0));
      case DW_FORM.block2:
        return bytes.subarray(at + 2, at + 2 + u16At(bytes, at));
      case DW_FORM.block4:
        return bytes.subarray(at + 4, at + 4 + u32At(bytes, at));
      case DW_FORM.data16:
        return bytes.subarray(at, at + 16);
      default:
        return undefined;
    }
  }

  rangesOf(form: number, at: number): readonly AddressRange[] {
    const offset =
      form === DW_FORM.rnglistx ? this.rangeListOffset(ulebAt(this.bytes, at)) : u32At(this.bytes, at);
    return offset === undefined ? [] : this.info.rangeLists.at(offset, this);
  }

  /** A range as a list: empty if the linker dropped the code or the end makes no sense. */
  contiguousRange(start: number, end: number): AddressRange[] {
    if (!isKept(start)) return [];
    if (start < end && end <= 0x1_0000_0000) return [{ start, end }];
    return [];
  }

  private stringAtIndex(index: number): StringRef {
    const { strOffsets } = this.info.sections;
    const at = this.strOffsetsBase + 4 * index;
    if (at + 4 <= strOffsets.length) return this.info.strings.inStr(u32At(strOffsets, at));
    this.info.problems.add(
      place(".debug_info", this.offset),
      `string index ${index} is outside .debug_str_offsets`,
    );
    return NO_STRING;
  }

  /** The table of offsets at `rnglistsBase` is relative to itself (DWARF 5 section 7.28). */
  private rangeListOffset(index: number): number | undefined {
    const { rnglists } = this.info.sections;
    const at = this.rnglistsBase + 4 * index;
    if (at + 4 <= rnglists.length) return this.rnglistsBase + u32At(rnglists, at);
    this.info.problems.add(
      place(".debug_info", this.offset),
      `range list index ${index} is outside .debug_rnglists`,
    );
    return undefined;
  }

  private unreadable(at: number, form: number, what: string): void {
    this.info.problems.add(place(".debug_info", at), `${formName(form)} cannot be read as ${what}`);
  }
}
