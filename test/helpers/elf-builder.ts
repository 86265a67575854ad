import { deflateSync } from "node:zlib";
import {
  ELF_HEADER_SIZE,
  ELFCLASS32,
  ELFCOMPRESS_ZLIB,
  ELFCOMPRESS_ZSTD,
  ELFDATA2LSB,
  EM_ARM,
  ET_EXEC,
  EV_CURRENT,
  PF_R,
  PF_X,
  PROGRAM_HEADER_SIZE,
  PT_LOAD,
  SECTION_HEADER_SIZE,
  SHF_ALLOC,
  SHF_COMPRESSED,
  SHF_EXECINSTR,
  SHN_ABS,
  SHT_NOBITS,
  SHT_PROGBITS,
  SHT_STRTAB,
  SHT_SYMTAB,
  STB_GLOBAL,
  STB_LOCAL,
  STB_WEAK,
  STT_FUNC,
  STT_NOTYPE,
  STT_OBJECT,
  SYMBOL_SIZE,
} from "#adapter/elf/constants";

/** What `buildElf` makes a file of. Whatever is left out is what a small firmware for the Pico has. */
export interface ElfDescription {
  readonly header?: Partial<ElfHeaderFields>;
  /** Beside these, the file gets the symbol table, its names and the section names. */
  readonly sections?: readonly SectionDescription[];
  /** By default one loadable segment for each allocated section that has bytes. */
  readonly segments?: readonly SegmentDescription[];
  readonly symbols?: readonly SymbolDescription[];
}

/** Fields of the ELF header that a test may want to be wrong. */
export interface ElfHeaderFields {
  readonly elfClass: number;
  readonly encoding: number;
  readonly type: number;
  readonly machine: number;
  readonly version: number;
  readonly entry: number;
  readonly flags: number;
  readonly programHeaderSize: number;
  readonly sectionHeaderSize: number;
  readonly sectionNamesIndex: number;
}

export interface SectionDescription {
  readonly name: string;
  readonly type?: number;
  readonly flags?: number;
  readonly address?: number;
  /** Bytes, or text as UTF-8. */
  readonly data?: Uint8Array | readonly number[] | string;
  /**
   * How the bytes are packed: `zlib` and `zstd` as `SHF_COMPRESSED` (for zstd only the header is right), `legacy` as
   * in `.zdebug_` sections.
   */
  readonly compress?: "zlib" | "zstd" | "legacy";
  /** For `SHT_NOBITS`, or to lie about the size. */
  readonly size?: number;
  /** To lie about the place in the file. */
  readonly offset?: number;
  readonly link?: number;
  readonly info?: number;
  readonly entrySize?: number;
}

export interface SegmentDescription {
  /** The section whose bytes it covers; its place is the default of all that follows. */
  readonly section?: string;
  readonly type?: number;
  readonly flags?: number;
  readonly offset?: number;
  readonly virtualAddress?: number;
  readonly physicalAddress?: number;
  readonly fileSize?: number;
  readonly memorySize?: number;
}

export interface SymbolDescription {
  readonly name: string;
  /** As in the file: with bit 0 set for a Thumb function. */
  readonly value: number;
  readonly size?: number;
  readonly kind?: "function" | "object" | "none" | number;
  readonly binding?: "global" | "weak" | "local";
  /** Name of its section, or "absolute" or "undefined"; by default the first section. */
  readonly section?: string;
}

/** A section that makes a file loadable: one instruction, `bx lr`, at the start of flash. */
export const TEXT: SectionDescription = {
  name: ".text",
  flags: SHF_ALLOC | SHF_EXECINSTR,
  address: 0x1000_0000,
  data: [0x70, 0x47],
};

