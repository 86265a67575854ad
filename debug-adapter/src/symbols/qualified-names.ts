import type { DebugInfo } from "../dwarf/debug-info";
import { NO_ROW } from "../dwarf/entry-index";
import { pathComponents, withoutGenerics } from "./types/type-name";

/**
 * Names of index rows with the namespaces and types around them, as a Rust programmer writes them:
 * `embassy_executor::raw::TaskStorage<F>::poll<F>`. Made when first asked for, and kept.
 */
export class QualifiedNames {
  private readonly names = new Map<number, string>();
  private readonly encoder = new TextEncoder();

  constructor(private readonly info: DebugInfo) {}

  /** The full name of a row; "" for one that has none. */
  of(row: number): string {
    return this.nameOf(row, 0);
  }

  /** The full name without generic arguments: the same for all instances of a generic function or type. */
  pathOf(row: number): string {
    return withoutGenerics(this.of(row));
  }

  /** The last component of a row's full name, with its generic arguments; made without those before it. */
  ownNameOf(row: number): string {
    const { index, strings } = this.info;
    return strings.text(index.name(this.namedRow(row))) ?? "";
  }

  /** The row that has a row's name: itself, or what it completes; a cycle of such references ends somewhere in it. */
  namedRow(row: number): number {
    const { index } = this.info;
    let named = row;
    for (let steps = 0; steps < LONGEST_ORIGIN_CHAIN; steps++) {
      const origin = index.origin(named);
      const next = origin === undefined ? NO_ROW : index.rowAt(origin);
      if (next === NO_ROW) break;
      named = next;
    }
    return named;
  }

  /** A test of whether a row has this full name; cheap for the many rows that have not. */
  matcher(name: string): (row: number) => boolean {
    const last = this.encoder.encode(pathComponents(name).at(-1));
    const whole = this.encoder.encode(name);
    const { index, strings } = this.info;
    return (row) => {
      const own = index.name(this.namedRow(row));
      // A type such as `&dyn core::fmt::Write` stands in no namespace and has it all in its own name.
      return (strings.equals(own, last) || strings.equals(own, whole)) && this.of(row) === name;
    };
  }

  private nameOf(row: number, depth: number): string {
    const known = this.names.get(row);
    if (known !== undefined) return known;
    const { index } = this.info;
    const named = this.namedRow(row);
    const own = this.ownNameOf(named);
    const parent = index.parent(named);
    const around = parent === NO_ROW ? "" : depth < DEEPEST_NESTING ? this.nameOf(parent, depth + 1) : "…";
    const isTooLong = around.length + own.length > LONGEST_NAME;
    const name = around === "" ? own : own === "" || isTooLong ? around : `${around}::${own}`;
    this.names.set(row, name);
    return name;
  }
}

/** Definition, declaration, abstract instance: three is the most that is ever written. */
const LONGEST_ORIGIN_CHAIN = 8;
/** Of entries that are not nested but broken. */
const DEEPEST_NESTING = 100;
const LONGEST_NAME = 1 << 16;
