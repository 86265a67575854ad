import { afterLeb, slebAt, u16At, u32At, u64At, ulebAt, ulebBigAt } from "./bytes";
import { DW_AT, DW_FORM, formName } from "./constants";
import { skipForm } from "./forms";
import type { ProblemList } from "../base/errors";
import type { Abbreviation, AbbreviationTable } from "./abbreviations";
import type { AddressRange } from "./ranges";
import { place } from "./sections";
import { type DwarfStrings, NO_STRING, type StringRef } from "./strings";

/** What a cursor needs of its unit: the bytes, and how values are read whose meaning depends on the unit. */
export interface EntryUnit {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly rootOffset: number;
  readonly end: number;
  readonly abbreviations: AbbreviationTable;
  readonly info: { readonly strings: DwarfStrings; readonly problems: ProblemList };
  stringOf(form: number, at: number): StringRef;
  addressOf(form: number, at: number): number | undefined;
  referenceOf(form: number, at: number): number | undefined;
  blockOf(form: number, at: number): Uint8Array | undefined;
  rangesOf(form: number, at: number): readonly AddressRange[];
  contiguousRange(start: number, end: number): AddressRange[];
}

/**
 * A cursor over the entries (DIEs) of one unit. It is moved from entry to entry and reads attributes of the
 * one it is on; nothing is made per entry, and nothing is read that is not asked for.
 *
 *     const member = unit.entryAt(structOffset);
 *     for (let more = member.firstChild(); more; more = member.nextSibling()) …
 *
 * An attribute that is absent, or of a form that makes no sense for it, reads as undefined.
 * Faults of the input end the walk and become problems of the unit; no method throws.
 */
export class Entry {
  private abbreviation: Abbreviation = NOTHING;
  private position = 0;
  private attributesAt = 0;
  private level = 0;
  // The value that `find` found last.
  private valueAt = 0;
  private form = 0;
  private constant = 0;

  constructor(readonly unit: EntryUnit) {}

  /** Offset of the entry in `.debug_info`; it identifies the entry. */
  get offset(): number {
    return this.position;
  }

  /** A number of `DW_TAG`. */
  get tag(): number {
    return this.abbreviation.tag;
  }

  get hasChildren(): boolean {
    return this.abbreviation.hasChildren;
  }

  /** How far below the entry that `moveTo` went to; kept by `next` only. */
  get depth(): number {
    return this.level;
  }

  /** The abbreviation's list of attributes, for those who want all of them. */
  get shape(): Abbreviation {
    return this.abbreviation;
  }

  /** Goes to the entry at an offset of `.debug_info`; false if this unit has no entry there. */
  moveTo(offset: number): boolean {
    this.level = 0;
    if (offset < this.unit.rootOffset || offset >= this.unit.end) return false;
    return this.read(offset);
  }

  /** A second cursor on the same entry. */
  copy(): Entry {
    const copy = new Entry(this.unit);
    copy.moveTo(this.position);
    return copy;
  }

  /** Goes to the next entry in document order; false when the entry of the last `moveTo` has no more below it. */
  next(): boolean {
    const { bytes, end } = this.unit;
    let level = this.level + (this.abbreviation.hasChildren ? 1 : 0);
    let at = this.attributesEnd();
    while (level > 0 && at < end) {
      if (bytes[at] === 0) {
        level--;
        at++;
      } else {
        this.level = level;
        return this.read(at);
      }
    }
    return false;
  }

  /** Goes to the first child; false, with the cursor where it was, if there is none. */
  firstChild(): boolean {
    if (!this.abbreviation.hasChildren) return false;
    const at = this.attributesEnd();
    return at < this.unit.end && this.unit.bytes[at] !== 0 && this.read(at);
  }

  /** Goes to the next child of the same parent; false, with the cursor where it was, if this is the last. */
  nextSibling(): boolean {
    const at = this.subtreeEnd();
    return at < this.unit.end && this.unit.bytes[at] !== 0 && this.read(at);
  }

