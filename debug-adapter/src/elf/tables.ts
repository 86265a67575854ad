import { address, type Address } from "../base/brand";
import { ByteReader } from "../base/byte-reader";
import { UserError, type ProblemList } from "../base/errors";
import {
  PN_XNUM,
  PROGRAM_HEADER_SIZE,
  SECTION_HEADER_SIZE,
  SHN_XINDEX,
  SHT_NOBITS,
  SHT_NULL,
} from "./constants";
import { BUILD_AGAIN, cutShort, type ElfHeader } from "./header";
import { StringTable } from "./string-table";

/** A program header (gABI 5.1); offset and sizes in bytes. */
export interface Segment {
  readonly index: number;
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly virtualAddress: Address;
  /** Where a flasher puts the bytes: for initialised data in RAM, its copy in flash. */
  readonly physicalAddress: Address;
  readonly fileSize: number;
  readonly memorySize: number;
  readonly alignment: number;
}

/** A section header (gABI 4.4); offset and sizes in bytes of the file. */
export interface Section {
  readonly index: number;
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly address: Address;
  readonly offset: number;
  /** For `SHT_NOBITS` the size in memory. */
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly alignment: number;
  readonly entrySize: number;
}

/**
 * Reads the program headers.
 * @throws UserError if the table does not lie within the file
 */
export function readSegments(bytes: Uint8Array, header: ElfHeader, name: string): Segment[] {
  const count = programHeaderCount(bytes, header);
  if (count === 0) return [];
  if (header.programHeaderSize !== PROGRAM_HEADER_SIZE) {
    throw new UserError(`${name} has a damaged ELF header`, BUILD_AGAIN);
  }
  const end = header.programHeaderOffset + count * PROGRAM_HEADER_SIZE;
  if (end > bytes.length) throw cutShort(name, "its program headers");
  const reader = new ByteReader(bytes, header.programHeaderOffset, end);
  return Array.from({ length: count }, (_, index) => readSegment(reader, index));
}

/**
 * Reads the section headers; what is wrong with one becomes a problem.
 * @throws UserError if the table does not lie within the file
 */
export function readSections(
  bytes: Uint8Array,
  header: ElfHeader,
  name: string,
  problems: ProblemList,
): Section[] {
  if (header.sectionHeaderOffset === 0) return [];
  if (header.sectionHeaderSize !== SECTION_HEADER_SIZE) {
    problems.add("section headers", `are ${header.sectionHeaderSize} bytes each, not ${SECTION_HEADER_SIZE}`);
    return [];
  }
  const start = header.sectionHeaderOffset;
  if (start + SECTION_HEADER_SIZE > bytes.length) throw cutShort(name, "its section headers");
  const first = readSection(new ByteReader(bytes, start), 0);
  const count = header.sectionHeaderCount === 0 ? first.size : header.sectionHeaderCount;
  const end = start + count * SECTION_HEADER_SIZE;
  if (end > bytes.length) throw cutShort(name, "its section headers");

  const reader = new ByteReader(bytes, start, end);
  const raw = Array.from({ length: count }, (_, index) => readSection(reader, index));
  const namesIndex = header.sectionNamesIndex === SHN_XINDEX ? first.link : header.sectionNamesIndex;
  const named = withNames(bytes, raw, namesIndex, problems);
  reportOverlaps(bytes, named, problems);
  return named;
}

/** The bytes of a section in the file, as a view; empty for `SHT_NOBITS`, undefined if not all are in the file. */
export function fileBytes(bytes: Uint8Array, section: Omit<Section, "name">): Uint8Array | undefined {
  if (section.type === SHT_NOBITS || section.type === SHT_NULL) return bytes.subarray(0, 0);
  if (section.offset + section.size > bytes.length) return undefined;
  return bytes.subarray(section.offset, section.offset + section.size);
}

interface RawSection extends Omit<Section, "name"> {
  readonly nameOffset: number;
}

function programHeaderCount(bytes: Uint8Array, header: ElfHeader): number {
  if (header.programHeaderCount !== PN_XNUM) return header.programHeaderCount;
  const start = header.sectionHeaderOffset;
  if (start === 0 || start + SECTION_HEADER_SIZE > bytes.length) return PN_XNUM;
  return readSection(new ByteReader(bytes, start), 0).info;
}

function readSegment(reader: ByteReader, index: number): Segment {
  const type = reader.u32();
  const offset = reader.u32();
  const virtualAddress = address(reader.u32());
  const physicalAddress = address(reader.u32());
  const fileSize = reader.u32();
  const memorySize = reader.u32();
  const flags = reader.u32();
  const alignment = reader.u32();
  return {
    index,
    type,
    flags,
    offset,
    virtualAddress,
    physicalAddress,
    fileSize,
    memorySize,
    alignment,
  };
}

function readSection(reader: ByteReader, index: number): RawSection {
  return {
    index,
    nameOffset: reader.u32(),
    type: reader.u32(),
    flags: reader.u32(),
    address: address(reader.u32()),
    offset: reader.u32(),
    size: reader.u32(),
    link: reader.u32(),
    info: reader.u32(),
    alignment: reader.u32(),
    entrySize: reader.u32(),
  };
}

function withNames(
  bytes: Uint8Array,
  sections: readonly RawSection[],
  namesIndex: number,
  problems: ProblemList,
): Section[] {
  const table = sections[namesIndex];
  const data = table && namesIndex !== 0 ? fileBytes(bytes, table) : undefined;
  if (!data) problems.add("section headers", `the table of section names (${namesIndex}) cannot be read`);
  const names = new StringTable(data ?? bytes.subarray(0, 0), "section names", problems);
  return sections.map(({ nameOffset, ...rest }) => ({ ...rest, name: data ? names.at(nameOffset) : "" }));
}

/** Reports sections that share bytes of the file, or reach past its end. */
function reportOverlaps(bytes: Uint8Array, sections: readonly Section[], problems: ProblemList): void {
  const inFile = sections.filter(({ type, size }) => type !== SHT_NOBITS && type !== SHT_NULL && size > 0);
  inFile.sort((a, b) => a.offset - b.offset);
  let previous: Section | undefined;
  for (const section of inFile) {
    if (section.offset + section.size > bytes.length) {
      problems.add(`section ${describe(section)}`, "reaches past the end of the file");
      continue;
    }
    if (previous && section.offset < previous.offset + previous.size) {
      problems.add(`section ${describe(section)}`, `overlaps section ${describe(previous)} in the file`);
    }
    if (!previous || section.offset + section.size > previous.offset + previous.size) previous = section;
  }
}

function describe(section: Section): string {
  return section.name === "" ? `number ${section.index}` : section.name;
}
