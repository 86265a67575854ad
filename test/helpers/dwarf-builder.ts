import { DW_FORM, DW_UT } from "#adapter/dwarf/constants";
import type { SectionSource } from "#adapter/dwarf/sections";

/** An entry to be written. Each gets an abbreviation of its own. */
export interface EntryDescription {
  /** A name by which attributes of other entries refer to it. */
  readonly id?: string;
  readonly tag: number;
  readonly attributes?: readonly AttributeDescription[];
  readonly children?: readonly EntryDescription[];
}

/** A value is written as its form says; `{ ref }` is the offset of the entry of that id. */
export type AttributeDescription = readonly [
  attribute: number,
  form: number,
  value?: number | bigint | string | Uint8Array | { readonly ref: string },
];

export interface UnitDescription {
  /** Default 4. */
  readonly version?: number;
  /** Default `DW_UT_compile`; in version 5 only. */
  readonly kind?: number;
  readonly addressSize?: number;
  readonly root: EntryDescription;
}

export interface BuiltDwarf extends SectionSource {
  /** Offset in `.debug_info` of the entry of an id. */
  offsetOf(id: string): number;
  /** The same with some sections replaced. */
  with(sections: Readonly<Record<string, Uint8Array>>): BuiltDwarf;
}

/** Bytes that grow as they are written, little-endian. */
export class ByteWriter {
  private readonly bytes: number[] = [];

  get length(): number {
    return this.bytes.length;
  }

  /** Little-endian, `size` bytes. */
  uint(value: number | bigint, size: number): this {
    for (let rest = BigInt.asUintN(8 * size, BigInt(value)), i = 0; i < size; i++, rest >>= 8n) {
      this.bytes.push(Number(rest & 0xffn));
    }
    return this;
  }

  u8(...values: number[]): this {
    for (const value of values) this.uint(value, 1);
    return this;
  }

  u32(value: number): this {
    return this.uint(value, 4);
  }

  uleb(value: number | bigint): this {
    let rest = BigInt(value);
    do {
      const more = rest >> 7n > 0n;
      this.bytes.push(Number(rest & 0x7fn) | (more ? 0x80 : 0));
      rest >>= 7n;
    } while (rest > 0n);
    return this;
  }

  sleb(value: number | bigint): this {
    let rest = BigInt(value);
    for (;;) {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      const isLast = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0);
      this.bytes.push(isLast ? low : low | 0x80);
      if (isLast) return this;
    }
  }

  /** UTF-8 and a zero byte. */
  text(value: string): this {
    return this.raw(new TextEncoder().encode(value)).u8(0);
  }

  raw(bytes: Iterable<number>): this {
    this.bytes.push(...bytes);
    return this;
  }

  /** Replaces the 32-bit number at an offset. */
  patch(offset: number, value: number): void {
    for (let i = 0; i < 4; i++) this.bytes[offset + i] = (value >>> (8 * i)) & 0xff;
  }

  done(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }
}

/** Writes units and, beside them, the string sections they need. Other sections are given as they are. */
export function buildDwarf(
  units: readonly UnitDescription[],
  otherSections: Readonly<Record<string, Uint8Array>> = {},
): BuiltDwarf {
  const writer = new DwarfWriter();
  for (const unit of units) writer.addUnit(unit);
  return writer.done(otherSections);
}

class DwarfWriter {
  private readonly info = new ByteWriter();
  private readonly abbrev = new ByteWriter();
  private readonly str = new ByteWriter().text("");
  private readonly lineStr = new ByteWriter().text("");
  private readonly offsets = new Map<string, number>();
  private readonly references: { readonly at: number; readonly id: string; readonly base: number }[] = [];
  private code = 0;

  addUnit({ version = 4, kind = DW_UT.compile, addressSize = 4, root }: UnitDescription): void {
    const { info, abbrev } = this;
    const start = info.length;
    const table = abbrev.length;
    info.u32(0).uint(version, 2);
    if (version >= 5) info.u8(kind, addressSize).u32(table);
    else info.u32(table).u8(addressSize);
    this.code = 0;
    this.addEntry(root, start);
    abbrev.u8(0);
    info.patch(start, info.length - start - 4);
  }

