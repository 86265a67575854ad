import type { ProblemList } from "../base/errors";
import { afterLeb, u16At, u32At, ulebAt } from "./bytes";
import { DW_LLE } from "./constants";
import { isKept, type RangeContext } from "./ranges";
import { type DwarfSections, place } from "./sections";

/** Where a variable is while the program counter is at `start` up to, but not including, `end`. */
export interface LocationListEntry {
  readonly start: number;
  readonly end: number;
  readonly expression: Uint8Array;
  /** Whether it only counts where no other entry does (DW_LLE_default_location). */
  readonly isDefault: boolean;
}

/** Reads `.debug_loc` (DWARF 4 section 2.6.2) and `.debug_loclists` (DWARF 5 section 2.6.2). */
export class LocationLists {
  private readonly known = new Map<
    number,
    { readonly context: RangeContext; readonly entries: readonly LocationListEntry[] }
  >();

  constructor(
    private readonly sections: Pick<DwarfSections, "loc" | "loclists">,
    private readonly problems: ProblemList,
  ) {}

  /** The expression that holds at an address, or undefined if the variable is nowhere then. */
  expressionAt(offset: number, context: RangeContext, pc: number): Uint8Array | undefined {
    const entries = this.at(offset, context);
    const found = entries.find(({ start, end, isDefault }) => !isDefault && start <= pc && pc < end);
    return (found ?? entries.find(({ isDefault }) => isDefault))?.expression;
  }

  /**
   * The entries at an offset of the section that belongs to the unit's version, in their order, without empty ones
   * and without code that the linker dropped; what follows a fault is left out with a problem.
   */
  at(offset: number, context: RangeContext): readonly LocationListEntry[] {
    const known = this.known.get(offset);
    if (known?.context === context) return known.entries;
    const isNew = context.version >= 5;
    const bytes = isNew ? this.sections.loclists : this.sections.loc;
    const entries: LocationListEntry[] = [];
    const fault = isNew ? readNew(bytes, offset, context, entries) : readOld(bytes, offset, context, entries);
    if (fault !== undefined) {
      const section = isNew ? ".debug_loclists" : ".debug_loc";
      this.problems.add(place(section, Math.min(offset, bytes.length)), fault);
    }
    this.known.set(offset, { context, entries });
    return entries;
  }
}

const NO_END = "the location list has no end";

function readOld(
  bytes: Uint8Array,
  offset: number,
  context: RangeContext,
  entries: LocationListEntry[],
): string | undefined {
  let base = context.lowPc;
  for (let at = offset; at + 8 <= bytes.length;) {
    const start = u32At(bytes, at);
    const end = u32At(bytes, at + 4);
    at += 8;
    if (start === 0 && end === 0) return undefined;
    if (start === 0xffffffff) {
      base = end;
      continue;
    }
    if (at + 2 > bytes.length) break;
    const expressionEnd = at + 2 + u16At(bytes, at);
    if (expressionEnd > bytes.length) break;
    add(entries, base + start, base + end, bytes.subarray(at + 2, expressionEnd));
    at = expressionEnd;
  }
  return NO_END;
}

function readNew(
  bytes: Uint8Array,
  offset: number,
  context: RangeContext,
  entries: LocationListEntry[],
): string | undefined {
  const cursor = new ListCursor(bytes, offset, context);
  let base = context.lowPc;
  while (cursor.at < bytes.length) {
    const kind = bytes[cursor.at++]!;
    if (kind === DW_LLE.end_of_list) return undefined;
    if (kind === DW_LLE.base_addressx) base = cursor.indexed();
    else if (kind === DW_LLE.base_address) base = cursor.address();
    else if (kind === DW_LLE.GNU_view_pair) {
      cursor.uleb();
      cursor.uleb();
    } else {
      const range = cursor.range(kind, base);
      if (range === undefined) return `location list entry of unknown kind ${kind}`;
      const expression = cursor.expression();
      if (expression === undefined) return NO_END;
      if (range === "default") entries.push({ start: 0, end: 0, expression, isDefault: true });
      else add(entries, range.start, range.end, expression);
    }
  }
  return NO_END;
}

/** Reads the parts of `.debug_loclists` entries (DWARF 5 section 7.7.3). */
class ListCursor {
  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
    private readonly context: RangeContext,
  ) {}

  uleb(): number {
    const value = ulebAt(this.bytes, this.at);
    this.at = afterLeb(this.bytes, this.at);
    return value;
  }

  address(): number {
    this.at += 4;
    return u32At(this.bytes, this.at - 4);
  }

  indexed(): number {
    return this.context.addressAt(this.uleb());
  }

  /** The range of an entry; undefined if its kind is not known. */
  range(
    kind: number,
    base: number,
  ): { readonly start: number; readonly end: number } | "default" | undefined {
    switch (kind) {
      case DW_LLE.startx_endx: {
        const start = this.indexed();
        return { start, end: this.indexed() };
      }
      case DW_LLE.startx_length: {
        const start = this.indexed();
        return { start, end: start + this.uleb() };
      }
      case DW_LLE.offset_pair: {
        const start = this.uleb();
        const end = this.uleb();
        // A dropped base makes the whole list dropped, however large its offsets are.
        return isKept(base) ? { start: base + start, end: base + end } : { start: 0, end: 0 };
      }
      case DW_LLE.start_end: {
        const start = this.address();
        return { start, end: this.address() };
      }
      case DW_LLE.start_length: {
        const start = this.address();
        return { start, end: start + this.uleb() };
      }
      case DW_LLE.default_location:
        return "default";
      default:
        return undefined;
    }
  }

  /** The bytes of an expression after their length, or undefined if they are cut short. */
  expression(): Uint8Array | undefined {
    const length = this.uleb();
    const start = this.at;
    if (start + length > this.bytes.length) return undefined;
    this.at += length;
    return this.bytes.subarray(start, this.at);
  }
}

function add(entries: LocationListEntry[], start: number, end: number, expression: Uint8Array): void {
  if (start < end && isKept(start) && end <= 0x1_0000_0000) {
    entries.push({ start, end, expression, isDefault: false });
  }
}
