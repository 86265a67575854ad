import type { Entry } from "./entry";
import type { LocationReader } from "./location";

/** What an expression asks of the unit that it belongs to; `Unit` answers all of it. */
export interface ExpressionUnit {
  readonly offset: number;
  readonly version: number;
  addressAt(index: number): number;
  entryAt(offset: number): Entry | undefined;
}

/**
 * What an expression asks of the frame that it is evaluated in. Registers have their numbers in DWARF (AADWARF32
 * section 4.1). Every answer may be undefined: not known here.
 */
export interface ExpressionContext extends LocationReader {
  /** What DW_OP_fbreg is relative to. */
  frameBase?(): number | undefined;
  /** The canonical frame address (DWARF 5 section 6.4). */
  callFrameAddress?(): number | undefined;
  /** What a register held when the function was entered. */
  entryRegister?(number: number): number | undefined;
  /** The address of the object that a type's expression is evaluated for. */
  objectAddress?(): number | undefined;
}
