import { OutOfBounds } from "../base/byte-reader";
import type { ProblemList } from "../base/errors";
import { IntervalMap } from "../base/interval-map";
import { type CallFrameRow, executeCallFrameProgram } from "./call-frame-program";
import { type FrameDescription, readFrameDescriptions } from "./call-frame-section";
import type { SectionSource } from "./sections";

/** What call frame information is read from: an `ElfFile`, or named sections in a test. */
export interface CallFrameSource extends SectionSource {
  /** Where a section is in the target's memory; `.eh_frame` cannot be read without. */
  sectionNamed?(name: string): { readonly address: number } | undefined;
}

/**
 * How to find the caller of a frame, from `.debug_frame` and, where that says nothing, `.eh_frame` (DWARF 5 section
 * 6.4). Nothing is thrown for bad input: it becomes problems, and the code it is about has no rows.
 */
export class CallFrameInfo {
  private readonly tables: readonly Table[];
  private readonly rows = new Map<FrameDescription, CallFrameRow>();

  constructor(
    source: CallFrameSource,
    private readonly problems: ProblemList,
  ) {
    this.tables = ([".debug_frame", ".eh_frame"] as const).flatMap((name) => {
      const bytes = source.section(name);
      if (bytes === undefined || bytes.length === 0) return [];
      const address = source.sectionNamed?.(name)?.address ?? 0;
      return [new Table(readFrameDescriptions({ name, bytes, address }, problems))];
    });
  }

  /** How to unwind from `pc`, or undefined if nothing (readable) is said about it. */
  rowAt(pc: number): CallFrameRow | undefined {
    const description = this.descriptionAt(pc);
    if (description === undefined) return undefined;
    const known = this.rows.get(description);
    if (known !== undefined && known.start <= pc && pc < known.end) return known;
    try {
      const row = executeCallFrameProgram(description, pc);
      this.rows.set(description, row);
      return row;
    } catch (error) {
      if (!(error instanceof OutOfBounds)) throw error;
      const where = `call frames of 0x${description.start.toString(16)}`;
      this.problems.add(where, `cannot be read: ${error.message}`);
      return undefined;
    }
  }

  /** The code around `pc` that one frame description covers: usually a function. */
  descriptionAt(pc: number): FrameDescription | undefined {
    for (const table of this.tables) {
      const found = table.at(pc);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

class Table {
  private readonly intervals: IntervalMap;

  constructor(private readonly descriptions: readonly FrameDescription[]) {
    this.intervals = new IntervalMap(
      descriptions.map(({ start }) => start),
      descriptions.map(({ end }) => end),
    );
  }

  at(pc: number): FrameDescription | undefined {
    return this.descriptions[this.intervals.find(pc)];
  }
}
