import { OutOfBounds, ByteReader } from "../base/byte-reader";
import type { ProblemList } from "../base/errors";
import type { AbbreviationSection, AbbreviationTable } from "./abbreviations";
import { DW_UT } from "./constants";
import { type DwarfSections, place } from "./sections";

/** The header of a compilation unit (DWARF 5 section 7.5.1). All offsets are from the start of `.debug_info`. */
export interface UnitHeader {
  readonly index: number;
  readonly offset: number;
  /** 2 to 5. */
  readonly version: number;
  readonly abbreviations: AbbreviationTable;
  /** Where the unit's own entry is. */
  readonly rootOffset: number;
  /** The first offset after the unit. */
  readonly end: number;
}

/**
 * Finds the units of `.debug_info`. Type units, split units, 64-bit DWARF and unknown versions are skipped,
 * each with a problem; a length that leads outside the section ends the list.
 */
export function readUnitHeaders(
  sections: DwarfSections,
  abbreviations: AbbreviationSection,
  problems: ProblemList,
): UnitHeader[] {
  const units: UnitHeader[] = [];
  const reader = new ByteReader(sections.info);
  let offset = 0;
  while (offset < sections.info.length) {
    try {
      reader.offset = offset;
      const length = readLength(reader);
      const end = reader.offset + length;
      if (end > sections.info.length)
        throw new OutOfBounds(`unit of ${length} bytes leads outside the section`);
      const next = end;
      const header = readHeader(new ByteReader(sections.info, reader.offset, end), {
        offset,
        is64: reader.offset - offset !== 4,
      });
      if (typeof header === "string") problems.add(place(".debug_info", offset), header);
      else {
        const { abbreviationOffset, ...rest } = header;
        units.push({
          ...rest,
          index: units.length,
          abbreviations: abbreviations.tableAt(abbreviationOffset),
        });
      }
      offset = next;
    } catch (error) {
      if (!(error instanceof OutOfBounds)) throw error;
      problems.add(place(".debug_info", offset), `the rest of the units is not read: ${error.message}`);
      break;
    }
  }
  return units;
}

/** Reads an initial length (DWARF 5 section 7.4); 12 bytes long in 64-bit DWARF, else 4. */
export function readLength(reader: ByteReader): number {
  const length = reader.u32();
  if (length === 0xffffffff) return reader.u64AsNumber();
  if (length >= 0xfffffff0) throw new OutOfBounds(`length 0x${length.toString(16)} is reserved`);
  return length;
}

type HeaderFields = Omit<UnitHeader, "abbreviations" | "index"> & { readonly abbreviationOffset: number };

/** The header's fields, or why the unit is not read. */
function readHeader(
  reader: ByteReader,
  { offset, is64 }: { readonly offset: number; readonly is64: boolean },
): HeaderFields | string {
  if (is64) return "the unit is in 64-bit DWARF, which is not read";
  const version = reader.u16();
  if (version < 2 || version > 5) return `the unit is of DWARF version ${version}, which is not read`;
  const kind = version >= 5 ? reader.u8() : DW_UT.compile;
  if (kind === DW_UT.type || kind === DW_UT.split_type) return "type units are not read";
  if (kind === DW_UT.skeleton || kind === DW_UT.split_compile) {
    return "the unit's debug info is split into another file, which is not read";
  }
  if (kind !== DW_UT.compile && kind !== DW_UT.partial) return `unit kind ${kind} is not known`;
  // DWARF 5 put the address size before the abbreviation offset.
  let addressSize = version >= 5 ? reader.u8() : 0;
  const abbreviationOffset = reader.u32();
  if (version < 5) addressSize = reader.u8();
  if (addressSize !== 4) return `the unit has ${addressSize}-byte addresses; only 4-byte ones are read`;
  return { offset, version, abbreviationOffset, rootOffset: reader.offset, end: reader.end };
}