/** Builds an ELF file. Debug sections alone are enough of a description: the code to load is added then. */
export function buildElf(description: ElfDescription = {}): Uint8Array {
  const described = description.sections ?? [];
  const isLoadable = described.some(({ flags = 0 }) => (flags & SHF_ALLOC) !== 0);
  const own = isLoadable || description.segments ? described : [TEXT, ...described];
  const sections = [...own, ...symbolSections(description.symbols, own)].map(packed);
  const names = stringTable([...sections.map(({ name }) => name), ".shstrtab"]);
  sections.push(packed({ name: ".shstrtab", type: SHT_STRTAB, data: names.bytes }));

  const placed = place(sections, description.segments?.length);
  const segments = description.segments ?? defaultSegments(own);
  const programHeaders = segments.map((segment) => programHeader(segment, placed));
  const end = placed.reduce(
    (last, { start, bytes }) => Math.max(last, start + bytes.length),
    ELF_HEADER_SIZE,
  );
  const sectionHeaderOffset = align(
    Math.max(end, ELF_HEADER_SIZE + programHeaders.length * PROGRAM_HEADER_SIZE),
  );
  const headers = [
    new Uint8Array(SECTION_HEADER_SIZE),
    ...placed.map((section) => sectionHeader(section, names.offsetOf(section.name))),
  ];

  const file = new Uint8Array(sectionHeaderOffset + headers.length * SECTION_HEADER_SIZE);
  writeHeader(file, description.header ?? {}, {
    programHeaderCount: programHeaders.length,
    sectionHeaderOffset,
    sectionHeaderCount: headers.length,
  });
  programHeaders.forEach((bytes, i) => file.set(bytes, ELF_HEADER_SIZE + i * PROGRAM_HEADER_SIZE));
  for (const { start, bytes } of placed) file.set(bytes, start);
  headers.forEach((bytes, i) => file.set(bytes, sectionHeaderOffset + i * SECTION_HEADER_SIZE));
  return file;
}

/** A copy of `bytes` with a 32-bit little-endian number overwritten. */
export function withU32(bytes: Uint8Array, offset: number, value: number): Uint8Array {
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint32(offset, value, true);
  return copy;
}

interface PackedSection extends SectionDescription {
  readonly bytes: Uint8Array;
}

interface PlacedSection extends PackedSection {
  readonly start: number;
}

function packed(section: SectionDescription): PackedSection {
  const { data = [], compress } = section;
  const raw = typeof data === "string" ? new TextEncoder().encode(data) : Uint8Array.from(data);
  if (section.type === SHT_NOBITS) return { ...section, bytes: new Uint8Array(0) };
  if (compress === undefined) return { ...section, bytes: raw };
  if (compress === "legacy") {
    const header = new Uint8Array(12);
    header.set(new TextEncoder().encode("ZLIB"));
    new DataView(header.buffer).setBigUint64(4, BigInt(raw.length));
    return { ...section, bytes: joined(header, deflateSync(raw)) };
  }
  const header = u32s(compress === "zlib" ? ELFCOMPRESS_ZLIB : ELFCOMPRESS_ZSTD, raw.length, 1);
  const flags = (section.flags ?? 0) | SHF_COMPRESSED;
  return { ...section, flags, bytes: joined(header, compress === "zlib" ? deflateSync(raw) : raw) };
}

function place(sections: readonly PackedSection[], segmentCount: number | undefined): PlacedSection[] {
  // Without described segments there is at most one for each section.
  let offset = ELF_HEADER_SIZE + (segmentCount ?? sections.length) * PROGRAM_HEADER_SIZE;
  return sections.map((section) => {
    const start = align(offset);
    offset = start + section.bytes.length;
    return { ...section, start };
  });
}

function defaultSegments(sections: readonly SectionDescription[]): SegmentDescription[] {
  return sections
    .filter(({ flags = 0, type }) => (flags & SHF_ALLOC) !== 0 && type !== SHT_NOBITS)
    .map(({ name }) => ({ section: name }));
}

function programHeader(segment: SegmentDescription, sections: readonly PlacedSection[]): Uint8Array {
  const section = sections.find(({ name }) => name === segment.section);
  const virtualAddress = segment.virtualAddress ?? section?.address ?? 0;
  const fileSize = segment.fileSize ?? section?.bytes.length ?? 0;
  return u32s(
    segment.type ?? PT_LOAD,
    segment.offset ?? section?.start ?? 0,
    virtualAddress,
    segment.physicalAddress ?? virtualAddress,
    fileSize,
    segment.memorySize ?? fileSize,
    segment.flags ?? PF_R | PF_X,
    4,
  );
}

function sectionHeader(section: PlacedSection, nameOffset: number): Uint8Array {
  return u32s(
    nameOffset,
    section.type ?? SHT_PROGBITS,
    section.flags ?? 0,
    section.address ?? 0,
    section.offset ?? section.start,
    section.size ?? section.bytes.length,
    section.link ?? 0,
    section.info ?? 0,
    1,
    section.entrySize ?? 0,
  );
}

