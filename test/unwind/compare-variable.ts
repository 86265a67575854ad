import type { FrameVariable } from "#adapter/values/frame-variables";
import type { ValueReader } from "#adapter/values/reader";
import { unsignedOf } from "#adapter/values/scalar";

/** A variable as `gdb-variables.py` prints it. */
export interface GdbVariable {
  readonly name: string;
  readonly argument: boolean;
  readonly bytes?: number;
  /** Of one that is in memory. */
  readonly address?: number;
  /** Numbers inside of one that is in no memory, unsigned; null for one that is optimized out. */
  readonly parts?: readonly (readonly [offset: number, bytes: number, number: string | null])[];
  readonly error?: string;
}

/** How a part of a variable compares. What is not known to gdb or to us, or by gdb wrongly, has a name of its own. */
export type Agreement =
  | "same place"
  | "same number"
  | "both lost"
  | "no bytes"
  /** See `GDB_IS_WRONG`. */
  | keyof typeof GDB_IS_WRONG;

/** Where gdb 13 shows a number that is not the variable's, or none that is there, and how one can know. */
export const GDB_IS_WRONG = {
  /**
   * gdb takes registers that a function may change (AAPCS32 6.1.1) for unchanged in its callers: what it shows is what
   * the callee has in them.
   */
  "register of the callee": /^(r[0-3]|r12|lr) is not known/,
  /**
   * Pieces describe the variable's lower bytes only; the compiler left the rest out. gdb fills up with zeros.
   */
  "zeros behind the last piece": /and nothing of these/,
  /**
   * A value on the stack of an expression has 32 bits here (DWARF 5 section 2.5.1). gdb takes what is above for zeros:
   * `u64::MAX` is 0xffffffff there.
   */
  "zeros behind a word": /describes only its lower bytes/,
  /**
   * Of a constant in a piece of more than 32 bits gdb shows all bytes as zeros (dwarf2/expr.c, rw_pieced_value: "Use
   * zeroes if piece reaches beyond stack value"). The divider of the RTC's clock is 1024 in the source (embassy-rp,
   * clocks.rs, ClockConfig::crystal), and in `DW_OP_constu 0x400, DW_OP_stack_value, DW_OP_piece 0x8`.
   */
  "zeros for a wide piece": /^embassy_rp::init config: 0 in gdb, 1024 here$/,
  /** Before a function has set up its frame, its places on the stack hold what others have left there. */
  "function being entered": /^the function is still being entered$/,
  /** After it has moved the stack pointer back, places that are relative to that are its caller's. */
  "function returning": /^the function is returning$/,
  /** gdb lists what is declared in blocks without any code, of which nothing is kept. */
  "block without code": /^$/,
} as const;

type Comparison = Agreement | `differs: ${string}`;

/**
 * How our value of a variable compares with gdb's, part by part. What is neither equal nor gdb's fault is a sentence
 * that begins with `differs`.
 */
export function compareVariable(
  theirs: GdbVariable,
  { value }: FrameVariable,
  { reader, inFunction }: { readonly reader: ValueReader; readonly inFunction: string },
): Comparison[] {
  if (theirs.error !== undefined) return [`differs: gdb says ${theirs.error}`];
  // gdb's type of an enum ends where the variant ends that is there.
  if (theirs.bytes === undefined || theirs.bytes > value.type.byteSize)
    return [`differs: ${theirs.bytes} bytes, not ${value.type.byteSize}`];
  if (theirs.bytes === 0) return ["no bytes"];
  const { location } = value;
  if (theirs.address !== undefined) {
    if (location.kind === "memory" && location.address === theirs.address) return ["same place"];
    if (location.kind === "nowhere") return [faultOf(location.reason) ?? `differs: ${location.reason}`];
    return [`differs: gdb finds it at ${theirs.address.toString(16)}`];
  }
  return (theirs.parts ?? []).map(([offset, byteSize, number]): Comparison => {
    const part = reader.part(value, { offset, type: { ...value.type, byteSize } });
    const bytes = reader.bytes(part);
    if (bytes.kind === "bytes") {
      const own = String(unsignedOf(bytes.bytes));
      if (own === number) return "same number";
      const what = `${number} in gdb, ${own} here`;
      return faultOf(`${inFunction} ${theirs.name}: ${what}`) ?? `differs: ${what}`;
    }
    if (number === null) return "both lost";
    return faultOf(bytes.reason) ?? `differs: ${number} in gdb, ${bytes.reason} here`;
  });
}

function faultOf(reason: string): Agreement | undefined {
  const names = Object.keys(GDB_IS_WRONG) as (keyof typeof GDB_IS_WRONG)[];
  return names.find((name) => GDB_IS_WRONG[name].test(reason));
}
