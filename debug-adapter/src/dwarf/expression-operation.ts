import type { ByteReader } from "../base/byte-reader";
import { DW_OP } from "./constants";

/** An operator with its operands. */
export interface Operation {
  /** A number of `DW_OP`; `lit`, `reg` and `breg` operators have their own number in `first` instead. */
  readonly operator: number;
  /** Offset of the operator in its expression. */
  readonly offset: number;
  /** Numeric operands in the order of the standard; 0 where the operator has none. */
  readonly first: bigint;
  readonly second: bigint;
  /** The operand that is bytes: an implicit value, a constant of a type, an inner expression. */
  readonly block: Uint8Array;
}

type Operand = "u8" | "i8" | "u16" | "i16" | "u32" | "i32" | "u64" | "i64" | "uleb" | "sleb" | BlockOperand;

/** Bytes with their length before them: as ULEB128, or in one byte. */
type BlockOperand = "block" | "block1";

/** Operands by operator (DWARF 5 table 7.9); operators of known names that are not here have none. */
const OPERANDS: ReadonlyMap<number, readonly Operand[]> = new Map<number, readonly Operand[]>([
  [DW_OP.addr, ["u32"]],
  [DW_OP.const1u, ["u8"]],
  [DW_OP.const1s, ["i8"]],
  [DW_OP.const2u, ["u16"]],
  [DW_OP.const2s, ["i16"]],
  [DW_OP.const4u, ["u32"]],
  [DW_OP.const4s, ["i32"]],
  [DW_OP.const8u, ["u64"]],
  [DW_OP.const8s, ["i64"]],
  [DW_OP.constu, ["uleb"]],
  [DW_OP.consts, ["sleb"]],
  [DW_OP.pick, ["u8"]],
  [DW_OP.plus_uconst, ["uleb"]],
  [DW_OP.bra, ["i16"]],
  [DW_OP.skip, ["i16"]],
  [DW_OP.regx, ["uleb"]],
  [DW_OP.fbreg, ["sleb"]],
  [DW_OP.bregx, ["uleb", "sleb"]],
  [DW_OP.piece, ["uleb"]],
  [DW_OP.deref_size, ["u8"]],
  [DW_OP.xderef_size, ["u8"]],
  [DW_OP.call2, ["u16"]],
  [DW_OP.call4, ["u32"]],
  [DW_OP.call_ref, ["u32"]],
  [DW_OP.bit_piece, ["uleb", "uleb"]],
  [DW_OP.implicit_value, ["block"]],
  [DW_OP.implicit_pointer, ["u32", "sleb"]],
  [DW_OP.addrx, ["uleb"]],
  [DW_OP.constx, ["uleb"]],
  [DW_OP.entry_value, ["block"]],
  [DW_OP.const_type, ["uleb", "block1"]],
  [DW_OP.regval_type, ["uleb", "uleb"]],
  [DW_OP.deref_type, ["u8", "uleb"]],
  [DW_OP.xderef_type, ["u8", "uleb"]],
  [DW_OP.convert, ["uleb"]],
  [DW_OP.reinterpret, ["uleb"]],
  [DW_OP.GNU_parameter_ref, ["u32"]],
  [DW_OP.GNU_variable_value, ["u32"]],
]);

/** What DWARF 5 took from GNU's extensions of DWARF 4, under its numbers. */
const STANDARD_OPERATORS: ReadonlyMap<number, number> = new Map([
  [DW_OP.GNU_push_tls_address, DW_OP.form_tls_address],
  [DW_OP.GNU_implicit_pointer, DW_OP.implicit_pointer],
  [DW_OP.GNU_entry_value, DW_OP.entry_value],
  [DW_OP.GNU_const_type, DW_OP.const_type],
  [DW_OP.GNU_regval_type, DW_OP.regval_type],
  [DW_OP.GNU_deref_type, DW_OP.deref_type],
  [DW_OP.GNU_convert, DW_OP.convert],
  [DW_OP.GNU_reinterpret, DW_OP.reinterpret],
  [DW_OP.GNU_addr_index, DW_OP.addrx],
  [DW_OP.GNU_const_index, DW_OP.constx],
]);

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(DW_OP).map(([name, operator]) => [operator, `DW_OP_${name}`]),
);

const NO_BYTES = new Uint8Array(0);

/**
 * Reads one operator. `lit0` to `lit31`, `reg0` to `reg31` and `breg0` to `breg31` come as `lit0`, `reg0` and `breg0`
 * with their number in `first`; GNU's numbers come as those of DWARF 5.
 * Undefined, with the reader past the operator's byte, for one that is not known: where it ends is not known either.
 * @throws OutOfBounds if the expression is cut short
 */
export function readOperation(reader: ByteReader): Operation | undefined {
  const offset = reader.offset;
  const code = reader.u8();
  const family = familyOf(code);
  if (family !== undefined) {
    const second = family === DW_OP.breg0 ? reader.slebBig() : 0n;
    return { operator: family, offset, first: BigInt(code - family), second, block: NO_BYTES };
  }
  if (!NAMES.has(code)) return undefined;
  const operator = STANDARD_OPERATORS.get(code) ?? code;
  const numbers: bigint[] = [];
  let block: Uint8Array = NO_BYTES;
  for (const operand of OPERANDS.get(operator) ?? []) {
    if (operand === "block") block = reader.take(reader.uleb());
    else if (operand === "block1") block = reader.take(reader.u8());
    else numbers.push(readNumber(reader, operand));
  }
  return { operator, offset, first: numbers[0] ?? 0n, second: numbers[1] ?? 0n, block };
}

/** `DW_OP_breg7`, `DW_OP_unknown_5`. */
export function operatorName(code: number): string {
  const family = familyOf(code);
  if (family === undefined) return NAMES.get(code) ?? `DW_OP_unknown_${code.toString(16)}`;
  return `${NAMES.get(family)!.slice(0, -1)}${code - family}`;
}

/** The first of 32 operators that differ by their number only. */
function familyOf(code: number): number | undefined {
  if (code < DW_OP.lit0 || code >= DW_OP.regx) return undefined;
  if (code < DW_OP.reg0) return DW_OP.lit0;
  return code < DW_OP.breg0 ? DW_OP.reg0 : DW_OP.breg0;
}

function readNumber(reader: ByteReader, operand: Exclude<Operand, BlockOperand>): bigint {
  switch (operand) {
    case "u8":
      return BigInt(reader.u8());
    case "i8":
      return BigInt(reader.i8());
    case "u16":
      return BigInt(reader.u16());
    case "i16":
      return BigInt(reader.i16());
    case "u32":
      return BigInt(reader.u32());
    case "i32":
      return BigInt(reader.i32());
    case "u64":
      return reader.u64();
    case "i64":
      return BigInt.asIntN(64, reader.u64());
    case "uleb":
      return reader.ulebBig();
    case "sleb":
      return reader.slebBig();
  }
}
