import { OutOfBounds } from "../base/byte-reader";
import { DW_AT } from "../dwarf/constants";
import type { DebugInfo } from "../dwarf/debug-info";
import type { Entry } from "../dwarf/entry";
import { type LineFile, type LineHeader, readLineHeader } from "../dwarf/line-header";
import type { FileNumbers } from "../dwarf/line-program";
import { place } from "../dwarf/sections";
import type { Unit } from "../dwarf/unit";
import type { SourceFile, SourceFiles, SourcePlace } from "./source-files";

/** Written where a row's file number is not in its program's file table. */
export const NO_FILE = 0xffffffff;

/**
 * The file table of one unit: file numbers of its entries and line rows to source files.
 * Paths are put together when a number is first asked for.
 */
export class UnitFiles implements FileNumbers {
  private readonly files: (SourceFile | undefined)[] = [];
  private readonly defined: (LineFile | undefined)[];

  constructor(
    private readonly unit: Pick<Unit, "directory">,
    readonly header: LineHeader,
    private readonly sources: SourceFiles,
  ) {
    this.defined = [...header.files];
  }

  /** The file of a number, or undefined if the table has none. */
  get(fileNumber: number): SourceFile | undefined {
    const known = this.files[fileNumber];
    if (known !== undefined) return known;
    const entry = this.defined[fileNumber];
    if (entry === undefined) return undefined;
    const file = this.sources.intern(this.directoryOf(entry), entry.name);
    this.files[fileNumber] = file;
    return file;
  }

  idOf(fileNumber: number): number {
    return this.get(fileNumber)?.id ?? NO_FILE;
  }

  define(file: LineFile): void {
    this.defined.push(file);
  }

  private directoryOf({ directory }: LineFile): string {
    const { directories } = this.header;
    const base = directories[0] === "" ? this.unit.directory : `${directories[0]}`;
    const own = directory === 0 ? "" : (directories[directory] ?? "");
    if (own === "") return base;
    return /^(?:[/\\]|[A-Za-z]:)/.test(own) || base === "" ? own : `${base}/${own}`;
  }
}

/** The file tables of all units, each read when first needed, and the places that entries name. */
export class EntryPlaces {
  /** By offset of the line program; units may share one. */
  private readonly tables = new Map<number, UnitFiles | undefined>();

  constructor(
    private readonly info: DebugInfo,
    private readonly sources: SourceFiles,
  ) {}

  /** The file table of a unit, or undefined, with a problem where it should be there. */
  filesOf(unit: Unit): UnitFiles | undefined {
    const offset = unit.lineOffset;
    if (offset === undefined) return undefined;
    if (!this.tables.has(offset)) this.tables.set(offset, this.read(unit, offset));
    return this.tables.get(offset);
  }

  /** Where an entry is declared. */
  declarationOf(entry: Entry): SourcePlace | undefined {
    return this.placeOf(entry, DW_AT.decl_file, DW_AT.decl_line, DW_AT.decl_column);
  }

  /** Where an inlined subroutine was called. */
  callOf(entry: Entry): SourcePlace | undefined {
    return this.placeOf(entry, DW_AT.call_file, DW_AT.call_line, DW_AT.call_column);
  }

  private placeOf(entry: Entry, fileAt: number, lineAt: number, columnAt: number): SourcePlace | undefined {
    const fileNumber = entry.number(fileAt);
    const unit = this.info.units[entry.unit.index];
    if (fileNumber === undefined || unit === undefined) return undefined;
    const file = this.filesOf(unit)?.get(fileNumber);
    return file && { file, line: entry.number(lineAt) ?? 0, column: entry.number(columnAt) ?? 0 };
  }

  private read(unit: Unit, offset: number): UnitFiles | undefined {
    try {
      return new UnitFiles(unit, readLineHeader(this.info.sections, this.info.strings, offset), this.sources);
    } catch (error) {
      if (!(error instanceof OutOfBounds)) throw error;
      this.info.problems.add(place(".debug_line", offset), error.message);
      return undefined;
    }
  }
}
