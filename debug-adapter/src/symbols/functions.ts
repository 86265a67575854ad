import type { Address } from "../base/brand";
import { DW_TAG } from "../dwarf/constants";
import { IntervalMap } from "../base/interval-map";
import type { AddressRange } from "../dwarf/ranges";
import { FunctionIdentity, type FunctionSource, ProgramFunction } from "./function";
import { pathComponents, withoutGenerics } from "./types/type-name";

/**
 * The functions that have code, by address and by name. Those that the linker dropped are not here; those that
 * exist only inlined into others are found as frames (`Program.framesAt`).
 */
export class Functions {
  /** In the order of their entries. */
  readonly all: readonly ProgramFunction[];
  private readonly byRow: ReadonlyMap<number, ProgramFunction>;
  private readonly byRange: IntervalMap;
  private readonly byPath = new Map<string, ProgramFunction[]>();
  private readonly byLinkageName = new Map<string, ProgramFunction>();

  constructor(private readonly source: FunctionSource) {
    const { code } = source.info.index;
    this.byRow = functionsByRow(source);
    this.all = [...this.byRow.values()];
    this.byRange = new IntervalMap(code.starts, code.ends);
  }

  /** The function whose code an address lies in. (Not the one inlined there: see `Program.framesAt`.) */
  at(address: Address): ProgramFunction | undefined {
    const range = this.byRange.find(address);
    return range < 0 ? undefined : this.byRow.get(this.source.info.index.code.rows[range]!);
  }

  /** Functions of exactly this name, generic arguments included. */
  named(name: string): ProgramFunction[] {
    const isNamed = this.source.names.matcher(name);
    return this.all.filter(({ row }) => isNamed(row));
  }

  /** All instances of a generic function, by its name without arguments: `embassy_executor::raw::TaskStorage::poll`. */
  withPath(path: string): readonly ProgramFunction[] {
    if (this.byPath.size === 0) {
      for (const each of this.all) {
        const { path } = each;
        const same = this.byPath.get(path);
        if (same) same.push(each);
        else this.byPath.set(path, [each]);
      }
    }
    return this.byPath.get(path) ?? [];
  }

  /** The function that the linker knows by this name: `TIMER_IRQ_0`, `_ZN5blink3nap17h…E`. */
  withLinkageName(linkageName: string): ProgramFunction | undefined {
    if (this.byLinkageName.size === 0) {
      // A function that is not mangled (`#[no_mangle]`) has its own name and no linkage name.
      for (const each of this.all) {
        const known = each.linkageName ?? pathComponents(each.name).at(-1)!;
        if (!this.byLinkageName.has(known)) this.byLinkageName.set(known, each);
      }
    }
    return this.byLinkageName.get(linkageName);
  }

  /** The functions that satisfy a condition. */
  matching(isWanted: (each: ProgramFunction) => boolean): ProgramFunction[] {
    return this.all.filter(isWanted);
  }

  /**
   * A function that the debug info describes, with or without code of its own: one of exactly this name, or else
   * another instance of the same generic function.
   */
  describedAs(name: string): FunctionIdentity | undefined {
    const { info, names } = this.source;
    const { index } = info;
    const isNamed = names.matcher(name);
    const path = withoutGenerics(name);
    const last = new TextEncoder().encode(pathComponents(path).at(-1));
    let sibling: number | undefined;
    for (let row = 0; row < index.count; row++) {
      if (index.tag(row) !== DW_TAG.subprogram) continue;
      if (isNamed(row)) return this.ofRow(row);
      const isCandidate =
        sibling === undefined && info.strings.startsWith(index.name(names.namedRow(row)), last);
      if (isCandidate && names.pathOf(row) === path) sibling = row;
    }
    return sibling === undefined ? undefined : this.ofRow(sibling);
  }

  /** The function that an index row describes, with or without code of its own. */
  ofRow(row: number): FunctionIdentity {
    return this.byRow.get(row) ?? new FunctionIdentity(row, this.source);
  }
}

function functionsByRow(source: FunctionSource): Map<number, ProgramFunction> {
  const { rows, starts, ends } = source.info.index.code;
  const found = new Map<number, ProgramFunction>();
  for (let i = 0; i < rows.length;) {
    const row = rows[i]!;
    const ranges: AddressRange[] = [];
    for (; i < rows.length && rows[i] === row; i++) ranges.push({ start: starts[i]!, end: ends[i]! });
    found.set(row, new ProgramFunction(row, ranges, source));
  }
  return found;
}
