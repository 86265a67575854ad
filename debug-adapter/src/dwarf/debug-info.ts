import { ProblemList } from "../base/errors";
import { AbbreviationSection } from "./abbreviations";
import type { Entry } from "./entry";
import { buildEntryIndex, type EntryIndex } from "./entry-index";
import { RangeLists } from "./ranges";
import { type DwarfSections, readSections, type SectionSource } from "./sections";
import { DwarfStrings } from "./strings";
import { Unit, type UnitSurroundings } from "./unit";
import { readUnitHeaders } from "./unit-header";

/**
 * The debug info of one file: its units, an index of everything that has a name or an address, and cursors
 * to read the rest when it is asked for. Never throws for bad input: see `problems`.
 */
export class DebugInfo implements UnitSurroundings {
  readonly sections: DwarfSections;
  readonly strings: DwarfStrings;
  readonly rangeLists: RangeLists;
  readonly units: readonly Unit[];
  readonly index: EntryIndex;

  /** @param problems where faults of the input go; more may come whenever something is read for the first time */
  constructor(
    source: SectionSource,
    readonly problems = new ProblemList(),
  ) {
    this.sections = readSections(source, problems);
    this.strings = new DwarfStrings(this.sections);
    this.rangeLists = new RangeLists(this.sections, problems);
    const abbreviations = new AbbreviationSection(this.sections.abbrev, problems);
    this.units = readUnitHeaders(this.sections, abbreviations, problems).map(
      (header) => new Unit(header, this),
    );
    this.index = buildEntryIndex(this.units);
  }

  /** The unit that an offset of `.debug_info` lies in. */
  unitAt(offset: number): Unit | undefined {
    let low = 0;
    let high = this.units.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.units[middle]!.offset <= offset) low = middle + 1;
      else high = middle;
    }
    const unit = this.units[low - 1];
    return unit !== undefined && offset < unit.end ? unit : undefined;
  }

  /** A new cursor on the entry at an offset of `.debug_info`, or undefined, with a problem, if there is none. */
  entryAt(offset: number): Entry | undefined {
    const unit = this.unitAt(offset);
    if (unit === undefined) {
      this.problems.add(`.debug_info+0x${offset.toString(16)}`, "a reference leads outside every unit");
      return undefined;
    }
    return unit.entryAt(offset);
  }
}
