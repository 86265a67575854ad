import { ByteReader, OutOfBounds } from "../base/byte-reader";
import type { ProblemList } from "../base/errors";
import { GrowingColumn } from "./columns";
import { DW_LNE, DW_LNS } from "./constants";
import { type LineFile, type LineHeader, readOldFile } from "./line-header";
import { isKept } from "./ranges";
import { place } from "./sections";

/** Bits of a row's flags (DWARF 5 section 6.2.2). */
export const LINE_IS_STATEMENT = 1;
export const LINE_BASIC_BLOCK = 2;
export const LINE_PROLOGUE_END = 4;
export const LINE_EPILOGUE_BEGIN = 8;
export const LINE_END_SEQUENCE = 16;

/**
 * Rows of line programs as columns, grouped in sequences: stretches of ascending addresses, each closed by a row
 * of flag `LINE_END_SEQUENCE` whose address is the first one after the stretch.
 */
export class LineRows {
  readonly addresses = new GrowingColumn(16384);
  /** File numbers of the program they came from, or what `FileNumbers` made of them. */
  readonly files = new GrowingColumn(16384);
  readonly lines = new GrowingColumn(16384);
  readonly columns = new GrowingColumn(16384);
  readonly flags = new GrowingColumn(16384);
  readonly discriminators = new GrowingColumn(16384);
  /** First row of each sequence. */
  readonly sequenceStarts = new GrowingColumn();
  /** The closing row of each sequence. */
  readonly sequenceEnds = new GrowingColumn();

  get count(): number {
    return this.addresses.length;
  }

  /** Forgets rows from `count` on: those of a sequence that turned out not to be wanted. */
  truncate(count: number): void {
    for (const column of [
      this.addresses,
      this.files,
      this.lines,
      this.columns,
      this.flags,
      this.discriminators,
    ]) {
      column.truncate(count);
    }
  }
}

/**
 * Runs a line program (DWARF 5 section 6.2.5) and appends its rows. Sequences of code that the linker dropped are
 * left out; so are, with a problem, those whose addresses descend. A fault ends the program, with a problem.
 *
 * @param bytes the whole of `.debug_line`
 */
export function runLineProgram(
  bytes: Uint8Array,
  header: LineHeader,
  rows: LineRows,
  files: FileNumbers,
  problems: ProblemList,
): void {
  const machine = new LineMachine(header, rows, files, problems);
  try {
    machine.run(new ByteReader(bytes, header.programStart, header.programEnd));
  } catch (error) {
    if (!(error instanceof OutOfBounds)) throw error;
    problems.add(place(".debug_line", header.offset), `the line program is cut short: ${error.message}`);
  }
  machine.dropOpenSequence();
}

/** Turns a program's file numbers into what its rows should say. */
export interface FileNumbers {
  idOf(fileNumber: number): number;
  /** Called for a file that the program itself defines; it gets the next file number. */
  define(file: LineFile): void;
}

class LineMachine {
  private address = 0;
  private fileId: number;
  private line = 1;
  private column = 0;
  private discriminator = 0;
  /** Flags of the next row; those other than `LINE_IS_STATEMENT` are cleared by it. */
  private flags: number;
  private firstRow: number;
  private isAscending = true;
  /** Whether the sequence at hand has begun, and is of code that the linker dropped. */
  private isOpen = false;
  private isDropped = false;
  private readonly initialFlags: number;

  constructor(
    private readonly header: LineHeader,
    private readonly rows: LineRows,
    private readonly files: FileNumbers,
    private readonly problems: ProblemList,
  ) {
    this.initialFlags = header.defaultIsStatement ? LINE_IS_STATEMENT : 0;
    this.flags = this.initialFlags;
    this.firstRow = rows.count;
    this.fileId = files.idOf(1);
  }

  run(reader: ByteReader): void {
    const { opcodeBase, lineBase, lineRange, minInstructionLength } = this.header;
    while (!reader.isAtEnd) {
      const opcode = reader.u8();
      if (opcode === 0) this.runExtended(reader);
      else if (opcode < opcodeBase) this.runStandard(opcode, reader);
      else {
        const adjusted = opcode - opcodeBase;
        if (lineRange === 0) throw new OutOfBounds("special opcodes need a line range");
        this.address += minInstructionLength * Math.floor(adjusted / lineRange);
        this.line += lineBase + (adjusted % lineRange);
        this.appendRow();
      }
    }
  }

