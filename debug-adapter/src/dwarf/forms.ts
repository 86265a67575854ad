import { afterLeb, u16At, u32At, ulebAt } from "./bytes";
import { DW_FORM } from "./constants";

// Sizes of attribute values (DWARF 5 section 7.5.5), for 32-bit DWARF and 4-byte addresses: all that a
// 32-bit ELF contains. Loops over entries skip far more values than they read.

export const SIZE_VARIES = -1;
/** The form is in no version of the standard, so the entry's end cannot be found. */
export const SIZE_UNKNOWN = -2;

/** Bytes that a value of this form takes, `SIZE_VARIES` or `SIZE_UNKNOWN`. */
export function sizeOfForm(form: number): number {
  if (form < SIZES.length) return SIZES[form]!;
  switch (form) {
    case DW_FORM.GNU_addr_index:
    case DW_FORM.GNU_str_index:
      return SIZE_VARIES;
    case DW_FORM.GNU_ref_alt:
    case DW_FORM.GNU_strp_alt:
      return 4;
    default:
      return SIZE_UNKNOWN;
  }
}

/**
 * The offset after the value at `at`; Infinity if the form is not known.
 * May lie far outside the section when a length in the input is absurd: the caller compares with its unit's end.
 */
export function skipForm(bytes: Uint8Array, at: number, form: number): number {
  const size = sizeOfForm(form);
  return size >= 0 ? at + size : skipVariable(bytes, at, form);
}

function skipVariable(bytes: Uint8Array, at: number, form: number): number {
  switch (form) {
    case DW_FORM.sdata:
    case DW_FORM.udata:
    case DW_FORM.ref_udata:
    case DW_FORM.strx:
    case DW_FORM.addrx:
    case DW_FORM.loclistx:
    case DW_FORM.rnglistx:
    case DW_FORM.GNU_addr_index:
    case DW_FORM.GNU_str_index:
      return afterLeb(bytes, at);
    case DW_FORM.block:
    case DW_FORM.exprloc:
      return afterLeb(bytes, at) + ulebAt(bytes, at);
    case DW_FORM.block1:
      return at + 1 + (bytes[at] ?? 0);
    case DW_FORM.block2:
      return at + 2 + u16At(bytes, at);
    case DW_FORM.block4:
      return at + 4 + u32At(bytes, at);
    case DW_FORM.string: {
      const zero = bytes.indexOf(0, at);
      return zero < 0 ? Infinity : zero + 1;
    }
    case DW_FORM.indirect: {
      const actual = ulebAt(bytes, at);
      // An indirect of an indirect, or of a constant that only an abbreviation can hold, is nobody's output.
      if (actual === DW_FORM.indirect || actual === DW_FORM.implicit_const) return Infinity;
      return skipForm(bytes, afterLeb(bytes, at), actual);
    }
    default:
      return Infinity;
  }
}

/** By form number, for the contiguous numbers of DWARF 2 to 5. */
const SIZES = sizes();

function sizes(): Int8Array {
  const table = new Int8Array(DW_FORM.addrx4 + 1).fill(SIZE_VARIES);
  const set = (size: number, ...forms: number[]) => {
    for (const form of forms) table[form] = size;
  };
  set(SIZE_UNKNOWN, 0, 2);
  set(0, DW_FORM.flag_present, DW_FORM.implicit_const);
  set(1, DW_FORM.data1, DW_FORM.flag, DW_FORM.ref1, DW_FORM.strx1, DW_FORM.addrx1);
  set(2, DW_FORM.data2, DW_FORM.ref2, DW_FORM.strx2, DW_FORM.addrx2);
  set(3, DW_FORM.strx3, DW_FORM.addrx3);
  set(4, DW_FORM.data4, DW_FORM.ref4, DW_FORM.strx4, DW_FORM.addrx4, DW_FORM.addr, DW_FORM.ref_addr);
  set(4, DW_FORM.strp, DW_FORM.line_strp, DW_FORM.sec_offset, DW_FORM.strp_sup, DW_FORM.ref_sup4);
  set(8, DW_FORM.data8, DW_FORM.ref8, DW_FORM.ref_sig8, DW_FORM.ref_sup8);
  set(16, DW_FORM.data16);
  return table;
}
