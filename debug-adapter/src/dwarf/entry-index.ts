import type { Abbreviation } from "./abbreviations";
import { afterLeb, ulebAt } from "./bytes";
import { GrowingColumn } from "./columns";
import { DW_AT, DW_FORM, DW_TAG } from "./constants";
import { skipForm } from "./forms";
import { type AddressRange, isKept } from "./ranges";
import { place } from "./sections";
import { isAddressOperator, staticAddress } from "./static-location";
import { NO_STRING, type StringRef } from "./strings";
import type { Unit } from "./unit";

/** The parent of an entry that stands directly in its unit. */
export const NO_ROW = -1;

/**
 * What loading keeps of all entries: a row of numbers for each namespace, named type, subprogram and static, in
 * the order of their offsets. Strings are not decoded and references not followed; that happens when somebody
 * asks. A row's parent is the nearest entry around it that has a row, so it is an earlier row and walking up ends.
 */
export class EntryIndex {
  constructor(
    private readonly columns: {
      readonly offsets: Uint32Array;
      readonly parents: Uint32Array;
      readonly tags: Uint32Array;
      readonly names: Uint32Array;
      readonly origins: Uint32Array;
    },
    /** Code of subprograms: range `i` is `starts[i]` to `ends[i]` and belongs to row `rows[i]`; unsorted. */
    readonly code: CodeColumns,
    /** Variables at fixed addresses: row `rows[i]` is at `addresses[i]`; in the order of rows. */
    readonly statics: StaticColumns,
  ) {}

  get count(): number {
    return this.columns.offsets.length;
  }

  /** Offset of a row's entry in `.debug_info`. */
  offset(row: number): number {
    return this.columns.offsets[row]!;
  }

  /** The row around this one, or `NO_ROW`. */
  parent(row: number): number {
    return this.columns.parents[row]! - 1;
  }

  tag(row: number): number {
    return this.columns.tags[row]! & TAG_BITS;
  }

  /** Whether the entry only announces what another one defines (DW_AT_declaration). */
  isDeclaration(row: number): boolean {
    return (this.columns.tags[row]! & DECLARATION_BIT) !== 0;
  }

  name(row: number): StringRef {
    return this.columns.names[row]! as StringRef;
  }

  /** Offset of the entry that this one completes (DW_AT_specification, DW_AT_abstract_origin), if any. */
  origin(row: number): number | undefined {
    const origin = this.columns.origins[row]!;
    return origin === 0 ? undefined : origin;
  }