  done(otherSections: Readonly<Record<string, Uint8Array>>): BuiltDwarf {
    for (const { at, id, base } of this.references) this.info.patch(at, this.offsetOf(id) - base);
    const sections = {
      ".debug_info": this.info.done(),
      ".debug_abbrev": this.abbrev.done(),
      ".debug_str": this.str.done(),
      ".debug_line_str": this.lineStr.done(),
      ...otherSections,
    };
    return builtFrom(sections, (id) => this.offsetOf(id));
  }

  private offsetOf(id: string): number {
    const offset = this.offsets.get(id);
    if (offset === undefined) throw new Error(`No entry is called ${id}`);
    return offset;
  }

  private addEntry({ id, tag, attributes = [], children = [] }: EntryDescription, unitStart: number): void {
    const { info, abbrev } = this;
    const code = ++this.code;
    if (id !== undefined) this.offsets.set(id, info.length);
    abbrev
      .uleb(code)
      .uleb(tag)
      .u8(children.length > 0 ? 1 : 0);
    info.uleb(code);
    for (const [attribute, form, value] of attributes) {
      abbrev.uleb(attribute).uleb(form);
      if (form === DW_FORM.implicit_const) abbrev.sleb(value as number);
      else this.addValue(form, value, unitStart);
    }
    abbrev.u8(0, 0);
    if (children.length === 0) return;
    for (const child of children) this.addEntry(child, unitStart);
    info.u8(0);
  }

  private addValue(form: number, value: AttributeDescription[2], unitStart: number): void {
    const { info } = this;
    if (typeof value === "object" && "ref" in value) {
      this.references.push({
        at: info.length,
        id: value.ref,
        base: form === DW_FORM.ref_addr ? 0 : unitStart,
      });
      info.u32(0);
    } else if (typeof value === "string") this.addText(form, value);
    else if (value instanceof Uint8Array) {
      if (form === DW_FORM.block1) info.u8(value.length);
      else if (form !== DW_FORM.data16) info.uleb(value.length);
      info.raw(value);
    } else if (value !== undefined) this.addNumber(form, value);
  }

  private addText(form: number, value: string): void {
    if (form === DW_FORM.string) this.info.text(value);
    else {
      const section = form === DW_FORM.line_strp ? this.lineStr : this.str;
      this.info.u32(section.length);
      section.text(value);
    }
  }

  private addNumber(form: number, value: number | bigint): void {
    switch (form) {
      case DW_FORM.udata:
      case DW_FORM.ref_udata:
      case DW_FORM.strx:
      case DW_FORM.addrx:
      case DW_FORM.rnglistx:
      case DW_FORM.indirect:
        this.info.uleb(value);
        break;
      case DW_FORM.sdata:
        this.info.sleb(value);
        break;
      case DW_FORM.data1:
      case DW_FORM.flag:
      case DW_FORM.strx1:
      case DW_FORM.addrx1:
      case DW_FORM.ref1:
        this.info.uint(value, 1);
        break;
      case DW_FORM.data2:
      case DW_FORM.strx2:
      case DW_FORM.addrx2:
      case DW_FORM.ref2:
        this.info.uint(value, 2);
        break;
      case DW_FORM.strx3:
      case DW_FORM.addrx3:
        this.info.uint(value, 3);
        break;
      case DW_FORM.data8:
      case DW_FORM.ref8:
      case DW_FORM.ref_sig8:
        this.info.uint(value, 8);
        break;
      default:
        this.info.uint(value, 4);
    }
  }
}

function builtFrom(
  sections: Readonly<Record<string, Uint8Array>>,
  offsetOf: (id: string) => number,
): BuiltDwarf {
  return {
    section: (name) => sections[name],
    offsetOf,
    with: (replaced) => builtFrom({ ...sections, ...replaced }, offsetOf),
  };
}
