import { u32At, ulebAt } from "./bytes";
import { DW_AT, DW_FORM } from "./constants";
import type { DebugInfo } from "./debug-info";
import type { Entry } from "./entry";
import { evaluateLocation, evaluateNumber, type NumberResult } from "./expression";
import type { ExpressionContext } from "./expression-context";
import { type Location, wholeAt } from "./location";
import { type LocationListEntry, LocationLists } from "./location-lists";
import { place } from "./sections";
import type { Unit } from "./unit";

/** Finds where the variables and frame bases that entries describe are at a program counter. */
export class VariableLocations {
  private readonly lists: LocationLists;

  constructor(private readonly info: DebugInfo) {
    this.lists = new LocationLists(info.sections, info.problems);
  }

  /**
   * Where the variable or parameter of an entry is at `pc`. The frame's lookup address must be given for `pc`: in a
   * caller, the return address minus one. What is described nowhere is optimized out.
   */
  locate(variable: Entry, pc: number, context: ExpressionContext): Location {
    const unit = this.info.unitAt(variable.offset);
    const expression = this.expressionAt(variable, DW_AT.location, pc);
    if (expression !== undefined) return evaluateLocation(expression, context, { unit });
    const constant = constantBytes(variable);
    return wholeAt(constant === undefined ? { kind: "optimized-out" } : { kind: "value", bytes: constant });
  }

  /** The frame base of a function's entry at `pc`, which DW_OP_fbreg in its variables is relative to. */
  frameBase(subprogram: Entry, pc: number, context: ExpressionContext): NumberResult {
    const expression = this.expressionAt(subprogram, DW_AT.frame_base, pc);
    if (expression === undefined) return { kind: "unavailable", reason: "the function has no frame base" };
    // It is evaluated without a frame base: one that is relative to itself would never end.
    const withoutFrameBase: ExpressionContext = {
      register: (number) => context.register(number),
      memory: context.memory,
      callFrameAddress: () => context.callFrameAddress?.(),
      entryRegister: (number) => context.entryRegister?.(number),
    };
    return evaluateNumber(expression, withoutFrameBase, { unit: this.info.unitAt(subprogram.offset) });
  }

  /** The expression of an attribute that holds at `pc`, undefined if there is none. */
  expressionAt(entry: Entry, attribute: number, pc: number): Uint8Array | undefined {
    const block = entry.block(attribute);
    if (block !== undefined) return block;
    const list = this.listOf(entry, attribute);
    return list && this.lists.expressionAt(list.offset, list.unit, pc);
  }

  /** The location list of an attribute; undefined if it has none. */
  listAt(entry: Entry, attribute: number): readonly LocationListEntry[] | undefined {
    const list = this.listOf(entry, attribute);
    return list && this.lists.at(list.offset, list.unit);
  }

  private listOf(
    entry: Entry,
    attribute: number,
  ): { readonly offset: number; readonly unit: Unit } | undefined {
    const form = entry.formOf(attribute);
    const at = entry.valueOffset(attribute);
    const unit = this.info.unitAt(entry.offset);
    if (form === undefined || at === undefined || unit === undefined) return undefined;
    switch (form) {
      case DW_FORM.sec_offset:
      case DW_FORM.data4:
        return { offset: u32At(unit.bytes, at), unit };
      case DW_FORM.loclistx: {
        const offset = this.indexedOffset(unit, ulebAt(unit.bytes, at));
        return offset === undefined ? undefined : { offset, unit };
      }
      default:
        return undefined;
    }
  }

  /** The table of offsets at DW_AT_loclists_base is relative to itself (DWARF 5 section 7.29). */
  private indexedOffset(unit: Unit, index: number): number | undefined {
    const { loclists } = this.info.sections;
    const base = unit.root().number(DW_AT.loclists_base) ?? LOCLISTS_HEADER_SIZE;
    const at = base + 4 * index;
    if (at + 4 <= loclists.length) return base + u32At(loclists, at);
    this.info.problems.add(
      place(".debug_info", unit.offset),
      `location list index ${index} is outside .debug_loclists`,
    );
    return undefined;
  }
}

const LOCLISTS_HEADER_SIZE = 12;

/** The bytes of DW_AT_const_value, little-endian; numbers are extended to 16 bytes, as their type is not known here. */
function constantBytes(variable: Entry): Uint8Array | undefined {
  const form = variable.formOf(DW_AT.const_value);
  if (form === undefined) return undefined;
  if (form === DW_FORM.string || form === DW_FORM.strp || form === DW_FORM.line_strp) {
    const text = variable.string(DW_AT.const_value);
    return text === undefined ? undefined : new TextEncoder().encode(text);
  }
  const block = variable.block(DW_AT.const_value);
  if (block !== undefined) return block;
  const value = variable.bigint(DW_AT.const_value);
  if (value === undefined) return undefined;
  const bytes = new Uint8Array(16);
  for (let i = 0, rest = BigInt.asUintN(128, value); i < 16; i++, rest >>= 8n)
    bytes[i] = Number(rest & 0xffn);
  return bytes;
}
