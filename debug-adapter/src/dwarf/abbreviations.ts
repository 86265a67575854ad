import { ByteReader, OutOfBounds } from "../base/byte-reader";
import type { ProblemList } from "../base/errors";
import { DW_FORM, formName } from "./constants";
import { SIZE_UNKNOWN, SIZE_VARIES, sizeOfForm } from "./forms";
import { place } from "./sections";

/** The shape that many entries share: tag, and which attributes in which encoding (DWARF 5 section 7.5.3). */
export interface Abbreviation {
  readonly tag: number;
  readonly hasChildren: boolean;
  readonly attributes: readonly number[];
  readonly forms: readonly number[];
  /** Values of the attributes of form implicit_const, by position; 0 for the others. */
  readonly implicitConstants: readonly number[];
  /** Bytes that the attributes of every such entry take, or `SIZE_VARIES`. */
  readonly fixedSize: number;
}

/** The table of one unit. Codes are small and dense in practice, so they index an array. */
export class AbbreviationTable {
  private readonly dense: (Abbreviation | undefined)[] = [];
  private readonly sparse = new Map<number, Abbreviation>();

  get(code: number): Abbreviation | undefined {
    return code < this.dense.length ? this.dense[code] : this.sparse.get(code);
  }

  /** The first abbreviation of a code wins. */
  add(code: number, abbreviation: Abbreviation): void {
    if (this.get(code) !== undefined) return;
    if (code > LARGEST_DENSE_CODE) this.sparse.set(code, abbreviation);
    else {
      while (this.dense.length < code) this.dense.push(this.sparse.get(this.dense.length));
      this.dense[code] = abbreviation;
    }
  }
}

/** Reads tables on demand; units that name the same offset share one. */
export class AbbreviationSection {
  private readonly tables = new Map<number, AbbreviationTable>();
  private bytesRead = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly problems: ProblemList,
  ) {}

  /** The table at an offset of `.debug_abbrev`; cut short, with a problem, where it cannot be read. */
  tableAt(offset: number): AbbreviationTable {
    let table = this.tables.get(offset);
    if (table === undefined) {
      table = this.read(offset);
      this.tables.set(offset, table);
    }
    return table;
  }

  private read(offset: number): AbbreviationTable {
    const table = new AbbreviationTable();
    if (offset >= this.bytes.length) {
      this.problems.add(place(".debug_abbrev", offset), "the offset is outside the section");
      return table;
    }
    // Overlapping tables are never written; thousands of them would take time that grows with the square.
    if (this.bytesRead > OVERLAP_LIMIT * this.bytes.length) {
      this.problems.add(".debug_abbrev", "the tables of the units overlap too often; the rest is not read");
      return table;
    }
    const reader = new ByteReader(this.bytes, offset);
    try {
      while (readAbbreviation(reader, table, this.problems));
    } catch (error) {
      if (!(error instanceof OutOfBounds)) throw error;
      this.problems.add(place(".debug_abbrev", offset), `the table is cut short: ${error.message}`);
    }
    this.bytesRead += reader.offset - offset;
    return table;
  }
}

const LARGEST_DENSE_CODE = 0xffff;
const OVERLAP_LIMIT = 64;

/** Reads one abbreviation; false at the end of the table. */
function readAbbreviation(reader: ByteReader, table: AbbreviationTable, problems: ProblemList): boolean {
  const start = reader.offset;
  const code = reader.uleb();
  if (code === 0) return false;
  const tag = reader.uleb();
  const hasChildren = reader.u8() !== 0;
  const attributes: number[] = [];
  const forms: number[] = [];
  const implicitConstants: number[] = [];
  let fixedSize = 0;
  for (;;) {
    const attribute = reader.uleb();
    const form = reader.uleb();
    implicitConstants.push(form === DW_FORM.implicit_const ? reader.sleb() : 0);
    if (attribute === 0 && form === 0) break;
    attributes.push(attribute);
    forms.push(form);
    const size = sizeOfForm(form);
    if (size === SIZE_UNKNOWN) {
      problems.add(place(".debug_abbrev", start), `${formName(form)} is not known; its entries are not read`);
    }
    fixedSize = size < 0 || fixedSize < 0 ? SIZE_VARIES : fixedSize + size;
  }
  table.add(code, {
    tag,
    hasChildren,
    attributes,
    forms,
    implicitConstants,
    fixedSize,
  });
  return true;
}