  has(attribute: number): boolean {
    return this.find(attribute);
  }

  /** A constant as a number; above 2^53 it is rounded. DWARF 4 file offsets of form data4 are constants too. */
  number(attribute: number): number | undefined {
    if (!this.find(attribute)) return undefined;
    const { bytes } = this.unit;
    switch (this.form) {
      case DW_FORM.data1:
        return bytes[this.valueAt];
      case DW_FORM.data2:
        return u16At(bytes, this.valueAt);
      case DW_FORM.data4:
      case DW_FORM.sec_offset:
        return u32At(bytes, this.valueAt);
      case DW_FORM.udata:
        return ulebAt(bytes, this.valueAt);
      case DW_FORM.implicit_const:
        return this.constant;
      default: {
        const value = this.constantValue();
        return value === undefined ? undefined : Number(value);
      }
    }
  }

  /**
   * A constant with all its bits. Fixed-size forms do not tell their sign (DWARF 5 section 7.5.5): they read as
   * unsigned, and whoever knows the type at hand cuts the number to size.
   */
  bigint(attribute: number): bigint | undefined {
    return this.find(attribute) ? this.constantValue() : undefined;
  }

  flag(attribute: number): boolean {
    if (!this.find(attribute)) return false;
    if (this.form === DW_FORM.flag_present) return true;
    if (this.form === DW_FORM.implicit_const) return this.constant !== 0;
    return (this.unit.bytes[this.valueAt] ?? 0) !== 0;
  }

  address(attribute: number): number | undefined {
    return this.find(attribute) ? this.unit.addressOf(this.form, this.valueAt) : undefined;
  }

  /** The first address after the entry's code, which DWARF 4 and later write as an offset from `lowPc`. */
  highPc(lowPc: number): number | undefined {
    const size = this.number(DW_AT.high_pc);
    return size === undefined ? this.address(DW_AT.high_pc) : lowPc + size;
  }

  /** The entry's code: low_pc and high_pc, or ranges; empty if it has none or the linker dropped it. */
  ranges(): readonly AddressRange[] {
    if (this.find(DW_AT.ranges)) return this.unit.rangesOf(this.form, this.valueAt);
    const start = this.address(DW_AT.low_pc);
    if (start === undefined) return [];
    return this.unit.contiguousRange(start, this.highPc(start) ?? start + 1);
  }

  string(attribute: number): string | undefined {
    return this.unit.info.strings.text(this.stringRef(attribute));
  }

  stringRef(attribute: number): StringRef {
    return this.find(attribute) ? this.unit.stringOf(this.form, this.valueAt) : NO_STRING;
  }

  /** The offset in `.debug_info` of the entry that an attribute refers to. It may lead anywhere. */
  reference(attribute: number): number | undefined {
    return this.find(attribute) ? this.unit.referenceOf(this.form, this.valueAt) : undefined;
  }

  /** The bytes of a block or expression, as a view; undefined also for a location list. */
  block(attribute: number): Uint8Array | undefined {
    if (!this.find(attribute)) return undefined;
    return this.unit.blockOf(this.form, this.valueAt);
  }

  /** The form of an attribute, or undefined if it is absent. */
  formOf(attribute: number): number | undefined {
    return this.find(attribute) ? this.form : undefined;
  }

  /** Where in `.debug_info` an attribute's value lies, or undefined if it is absent. */
  valueOffset(attribute: number): number | undefined {
    return this.find(attribute) ? this.valueAt : undefined;
  }

  private read(at: number): boolean {
    const { bytes, end } = this.unit;
    const code = ulebAt(bytes, at);
    const abbreviation = code === 0 ? undefined : this.unit.abbreviations.get(code);
    this.position = at;
    this.abbreviation = abbreviation ?? NOTHING;
    this.attributesAt = afterLeb(bytes, at);
    if (abbreviation === undefined) {
      const what = code === 0 ? "there is no entry here" : `abbreviation ${code} is not defined`;
      this.unit.info.problems.add(place(".debug_info", at), what);
      return false;
    }
    if (this.attributesEnd() <= end) return true;
    this.unit.info.problems.add(place(".debug_info", at), this.whyNoEnd());
    this.abbreviation = NOTHING;
    return false;
  }