  /** The row of the entry at exactly this offset, or `NO_ROW`. */
  rowAt(offset: number): number {
    const { offsets } = this.columns;
    let low = 0;
    let high = offsets.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (offsets[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return offsets[low] === offset ? low : NO_ROW;
  }
}

export interface CodeColumns {
  readonly rows: Uint32Array;
  readonly starts: Uint32Array;
  /** Exclusive, so the last is 2^32 - 1 at most: no function ends with the last byte of memory. */
  readonly ends: Uint32Array;
}

export interface StaticColumns {
  readonly rows: Uint32Array;
  readonly addresses: Uint32Array;
}

/** Walks every entry of every unit once. A fault ends the walk of its unit only, with a problem. */
export function buildEntryIndex(units: readonly Unit[]): EntryIndex {
  const builder = new EntryIndexBuilder();
  for (const unit of units) builder.addUnit(unit);
  return builder.finish();
}

const TAG_BITS = 0xffff;
const DECLARATION_BIT = 0x10000;

/** What the pass does with a tag. */
const IGNORED = 0;
const NAMED = 1;
const SUBPROGRAM = 2;
const VARIABLE = 3;

const ROLES = new Uint8Array(0x80);
for (const tag of [
  DW_TAG.namespace,
  DW_TAG.module,
  DW_TAG.structure_type,
  DW_TAG.class_type,
  DW_TAG.union_type,
  DW_TAG.enumeration_type,
  DW_TAG.base_type,
  DW_TAG.typedef,
]) {
  ROLES[tag] = NAMED;
}
ROLES[DW_TAG.subprogram] = SUBPROGRAM;
ROLES[DW_TAG.variable] = VARIABLE;

class EntryIndexBuilder {
  private readonly offsets = new GrowingColumn(16384);
  /** One more than the parent's row, so that `NO_ROW` fits. */
  private readonly parents = new GrowingColumn(16384);
  private readonly tags = new GrowingColumn(16384);
  private readonly names = new GrowingColumn(16384);
  private readonly origins = new GrowingColumn(16384);
  private readonly codeRows = new GrowingColumn();
  private readonly codeStarts = new GrowingColumn();
  private readonly codeEnds = new GrowingColumn();
  private readonly staticRows = new GrowingColumn();
  private readonly staticAddresses = new GrowingColumn();
  // What `read` found on the entry at hand: fields instead of an object per entry.
  private after = 0;
  private name: StringRef = NO_STRING;
  private origin = 0;
  private isDeclaration = false;
  private lowPc = 0;
  private highPc = 0;
  private ranges: readonly AddressRange[] | undefined;
  private address: number | undefined;

  addUnit(unit: Unit): void {
    const { bytes, end, abbreviations } = unit;
    const enclosing: number[] = [];
    let parent = NO_ROW;
    let at = unit.rootOffset;
    while (at < end) {
      const start = at;
      const code = ulebAt(bytes, at);
      at = afterLeb(bytes, at);
      if (code === 0) {
        parent = enclosing.pop() ?? NO_ROW;
        continue;
      }
      const abbreviation = abbreviations.get(code);
      if (abbreviation === undefined) {
        this.fault(unit, start, `abbreviation ${code} is not defined`);
        return;
      }
      const role = abbreviation.tag < ROLES.length ? ROLES[abbreviation.tag]! : IGNORED;
      const rowsBefore = this.offsets.length;
      if (role === IGNORED) at = attributesEnd(bytes, at, abbreviation);
      else {
        this.read(unit, abbreviation, at);
        at = this.after;
        if (at <= end && (role !== VARIABLE || this.address !== undefined))
          this.addRow(unit, abbreviation.tag, start, parent);
      }
      if (!(at <= end)) {
        this.fault(unit, start, "the entry leads outside its unit, or has a value of an unknown form");
        return;
      }
      if (abbreviation.hasChildren) {
        enclosing.push(parent);
        if (this.offsets.length > rowsBefore) parent = rowsBefore;
      }
    }
  }

  finish(): EntryIndex {
    return new EntryIndex(
      {
        offsets: this.offsets.seal(),
        parents: this.parents.seal(),
        tags: this.tags.seal(),
        names: this.names.seal(),
        origins: this.origins.seal(),
      },
      { rows: this.codeRows.seal(), starts: this.codeStarts.seal(), ends: this.codeEnds.seal() },
      { rows: this.staticRows.seal(), addresses: this.staticAddresses.seal() },
    );
  }
  private addRow(unit: Unit, tag: number, offset: number, parent: number): void {
    const row = this.offsets.length;
    this.offsets.push(offset);
    this.parents.push(parent + 1);
    this.tags.push(this.isDeclaration ? tag | DECLARATION_BIT : tag);
    this.names.push(this.name);
    this.origins.push(this.origin);
    if (tag === DW_TAG.subprogram) this.addCode(unit, row, offset);
    else if (this.address !== undefined && isKept(this.address)) {
      this.staticRows.push(row);
      this.staticAddresses.push(this.address);
    }
  }

  private addCode(unit: Unit, row: number, offset: number): void {
    const ranges = this.ranges ?? unit.contiguousRange(this.lowPc, this.highPc);
    if (ranges.length === 0 && this.ranges === undefined && isKept(this.lowPc)) {
      this.fault(unit, offset, "the subprogram's code has no end");
    }
    for (const { start, end } of ranges) {
      this.codeRows.push(row);
      this.codeStarts.push(start);
      this.codeEnds.push(Math.min(end, 0xffffffff));
    }
  }

  /** Reads the attributes that the index is made of. */
  private read(unit: Unit, abbreviation: Abbreviation, attributesAt: number): void {
    const { attributes, forms } = abbreviation;
    const { bytes } = unit;
    this.name = NO_STRING;
    this.origin = 0;
    this.isDeclaration = false;
    this.lowPc = 0;
    this.highPc = 0;
    this.ranges = undefined;
    this.address = undefined;
    let at = attributesAt;
    for (let i = 0; i < attributes.length; i++) {
      let form = forms[i]!;
      if (form === DW_FORM.indirect) {
        form = ulebAt(bytes, at);
        at = afterLeb(bytes, at);
      }
      switch (attributes[i]!) {
        case DW_AT.name:
          this.name = unit.stringOf(form, at);
          break;
        case DW_AT.specification:
        case DW_AT.abstract_origin:
          this.origin = unit.referenceOf(form, at) ?? 0;
          break;
        case DW_AT.declaration:
          this.isDeclaration = form === DW_FORM.flag_present || bytes[at] !== 0;
          break;
        case DW_AT.low_pc:
          this.lowPc = unit.addressOf(form, at) ?? 0;
          break;
        case DW_AT.high_pc:
          this.highPc = unit.addressOf(form, at) ?? this.lowPc + unit.constantOf(form, at);
          break;
        case DW_AT.ranges:
          this.ranges = unit.rangesOf(form, at);
          break;
        case DW_AT.location:
          this.address = this.staticAddress(unit, form, at);
          break;
      }
      at = skipForm(bytes, at, form);
    }
    this.after = at;
  }

  private staticAddress(unit: Unit, form: number, at: number): number | undefined {
    // Most locations are of locals: they are told by their first operator, without making a view of them.
    if (form === DW_FORM.exprloc && !isAddressOperator(unit.bytes[afterLeb(unit.bytes, at)]))
      return undefined;
    const expression = form === DW_FORM.sec_offset ? undefined : unit.blockOf(form, at);
    return expression && staticAddress(expression, unit);
  }

  private fault(unit: Unit, offset: number, what: string): void {
    unit.info.problems.add(place(".debug_info", offset), what);
  }
}

function attributesEnd(bytes: Uint8Array, at: number, { fixedSize, forms }: Abbreviation): number {
  if (fixedSize >= 0) return at + fixedSize;
  for (const form of forms) at = skipForm(bytes, at, form);
  return at;
}
