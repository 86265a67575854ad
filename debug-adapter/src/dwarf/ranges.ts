import type { ProblemList } from "../base/errors";
import { afterLeb, u32At, ulebAt } from "./bytes";
import { DW_RLE } from "./constants";
import { type DwarfSections, place } from "./sections";

/** Addresses `start` up to, but not including, `end`. */
export interface AddressRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Whether code was kept by the linker. Sections that it dropped leave their debug info behind, relocated to
 * 0 or 1 (what lld writes into .debug_ranges) or to the tombstones -1 and -2 of newer linkers.
 */
export function isKept(address: number): boolean {
  return address > 1 && address < 0xfffffffe;
}

/** What a unit tells about how its range lists are read. */
export interface RangeContext {
  readonly version: number;
  /** Address that offsets of the list are relative to until the list says otherwise. */
  readonly lowPc: number;
  /** The address at an index of the unit's part of `.debug_addr`. */
  addressAt(index: number): number;
}

/** Reads `.debug_ranges` (DWARF 4 section 2.17.3) and `.debug_rnglists` (DWARF 5 section 2.17.3). */
export class RangeLists {
  /** Lists by offset, with the unit that they were read for. */
  private readonly known = new Map<
    number,
    { readonly context: RangeContext; readonly ranges: readonly AddressRange[] }
  >();
  private budget: number;

  constructor(
    private readonly sections: Pick<DwarfSections, "ranges" | "rnglists">,
    private readonly problems: ProblemList,
  ) {
    // Lists that overlap by accident of a broken file must not cost time that grows with the square.
    this.budget = 4 * (sections.ranges.length + sections.rnglists.length) + 4096;
  }

  /**
   * The ranges at an offset of the section that belongs to the unit's version, without empty ones and
   * without code that the linker dropped; what follows a fault is left out with a problem.
   */
  at(offset: number, context: RangeContext): readonly AddressRange[] {
    const known = this.known.get(offset);
    if (known?.context === context) return known.ranges;
    const ranges = this.read(offset, context);
    this.known.set(offset, { context, ranges });
    return ranges;
  }

  private read(offset: number, context: RangeContext): AddressRange[] {
    const ranges: AddressRange[] = [];
    const isNew = context.version >= 5;
    const section = isNew ? this.sections.rnglists : this.sections.ranges;
    const fault = isNew ? this.readNew(offset, context, ranges) : this.readOld(offset, context, ranges);
    if (fault !== undefined) {
      const name = isNew ? ".debug_rnglists" : ".debug_ranges";
      this.problems.add(place(name, Math.min(offset, section.length)), fault);
    }
    return ranges;
  }

  private readOld(offset: number, context: RangeContext, ranges: AddressRange[]): string | undefined {
    const bytes = this.sections.ranges;
    let base = context.lowPc;
    for (let at = offset; at + 8 <= bytes.length; at += 8) {
      if (this.budget-- <= 0) return BUDGET_SPENT;
      const start = u32At(bytes, at);
      const end = u32At(bytes, at + 4);
      if (start === 0 && end === 0) return undefined;
      if (start === 0xffffffff) base = end;
      else add(ranges, base + start, base + end);
    }
    return "the range list has no end";
  }

  private readNew(offset: number, context: RangeContext, ranges: AddressRange[]): string | undefined {
    const bytes = this.sections.rnglists;
    let base = context.lowPc;
    let at = offset;
    const address = () => ((at += 4), u32At(bytes, at - 4));
    const uleb = () => {
      const value = ulebAt(bytes, at);
      at = afterLeb(bytes, at);
      return value;
    };
    while (at < bytes.length) {
      if (this.budget-- <= 0) return BUDGET_SPENT;
      const kind = bytes[at++]!;
      let start: number;
      switch (kind) {
        case DW_RLE.end_of_list:
          return undefined;
        case DW_RLE.base_addressx:
          base = context.addressAt(uleb());
          break;
        case DW_RLE.base_address:
          base = address();
          break;
        case DW_RLE.startx_endx:
          start = context.addressAt(uleb());
          add(ranges, start, context.addressAt(uleb()));
          break;
        case DW_RLE.startx_length:
          start = context.addressAt(uleb());
          add(ranges, start, start + uleb());
          break;
        case DW_RLE.offset_pair:
          start = uleb();
          // A dropped base makes the whole list dropped, however large its offsets are.
          if (isKept(base)) add(ranges, base + start, base + uleb());
          else uleb();
          break;
        case DW_RLE.start_end:
          start = address();
          add(ranges, start, address());
          break;
        case DW_RLE.start_length:
          start = address();
          add(ranges, start, start + uleb());
          break;
        default:
          return `range list entry of unknown kind ${kind}`;
      }
    }
    return "the range list has no end";
  }
}

const BUDGET_SPENT = "range lists overlap too often; the rest is not read";

function add(ranges: AddressRange[], start: number, end: number): void {
  if (start < end && isKept(start) && end <= 0x1_0000_0000) ranges.push({ start, end });
}
