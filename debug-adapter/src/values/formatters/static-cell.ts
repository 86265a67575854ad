import type { Formatter } from "../shape";
import { assumeInit } from "../maybe-uninit";

/** `static_cell::StaticCell`: what `init` has put there, if it has been called. */
export const staticCellFormatter: Formatter = {
  types: ["static_cell::StaticCell"],
  shape(value, reader) {
    const used = reader.unsigned(reader.member(value, "used"));
    const cell = reader.member(value, "val");
    const content = cell && reader.member(cell, "value");
    if (used === undefined || used > 1n || content === undefined) return undefined;
    return used === 0n
      ? { kind: "wrapped", name: "StaticCell", inner: undefined, notes: ["not initialised"] }
      : { kind: "wrapped", name: "StaticCell", inner: assumeInit(content), notes: [] };
  },
};
