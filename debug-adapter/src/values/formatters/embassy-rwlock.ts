import { counted } from "../../base/counted";
import type { Formatter } from "../shape";
import { searchMember } from "./search-member";

/** embassy-sync's async lock: `RwLock(5, unlocked)`, `RwLock(5, 2 readers)`, `RwLock(5, being written)`. */
export const rwLockFormatter: Formatter = {
  types: ["embassy_sync::rwlock::RwLock"],
  shape(value, reader) {
    const state = reader.member(value, "state");
    const cell = reader.member(value, "inner");
    const readers = reader.count(state && searchMember(state, "readers", reader));
    const writer = state && searchMember(state, "writer", reader);
    const flag = writer && reader.scalar(writer);
    if (cell === undefined || readers === undefined || flag?.kind !== "bool") return undefined;
    const inner = reader.member(cell, "value") ?? cell;
    const note = flag.value ? "being written" : readers === 0 ? "unlocked" : counted(readers, "reader");
    return { kind: "wrapped", name: "RwLock", inner, notes: [note] };
  },
};
