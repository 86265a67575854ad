import { decodeUtf8 } from "../base/utf8";
import type { ProblemList } from "../base/errors";

/** Longest name that is read, in bytes. The longest seen in Rust firmware are below 2,000. */
const LONGEST_NAME = 1 << 16;

/** Bytes of names read from one table: overlapping names could otherwise cost the square of the file's size. */
const NAME_BUDGET = 1 << 26;

/** A section of zero-terminated names (gABI 4.8). A name that cannot be read is empty, and a problem. */
export class StringTable {
  private readonly known = new Map<number, string>();
  private budget = NAME_BUDGET;

  /** @param where what to call the table in a problem */
  constructor(
    private readonly bytes: Uint8Array,
    private readonly where: string,
    private readonly problems: ProblemList,
  ) {}

  /** The name at `offset`. */
  at(offset: number): string {
    const known = this.known.get(offset);
    if (known !== undefined) return known;
    const name = this.read(offset);
    this.known.set(offset, name);
    return name;
  }

  private read(offset: number): string {
    if (offset >= this.bytes.length) {
      // Offset 0 of an empty table is the spelling of "no name".
      if (offset > 0) this.problems.add(this.where, "a name lies outside the table");
      return "";
    }
    if (this.budget <= 0) {
      this.problems.add(this.where, `more than ${NAME_BUDGET} bytes of names; the others are not read`);
      return "";
    }
    const window = this.bytes.subarray(offset, offset + LONGEST_NAME);
    const length = window.indexOf(0);
    if (length < 0) {
      this.problems.add(this.where, "a name has no end");
      this.budget -= window.length;
      return "";
    }
    this.budget -= length;
    return decodeUtf8(window, 0, length);
  }
}
