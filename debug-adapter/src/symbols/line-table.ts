import { lastAtMost } from "../base/binary-search";
import { type Address, address } from "../base/brand";
import { IntervalMap } from "../base/interval-map";
import type { DebugInfo } from "../dwarf/debug-info";
import {
  LINE_EPILOGUE_BEGIN,
  LINE_IS_STATEMENT,
  LINE_PROLOGUE_END,
  LineRows,
  runLineProgram,
} from "../dwarf/line-program";
import type { SourceFile, SourceFiles, SourcePlace } from "./source-files";
import type { EntryPlaces } from "./unit-files";

/** A stretch of code that belongs to one place in the source. */
export interface LineRow {
  readonly address: Address;
  /** The first address that belongs to the next row. */
  readonly end: Address;
  /** Undefined for code that the compiler could give to no file. */
  readonly file: SourceFile | undefined;
  /** From 1; 0 for code that the compiler could give to no line. */
  readonly line: number;
  /** From 1; 0 where unknown. */
  readonly column: number;
  /** A good place for a breakpoint: a statement begins here. */
  readonly isStatement: boolean;
  /** The function's own code begins here, after what sets up its frame. */
  readonly isPrologueEnd: boolean;
  readonly isEpilogueBegin: boolean;
}

/**
 * Machine addresses to source lines and back. All line programs are run when the table is first asked: together
 * they take less time than finding out which ones are needed.
 */
export class LineTable {
  private readonly rows: LineRows;
  private readonly sequences: IntervalMap;
  /** Rows that begin a statement, in order of file, line and address. */
  private statements: Uint32Array | undefined;

  constructor(
    info: DebugInfo,
    places: EntryPlaces,
    private readonly sources: SourceFiles,
  ) {
    this.rows = runPrograms(info, places);
    const { addresses, sequenceStarts, sequenceEnds } = this.rows;
    this.sequences = new IntervalMap(
      sequenceStarts.seal().map((row) => addresses.at(row)),
      sequenceEnds.seal().map((row) => addresses.at(row)),
    );
  }

  /** Number of rows, those that close a sequence included. */
  get count(): number {
    return this.rows.count;
  }

  /** The row that the code at an address belongs to, or undefined for an address without line information. */
  rowAt(at: Address): LineRow | undefined {
    const sequence = this.sequences.find(at);
    if (sequence < 0) return undefined;
    const first = this.rows.sequenceStarts.at(sequence);
    const end = this.rows.sequenceEnds.at(sequence);
    // Of several rows at one address the last counts: the others describe no instruction.
    const row = first + lastAtMost(this.rows.addresses.slice(first, end), at);
    return this.makeRow(row, end);
  }

  /** File, line and column of the code at an address; undefined also for code that has no line (line 0). */
  placeAt(at: Address): SourcePlace | undefined {
    const row = this.rowAt(at);
    if (row?.file === undefined || row.line === 0) return undefined;
    return { file: row.file, line: row.line, column: row.column };
  }

  /**
   * Where code of a line begins, ascending: one address for each stretch of it, so one for each inlined or generic
   * copy and each part that the optimiser moved. Empty if the line has no code of its own.
   */
  addressesOf(file: SourceFile, line: number): Address[] {
    const { files, lines, addresses } = this.rows;
    const statements = (this.statements ??= statementRows(this.rows));
    const found: Address[] = [];
    let low = 0;
    let high = statements.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = statements[middle]!;
      if (files.at(row) < file.id || (files.at(row) === file.id && lines.at(row) < line)) low = middle + 1;
      else high = middle;
    }
    for (; low < statements.length; low++) {
      const row = statements[low]!;
      if (files.at(row) !== file.id || lines.at(row) !== line) break;
      const at = address(addresses.at(row));
      if (found.at(-1) !== at) found.push(at);
    }
    return found;
  }

  /** The lines of a file that have code, ascending. */
  linesOf(file: SourceFile): number[] {
    const { files, lines } = this.rows;
    const found = new Set<number>();
    for (const row of (this.statements ??= statementRows(this.rows))) {
      if (files.at(row) === file.id) found.add(lines.at(row));
    }
    return [...found];
  }

  /** Every row that covers an address range, in order of address. */
  *rowsBetween(start: Address, end: Address): Generator<LineRow> {
    for (let row = this.rowAt(start); row !== undefined && row.address < end; row = this.rowAt(row.end)) {
      yield row;
      if (row.end <= row.address) return;
    }
  }

  /** Every row of every sequence, in the order of the line programs; for dumps and tests. */
  *all(): Generator<LineRow> {
    const { sequenceStarts, sequenceEnds } = this.rows;
    for (let sequence = 0; sequence < sequenceStarts.length; sequence++) {
      const end = sequenceEnds.at(sequence);
      for (let row = sequenceStarts.at(sequence); row < end; row++) yield this.makeRow(row, end);
    }
  }

  private makeRow(row: number, sequenceEnd: number): LineRow {
    const { addresses, files, lines, columns, flags } = this.rows;
    let next = row + 1;
    while (next < sequenceEnd && addresses.at(next) === addresses.at(row)) next++;
    return {
      address: address(addresses.at(row)),
      end: address(addresses.at(next)),
      file: this.sources.get(files.at(row)),
      line: lines.at(row),
      column: columns.at(row),
      isStatement: (flags.at(row) & LINE_IS_STATEMENT) !== 0,
      isPrologueEnd: (flags.at(row) & LINE_PROLOGUE_END) !== 0,
      isEpilogueBegin: (flags.at(row) & LINE_EPILOGUE_BEGIN) !== 0,
    };
  }
}

function runPrograms(info: DebugInfo, places: EntryPlaces): LineRows {
  const rows = new LineRows();
  const done = new Set<number>();
  for (const unit of info.units) {
    const files = places.filesOf(unit);
    if (files === undefined || done.has(files.header.offset)) continue;
    done.add(files.header.offset);
    runLineProgram(info.sections.line, files.header, rows, files, info.problems);
  }
  return rows;
}

/** Statement rows where the line changes, sorted by file, line and address. */
function statementRows({
  addresses,
  files,
  lines,
  flags,
  sequenceStarts,
  sequenceEnds,
}: LineRows): Uint32Array {
  const found: number[] = [];
  for (let sequence = 0; sequence < sequenceStarts.length; sequence++) {
    const first = sequenceStarts.at(sequence);
    const end = sequenceEnds.at(sequence);
    for (let row = first; row < end; row++) {
      if ((flags.at(row) & LINE_IS_STATEMENT) === 0 || lines.at(row) === 0) continue;
      // A row that its successor replaces at the same address describes no instruction.
      if (addresses.at(row) === addresses.at(row + 1)) continue;
      const previous = row - 1;
      const continues =
        previous >= first && lines.at(previous) === lines.at(row) && files.at(previous) === files.at(row);
      if (!continues || (flags.at(row) & LINE_PROLOGUE_END) !== 0) found.push(row);
    }
  }
  return Uint32Array.from(found).sort(
    (a, b) => files.at(a) - files.at(b) || lines.at(a) - lines.at(b) || addresses.at(a) - addresses.at(b),
  );
}
