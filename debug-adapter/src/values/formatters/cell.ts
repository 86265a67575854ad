import type { Formatter } from "../shape";

/** `Cell(5)`, `UnsafeCell(5)`. */
export const cellFormatter: Formatter = {
  types: ["core::cell::Cell", "core::cell::UnsafeCell", "core::cell::SyncUnsafeCell"],
  shape(value, reader) {
    const inner = reader.member(value, "value");
    if (inner === undefined) return undefined;
    // A cell's own content stands in an UnsafeCell, which says nothing more.
    const content = inner.type.name.startsWith("core::cell::UnsafeCell<")
      ? reader.member(inner, "value")
      : inner;
    const name = value.type.name.startsWith("core::cell::Cell<") ? "Cell" : "UnsafeCell";
    return { kind: "wrapped", name, inner: content, notes: [] };
  },
};

/** `RefCell(5)`, `RefCell(5, borrowed 2 times)`, `RefCell(5, mutably borrowed)`. */
export const refCellFormatter: Formatter = {
  types: ["core::cell::RefCell"],
  shape(value, reader) {
    const cell = reader.member(value, "value");
    const count = reader.member(value, "borrow");
    const flag = count && reader.scalar(reader.unwrapped(count));
    if (cell === undefined || flag?.kind !== "integer") return undefined;
    const inner = reader.member(cell, "value") ?? cell;
    return { kind: "wrapped", name: "RefCell", inner, notes: borrowNotes(flag.value) };
  },
};

/** A RefCell counts its shared borrows up from 0, and its mutable ones down (`core::cell::BorrowCounter`). */
function borrowNotes(flag: bigint): string[] {
  if (flag === 0n) return [];
  if (flag < 0n) return ["mutably borrowed"];
  return [flag === 1n ? "borrowed" : `borrowed ${flag} times`];
}
