import type { ProblemList } from "../base/errors";

/** What the debug info is read from: an `ElfFile`, or anything in a test that has named sections. */
export interface SectionSource {
  /** The decompressed bytes of a section, or undefined if there is none of that name. */
  section(name: string): Uint8Array | undefined;
}

/** The sections that DWARF 4 and 5 keep their data in; one that is absent is empty. */
export interface DwarfSections {
  readonly info: Uint8Array;
  readonly abbrev: Uint8Array;
  readonly str: Uint8Array;
  readonly lineStr: Uint8Array;
  readonly strOffsets: Uint8Array;
  readonly addr: Uint8Array;
  readonly line: Uint8Array;
  readonly ranges: Uint8Array;
  readonly rnglists: Uint8Array;
  readonly loc: Uint8Array;
  readonly loclists: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);

/** Finds the sections; type units and a missing `.debug_info` become problems. */
export function readSections(source: SectionSource, problems: ProblemList): DwarfSections {
  const find = (name: string) => source.section(name) ?? NO_BYTES;
  const sections = {
    info: find(".debug_info"),
    abbrev: find(".debug_abbrev"),
    str: find(".debug_str"),
    lineStr: find(".debug_line_str"),
    strOffsets: find(".debug_str_offsets"),
    addr: find(".debug_addr"),
    line: find(".debug_line"),
    ranges: find(".debug_ranges"),
    rnglists: find(".debug_rnglists"),
    loc: find(".debug_loc"),
    loclists: find(".debug_loclists"),
  };
  if (sections.info.length === 0) problems.add(".debug_info", "the file has no debug info");
  if (find(".debug_types").length > 0) problems.add(".debug_types", "type units are not read");
  return sections;
}

/** A place in a section, the way problems name it. */
export function place(section: string, offset: number): string {
  return `${section}+0x${offset.toString(16)}`;
}