  private whyNoEnd(): string {
    const unknown = this.abbreviation.forms.find((form) => skipForm(this.unit.bytes, 0, form) === Infinity);
    if (unknown !== undefined && unknown !== DW_FORM.string && unknown !== DW_FORM.indirect) {
      return `the entry has a value of the unknown form ${formName(unknown)}`;
    }
    return "the entry leads outside its unit";
  }

  private attributesEnd(): number {
    const { fixedSize, forms } = this.abbreviation;
    if (fixedSize >= 0) return this.attributesAt + fixedSize;
    let at = this.attributesAt;
    for (const form of forms) at = skipForm(this.unit.bytes, at, form);
    return at;
  }

  /** The offset after this entry and everything below it. */
  private subtreeEnd(): number {
    if (!this.abbreviation.hasChildren) return this.attributesEnd();
    const sibling = this.reference(DW_AT.sibling);
    if (sibling !== undefined && sibling > this.position && sibling <= this.unit.end) return sibling;
    const inner = new Entry(this.unit);
    if (!inner.moveTo(this.position)) return this.unit.end;
    let at = inner.attributesEnd();
    for (let level = 1; level > 0 && at < this.unit.end;) {
      if (this.unit.bytes[at] === 0) {
        level--;
        at++;
      } else {
        if (!inner.read(at)) return this.unit.end;
        if (inner.hasChildren) level++;
        at = inner.attributesEnd();
      }
    }
    return at;
  }

  private constantValue(): bigint | undefined {
    const { bytes } = this.unit;
    switch (this.form) {
      case DW_FORM.data1:
        return BigInt(bytes[this.valueAt] ?? 0);
      case DW_FORM.data2:
        return BigInt(u16At(bytes, this.valueAt));
      case DW_FORM.data4:
      case DW_FORM.sec_offset:
        return BigInt(u32At(bytes, this.valueAt));
      case DW_FORM.data8:
        return u64At(bytes, this.valueAt);
      case DW_FORM.data16:
        return u64At(bytes, this.valueAt) | (u64At(bytes, this.valueAt + 8) << 64n);
      case DW_FORM.udata:
        return ulebBigAt(bytes, this.valueAt);
      case DW_FORM.sdata:
        return slebAt(bytes, this.valueAt);
      case DW_FORM.implicit_const:
        return BigInt(this.constant);
      case DW_FORM.block1:
      case DW_FORM.block: {
        // rustc writes 128-bit discriminants as blocks of 16 bytes.
        const block = this.unit.blockOf(this.form, this.valueAt);
        return block?.length === 16 ? u64At(block, 0) | (u64At(block, 8) << 64n) : undefined;
      }
      default:
        return undefined;
    }
  }

  /** Sets form and position of an attribute's value. */
  private find(attribute: number): boolean {
    const { attributes, forms, implicitConstants } = this.abbreviation;
    const { bytes } = this.unit;
    let at = this.attributesAt;
    for (let i = 0; i < attributes.length; i++) {
      const form = forms[i]!;
      if (attributes[i] === attribute) {
        this.form = form;
        this.constant = implicitConstants[i]!;
        if (form === DW_FORM.indirect) {
          this.form = ulebAt(bytes, at);
          at = afterLeb(bytes, at);
        }
        this.valueAt = at;
        return true;
      }
      at = skipForm(bytes, at, form);
    }
    return false;
  }
}

const NOTHING: Abbreviation = {
  tag: 0,
  hasChildren: false,
  attributes: [],
  forms: [],
  implicitConstants: [],
  fixedSize: 0,
};