function writeHeader(
  file: Uint8Array,
  fields: Partial<ElfHeaderFields>,
  places: {
    readonly programHeaderCount: number;
    readonly sectionHeaderOffset: number;
    readonly sectionHeaderCount: number;
  },
): void {
  const { elfClass = ELFCLASS32, encoding = ELFDATA2LSB } = fields;
  const isLittle = encoding === ELFDATA2LSB;
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, elfClass, encoding, EV_CURRENT]);
  view.setUint16(16, fields.type ?? ET_EXEC, isLittle);
  view.setUint16(18, fields.machine ?? EM_ARM, isLittle);
  view.setUint32(20, fields.version ?? EV_CURRENT, isLittle);
  view.setUint32(24, fields.entry ?? 0x1000_0001, isLittle);
  view.setUint32(28, places.programHeaderCount === 0 ? 0 : ELF_HEADER_SIZE, isLittle);
  view.setUint32(32, places.sectionHeaderOffset, isLittle);
  // EABI version 5 (AAELF32 5.2).
  view.setUint32(36, fields.flags ?? 0x0500_0200, isLittle);
  view.setUint16(40, ELF_HEADER_SIZE, isLittle);
  view.setUint16(42, fields.programHeaderSize ?? PROGRAM_HEADER_SIZE, isLittle);
  view.setUint16(44, places.programHeaderCount, isLittle);
  view.setUint16(46, fields.sectionHeaderSize ?? SECTION_HEADER_SIZE, isLittle);
  view.setUint16(48, places.sectionHeaderCount, isLittle);
  view.setUint16(50, fields.sectionNamesIndex ?? places.sectionHeaderCount - 1, isLittle);
}

const KINDS = { function: STT_FUNC, object: STT_OBJECT, none: STT_NOTYPE };
const BINDINGS = { local: STB_LOCAL, global: STB_GLOBAL, weak: STB_WEAK };

/** `.symtab` and `.strtab`, which stand right after the described sections. */
function symbolSections(
  symbols: readonly SymbolDescription[] | undefined,
  sections: readonly SectionDescription[],
): SectionDescription[] {
  if (!symbols) return [];
  const names = stringTable(symbols.map(({ name }) => name));
  const rows = new Uint8Array((symbols.length + 1) * SYMBOL_SIZE);
  const view = new DataView(rows.buffer);
  symbols.forEach((symbol, i) => {
    const { kind = "none", binding = "local" } = symbol;
    const at = (i + 1) * SYMBOL_SIZE;
    view.setUint32(at, names.offsetOf(symbol.name), true);
    view.setUint32(at + 4, symbol.value, true);
    view.setUint32(at + 8, symbol.size ?? 0, true);
    rows[at + 12] = (BINDINGS[binding] << 4) | (typeof kind === "number" ? kind : KINDS[kind]);
    view.setUint16(at + 14, sectionIndex(symbol.section, sections), true);
  });
  const stringsIndex = sections.length + 2;
  return [
    { name: ".symtab", type: SHT_SYMTAB, data: rows, link: stringsIndex, entrySize: SYMBOL_SIZE },
    { name: ".strtab", type: SHT_STRTAB, data: names.bytes },
  ];
}

function sectionIndex(name: string | undefined, sections: readonly SectionDescription[]): number {
  if (name === "absolute") return SHN_ABS;
  if (name === "undefined") return 0;
  // Row 0 of the section headers is empty.
  if (name === undefined) return 1;
  const index = sections.findIndex((section) => section.name === name);
  if (index < 0) throw new Error(`The description has no section ${name}`);
  return index + 1;
}

function stringTable(names: readonly string[]): { bytes: Uint8Array; offsetOf(name: string): number } {
  const offsets = new Map<string, number>([["", 0]]);
  let text = "\0";
  let length = 1;
  for (const name of names) {
    if (offsets.has(name)) continue;
    offsets.set(name, length);
    text += `${name}\0`;
    length += new TextEncoder().encode(name).length + 1;
  }
  return { bytes: new TextEncoder().encode(text), offsetOf: (name) => offsets.get(name)! };
}

function u32s(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setUint32(i * 4, value, true));
  return bytes;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

function align(offset: number): number {
  return (offset + 3) & ~3;
}
