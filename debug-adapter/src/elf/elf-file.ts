import type { Address } from "../base/brand";
import { type Problem, ProblemList, UserError } from "../base/errors";
import { type Architecture, type BuildAttributes, readBuildAttributes } from "./build-attributes";
import {
  EM_ARM,
  EV_CURRENT,
  PF_X,
  PT_INTERP,
  PT_LOAD,
  SHF_ALLOC,
  SHF_COMPRESSED,
  SHT_ARM_ATTRIBUTES,
  SHT_NOBITS,
  SHT_SYMTAB,
  SYMBOL_SIZE,
} from "./constants";
import { decompressLegacySection, decompressSection } from "./decompress";
import { BUILD_FOR_PICO, cutShort, type ElfHeader, type Machine, readHeader } from "./header";
import { StringTable } from "./string-table";
import { SymbolTable } from "./symbol-table";
import { fileBytes, readSections, readSegments, type Section, type Segment } from "./tables";

/**
 * Parses the ELF file of firmware for a 32-bit microcontroller.
 * Whatever does not keep it from running (an unreadable section, no debug information) is a problem or a query.
 * @param bytes    the whole file; not copied, and must not change afterwards
 * @param name     what to call the file in errors: usually its base name
 * @param machines whose firmware is wanted: ARM's if not given
 * @throws UserError if it cannot be such firmware
 */
export function parseElf(bytes: Uint8Array, name: string, machines: readonly Machine[] = [EM_ARM]): ElfFile {
  const problems = new ProblemList();
  const header = readHeader(bytes, name, machines);
  const segments = readSegments(bytes, header, name);
  checkSegments(bytes, segments, name);
  const sections = readSections(bytes, header, name, problems);
  checkHeader(header, segments, problems);
  return new ElfFile({ bytes, name, header, segments, sections, problems });
}

interface ElfParts {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly header: ElfHeader;
  readonly segments: readonly Segment[];
  readonly sections: readonly Section[];
  readonly problems: ProblemList;
}

