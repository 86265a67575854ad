import type { Formatter } from "../shape";

/** Mutexes that are held for the time of a closure only and keep no state: `Mutex(5)`. */
export const lockFormatter: Formatter = {
  types: ["embassy_sync::blocking_mutex::Mutex", "critical_section::mutex::Mutex"],
  shape(value, reader) {
    const cell = reader.member(value, "data") ?? reader.member(value, "inner");
    if (cell === undefined) return undefined;
    const inner = reader.member(cell, "value") ?? cell;
    return { kind: "wrapped", name: "Mutex", inner, notes: [] };
  },
};
