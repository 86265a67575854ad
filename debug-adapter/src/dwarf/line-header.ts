import { ByteReader, OutOfBounds } from "../base/byte-reader";
import { DW_FORM, DW_LNCT, formName } from "./constants";
import type { DwarfSections } from "./sections";
import type { DwarfStrings } from "./strings";
import { readLength } from "./unit-header";

/** A file of a line program: its name as written, and the directory it is relative to. */
export interface LineFile {
  readonly name: string;
  /** Index into `directories`. */
  readonly directory: number;
}

/** The header of a line program (DWARF 5 section 6.2.4). */
export interface LineHeader {
  readonly offset: number;
  /** 2 to 5. */
  readonly version: number;
  readonly minInstructionLength: number;
  readonly defaultIsStatement: boolean;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  /** Number of LEB128 operands of each standard opcode, from opcode 1 at index 1. */
  readonly operandCounts: Uint8Array;
  /** By index; index 0 is the unit's own directory, which versions before 5 leave out (then it is ""). */
  readonly directories: readonly string[];
  /** By file number; number 0 is undefined before version 5. */
  readonly files: readonly (LineFile | undefined)[];
  readonly programStart: number;
  readonly programEnd: number;
}

/**
 * Reads the header at an offset of `.debug_line`.
 * @throws OutOfBounds if it makes no sense
 */
export function readLineHeader(sections: DwarfSections, strings: DwarfStrings, offset: number): LineHeader {
  const outer = new ByteReader(sections.line, offset);
  const length = readLength(outer);
  if (outer.offset - offset !== 4) throw new OutOfBounds("64-bit DWARF is not read");
  const programEnd = outer.offset + length;
  const reader = new ByteReader(sections.line, outer.offset, programEnd);
  const version = reader.u16();
  if (version < 2 || version > 5) throw new OutOfBounds(`line programs of version ${version} are not read`);
  if (version >= 5) reader.skip(2); // address_size, segment_selector_size
  const headerLength = reader.u32();
  const programStart = reader.offset + headerLength;
  if (programStart > programEnd) throw new OutOfBounds("the header is longer than its program");
  const minInstructionLength = reader.u8();
  if (version >= 4) reader.skip(1); // maximum_operations_per_instruction: 1 on every machine that is not VLIW
  const defaultIsStatement = reader.u8() !== 0;
  const lineBase = reader.i8();
  const lineRange = reader.u8();
  const opcodeBase = reader.u8();
  const operandCounts = new Uint8Array(Math.max(opcodeBase, 1));
  for (let opcode = 1; opcode < opcodeBase; opcode++) operandCounts[opcode] = reader.u8();
  const tables = version >= 5 ? readTables(reader, strings) : readOldTables(reader);
  return {
    offset,
    version,
    minInstructionLength,
    defaultIsStatement,
    lineBase,
    lineRange,
    opcodeBase,
    operandCounts,
    ...tables,
    programStart,
    programEnd,
  };
}

type Tables = Pick<LineHeader, "directories" | "files">;

/** DWARF 4 section 6.2.4, items 11 and 12. */
function readOldTables(reader: ByteReader): Tables {
  const directories = [""];
  for (let name = reader.cString(); name !== ""; name = reader.cString()) directories.push(name);
  const files: (LineFile | undefined)[] = [undefined];
  for (let name = reader.cString(); name !== ""; name = reader.cString()) {
    files.push(readOldFile(reader, name));
  }
  return { directories, files };
}

/** The rest of a file entry whose name was just read; also the operands of DW_LNE_define_file. */
export function readOldFile(reader: ByteReader, name: string): LineFile {
  const directory = reader.uleb();
  reader.uleb(); // time of last modification
  reader.uleb(); // length in bytes
  return { name, directory };
}

/** DWARF 5 section 6.2.4, items 13 to 20. */
function readTables(reader: ByteReader, strings: DwarfStrings): Tables {
  const directories = readEntries(reader, strings);
  const files = readEntries(reader, strings);
  return { directories: directories.map(({ name }) => name), files };
}

function readEntries(reader: ByteReader, strings: DwarfStrings): LineFile[] {
  const format: [content: number, form: number][] = [];
  for (let count = reader.u8(); count > 0; count--) format.push([reader.uleb(), reader.uleb()]);
  const entryCount = reader.uleb();
  // Each entry takes at least a byte, so a count beyond the bytes is a fault, and a format without fields too.
  if (entryCount > reader.remaining || (entryCount > 0 && format.length === 0)) {
    throw new OutOfBounds(`${entryCount} file table entries do not fit`);
  }
  const entries: LineFile[] = [];
  for (let i = 0; i < entryCount; i++) {
    let name = "";
    let directory = 0;
    for (const [content, form] of format) {
      if (content === DW_LNCT.path) name = readString(reader, form, strings);
      else if (content === DW_LNCT.directory_index) directory = readNumber(reader, form);
      else skipValue(reader, form);
    }
    entries.push({ name, directory });
  }
  return entries;
}

function readString(reader: ByteReader, form: number, strings: DwarfStrings): string {
  switch (form) {
    case DW_FORM.string:
      return reader.cString();
    case DW_FORM.line_strp:
      return strings.text(strings.inLineStr(reader.u32())) ?? "";
    case DW_FORM.strp:
      return strings.text(strings.inStr(reader.u32())) ?? "";
    default:
      skipValue(reader, form);
      return "";
  }
}

function readNumber(reader: ByteReader, form: number): number {
  switch (form) {
    case DW_FORM.udata:
      return reader.uleb();
    case DW_FORM.data1:
      return reader.u8();
    case DW_FORM.data2:
      return reader.u16();
    default:
      skipValue(reader, form);
      return 0;
  }
}

/** Skips a value of one of the forms that DWARF 5 section 6.2.4.1 allows here. */
function skipValue(reader: ByteReader, form: number): void {
  switch (form) {
    case DW_FORM.data16:
      reader.skip(16);
      break;
    case DW_FORM.data8:
      reader.skip(8);
      break;
    case DW_FORM.data4:
    case DW_FORM.strp:
    case DW_FORM.line_strp:
      reader.skip(4);
      break;
    case DW_FORM.data2:
      reader.skip(2);
      break;
    case DW_FORM.data1:
      reader.skip(1);
      break;
    case DW_FORM.block:
      reader.skip(reader.uleb());
      break;
    case DW_FORM.udata:
      reader.uleb();
      break;
    case DW_FORM.string:
      reader.cString();
      break;
    default:
      throw new OutOfBounds(`file tables with ${formName(form)} are not read`);
  }
}