/** A parsed ELF file. Sections are unpacked and symbols indexed when first asked for. */
export class ElfFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly header: ElfHeader;
  readonly segments: readonly Segment[];
  readonly sections: readonly Section[];
  readonly symbols: SymbolTable;
  /** What `.ARM.attributes` says, or undefined if there is none. */
  readonly attributes: BuildAttributes | undefined;
  private readonly problemList: ProblemList;
  private readonly sectionsByName: ReadonlyMap<string, Section>;
  private readonly unpacked = new Map<number, Uint8Array | undefined>();

  constructor({ bytes, name, header, segments, sections, problems }: ElfParts) {
    this.name = name;
    this.bytes = bytes;
    this.header = header;
    this.segments = segments;
    this.sections = sections;
    this.problemList = problems;
    this.sectionsByName = indexByName(sections, problems);
    this.symbols = this.readSymbols();
    const attributes = sections.find(({ type }) => type === SHT_ARM_ATTRIBUTES);
    const data = attributes && this.sectionData(attributes);
    this.attributes = data && readBuildAttributes(data, problems);
  }

  /** Everything found wrong so far; grows as sections and symbols are first read. */
  get problems(): Problem[] {
    return this.problemList.list();
  }

  /** The instruction set it was built for, or undefined if the file does not say. */
  get architecture(): Architecture | undefined {
    return this.attributes?.architecture;
  }

  /** Whether there is DWARF debug information. Without it, firmware runs but nothing can be shown by name. */
  get hasDebugInfo(): boolean {
    const section = this.sectionNamed(".debug_info");
    return section !== undefined && section.type !== SHT_NOBITS && section.size > 0;
  }

  /** Whether the symbols were removed. */
  get isStripped(): boolean {
    return this.symbols.length <= 1;
  }

  /** The header of the section of this name; `.debug_x` also finds the legacy `.zdebug_x`. */
  sectionNamed(name: string): Section | undefined {
    const found = this.sectionsByName.get(name);
    if (found || !name.startsWith(".debug_")) return found;
    return this.sectionsByName.get(`.z${name.slice(1)}`);
  }

  /**
   * The bytes of the section of this name, unpacked, as a view where possible.
   * Undefined if there is no such section or it cannot be read (a problem then says why).
   */
  section(name: string): Uint8Array | undefined {
    const section = this.sectionNamed(name);
    return section && this.sectionData(section);
  }

  /** The bytes of a section, unpacked; empty for one without bytes in the file (`.bss`). */
  sectionData(section: Section): Uint8Array | undefined {
    if (!this.unpacked.has(section.index)) this.unpacked.set(section.index, this.unpack(section));
    return this.unpacked.get(section.index);
  }

  /** The section that holds an address of the running program, or undefined. */
  sectionAt(at: Address): Section | undefined {
    return this.sections.find(
      (section) =>
        (section.flags & SHF_ALLOC) !== 0 && at >= section.address && at < section.address + section.size,
    );
  }

  private unpack(section: Section): Uint8Array | undefined {
    const raw = fileBytes(this.bytes, section);
    // Sections that reach past the end of the file were reported when the headers were read.
    if (!raw) return undefined;
    const isLegacy = section.name.startsWith(".zdebug_");
    const isCompressed = (section.flags & SHF_COMPRESSED) !== 0;
    if (section.type === SHT_NOBITS || !(isLegacy || isCompressed)) return raw;
    const result = isCompressed ? decompressSection(raw) : decompressLegacySection(raw);
    if ("bytes" in result) return result.bytes;
    this.problemList.add(`section ${section.name}`, result.fault);
    return undefined;
  }

  private readSymbols(): SymbolTable {
    const section = this.sections.find(({ type }) => type === SHT_SYMTAB);
    const data = section && this.sectionData(section);
    if (!data) return SymbolTable.empty(this.problemList);
    if (data.length % SYMBOL_SIZE !== 0) {
      this.problemList.add(`section ${section.name}`, `its size is no multiple of ${SYMBOL_SIZE}`);
    }
    const strings = this.sections[section.link];
    const names = strings && this.sectionData(strings);
    if (!names) this.problemList.add(`section ${section.name}`, "its names cannot be read");
    const table = new StringTable(names ?? new Uint8Array(0), "symbol names", this.problemList);
    return new SymbolTable(data, table, this.sections);
  }
}

function checkSegments(bytes: Uint8Array, segments: readonly Segment[], name: string): void {
  if (segments.some(({ type }) => type === PT_INTERP)) {
    throw new UserError(
      `${name} is a dynamically linked program for an operating system, not firmware`,
      BUILD_FOR_PICO,
    );
  }
  const loadable = segments.filter(({ type, fileSize }) => type === PT_LOAD && fileSize > 0);
  if (loadable.length === 0) {
    throw new UserError(
      `${name} has nothing to load into the chip`,
      "check that .cargo/config.toml passes -C link-arg=-Tlink.x to the linker, and build again",
    );
  }
  const isCut = loadable.some(({ offset, fileSize }) => offset + fileSize > bytes.length);
  if (isCut) throw cutShort(name, "the code and data to load");
}

function checkHeader(header: ElfHeader, segments: readonly Segment[], problems: ProblemList): void {
  if (header.version !== EV_CURRENT) problems.add("ELF header", `has unknown version ${header.version}`);
  const entersCode = segments.some(
    ({ type, flags, virtualAddress, memorySize }) =>
      type === PT_LOAD &&
      (flags & PF_X) !== 0 &&
      header.entry >= virtualAddress &&
      header.entry < virtualAddress + memorySize,
  );
  if (!entersCode) problems.add("ELF header", "the entry point lies outside the program's code");
}

function indexByName(sections: readonly Section[], problems: ProblemList): Map<string, Section> {
  const index = new Map<string, Section>();
  for (const section of sections) {
    if (section.name === "") continue;
    if (!index.has(section.name)) index.set(section.name, section);
    else problems.add(`section ${section.name}`, "appears more than once; the first is read");
  }
  return index;
}
