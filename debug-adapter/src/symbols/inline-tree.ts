import { DW_AT, DW_TAG } from "../dwarf/constants";
import type { Entry } from "../dwarf/entry";
import { NO_ROW } from "../dwarf/entry-index";
import type { AddressRange } from "../dwarf/ranges";
import type { FunctionSource, ProgramFunction } from "./function";
import type { SourcePlace } from "./source-files";

/** A call that the compiler replaced by the body of the function called. */
export interface InlinedCall {
  /** Offset in `.debug_info` of the entry with its parameters and variables. */
  readonly entryOffset: number;
  /** Index row of the function called. */
  readonly functionRow: number;
  readonly ranges: readonly AddressRange[];
  /** Where the call stands in the source. */
  readonly callPlace: SourcePlace | undefined;
  /** Position in `InlineTree.calls` of the inlined call that contains this one, or -1. */
  readonly parent: number;
}

/** The calls inlined into one function, outer ones before those inlined into them. */
export class InlineTree {
  readonly calls: readonly InlinedCall[];

  constructor(owner: ProgramFunction, source: FunctionSource) {
    const entry = source.info.entryAt(owner.entryOffset);
    this.calls = entry ? readCalls(entry, source) : [];
  }

  /** The inlined calls whose code an address lies in, outermost first. */
  at(address: number): InlinedCall[] {
    const chain: InlinedCall[] = [];
    let innermost = -1;
    // Calls follow the one that they are inlined into, so one pass finds the whole chain.
    for (const [position, call] of this.calls.entries()) {
      if (call.parent !== innermost || !covers(call.ranges, address)) continue;
      chain.push(call);
      innermost = position;
    }
    return chain;
  }
}

function covers(ranges: readonly AddressRange[], address: number): boolean {
  return ranges.some(({ start, end }) => start <= address && address < end);
}

function readCalls(entry: Entry, source: FunctionSource): InlinedCall[] {
  const calls: InlinedCall[] = [];
  /** The inlined calls around the entry at hand: depth of the entry, position in `calls`. */
  const around: { readonly depth: number; readonly position: number }[] = [];
  while (entry.next()) {
    while (around.length > 0 && entry.depth <= around.at(-1)!.depth) around.pop();
    if (entry.tag !== DW_TAG.inlined_subroutine) continue;
    const call = readCall(entry, around.at(-1)?.position ?? -1, source);
    if (call === undefined) continue;
    around.push({ depth: entry.depth, position: calls.length });
    calls.push(call);
  }
  return calls;
}

function readCall(entry: Entry, parent: number, source: FunctionSource): InlinedCall | undefined {
  const origin = entry.reference(DW_AT.abstract_origin);
  const functionRow = origin === undefined ? NO_ROW : source.info.index.rowAt(origin);
  if (functionRow === NO_ROW) return undefined;
  return {
    entryOffset: entry.offset,
    functionRow,
    ranges: entry.ranges(),
    callPlace: source.places.callOf(entry),
    parent,
  };
}