  /** Removes the rows of a sequence that never ended. */
  dropOpenSequence(): void {
    if (this.rows.count === this.firstRow) return;
    this.problems.add(place(".debug_line", this.header.offset), "the last sequence has no end");
    this.rows.truncate(this.firstRow);
  }

  private runStandard(opcode: number, reader: ByteReader): void {
    const { opcodeBase, lineRange, minInstructionLength, operandCounts } = this.header;
    switch (opcode) {
      case DW_LNS.copy:
        this.appendRow();
        return;
      case DW_LNS.advance_pc:
        this.address += minInstructionLength * reader.uleb();
        return;
      case DW_LNS.advance_line:
        this.line += reader.sleb();
        return;
      case DW_LNS.set_file:
        this.fileId = this.files.idOf(reader.uleb());
        return;
      case DW_LNS.set_column:
        this.column = reader.uleb();
        return;
      case DW_LNS.negate_stmt:
        this.flags ^= LINE_IS_STATEMENT;
        return;
      case DW_LNS.set_basic_block:
        this.flags |= LINE_BASIC_BLOCK;
        return;
      case DW_LNS.const_add_pc:
        if (lineRange === 0) throw new OutOfBounds("DW_LNS_const_add_pc needs a line range");
        this.address += minInstructionLength * Math.floor((255 - opcodeBase) / lineRange);
        return;
      case DW_LNS.fixed_advance_pc:
        this.address += reader.u16();
        return;
      case DW_LNS.set_prologue_end:
        this.flags |= LINE_PROLOGUE_END;
        return;
      case DW_LNS.set_epilogue_begin:
        this.flags |= LINE_EPILOGUE_BEGIN;
        return;
      default:
        // Opcodes of later versions say in the header how many operands there are to skip.
        for (let count = operandCounts[opcode]!; count > 0; count--) reader.uleb();
    }
  }

  private runExtended(reader: ByteReader): void {
    const length = reader.uleb();
    const next = reader.offset + length;
    if (length === 0) return;
    if (next > reader.end) throw new OutOfBounds("an extended opcode leads outside the program");
    switch (reader.u8()) {
      case DW_LNE.end_sequence:
        this.flags |= LINE_END_SEQUENCE;
        this.appendRow();
        this.endSequence();
        break;
      case DW_LNE.set_address:
        if (length !== 5) throw new OutOfBounds(`DW_LNE_set_address of ${length - 1} bytes is not read`);
        this.address = reader.u32();
        break;
      case DW_LNE.define_file:
        this.files.define(readOldFile(reader, reader.cString()));
        break;
      case DW_LNE.set_discriminator:
        this.discriminator = reader.uleb();
        break;
    }
    reader.offset = next;
  }

  private appendRow(): void {
    const { rows, address } = this;
    if (address > 0xffffffff) throw new OutOfBounds("an address exceeds 32 bits");
    if (!this.isOpen) {
      this.isOpen = true;
      this.isDropped = !isKept(address);
    }
    if (!this.isDropped) {
      const previous = rows.count - 1;
      if (previous >= this.firstRow && rows.addresses.at(previous) > address) this.isAscending = false;
      rows.addresses.push(address);
      rows.files.push(this.fileId);
      rows.lines.push(this.line);
      rows.columns.push(this.column);
      rows.flags.push(this.flags);
      rows.discriminators.push(this.discriminator);
    }
    this.discriminator = 0;
    this.flags &= LINE_IS_STATEMENT;
  }

  private endSequence(): void {
    const { rows, firstRow } = this;
    if (!this.isAscending) {
      const start = rows.addresses.at(firstRow);
      const where = place(".debug_line", this.header.offset);
      this.problems.add(where, `addresses of the sequence at 0x${start.toString(16)} descend`);
      rows.truncate(firstRow);
    } else if (!this.isDropped) {
      rows.sequenceStarts.push(firstRow);
      rows.sequenceEnds.push(rows.count - 1);
    }
    this.firstRow = rows.count;
    this.isAscending = true;
    this.isOpen = false;
    this.address = 0;
    this.fileId = this.files.idOf(1);
    this.line = 1;
    this.column = 0;
    this.discriminator = 0;
    this.flags = this.initialFlags;
  }
}
