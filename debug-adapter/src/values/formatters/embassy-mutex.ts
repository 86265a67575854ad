import type { Formatter } from "../shape";
import { searchMember } from "./search-member";

/** embassy-sync's async mutex: `Mutex(Reading { … }, locked)`. Its waker says whether somebody waits for it. */
export const embassyMutexFormatter: Formatter = {
  types: ["embassy_sync::mutex::Mutex"],
  shape(value, reader) {
    const state = reader.member(value, "state");
    const cell = reader.member(value, "inner");
    const locked = state && searchMember(state, "locked", reader);
    const flag = locked && reader.scalar(locked);
    if (cell === undefined || flag?.kind !== "bool") return undefined;
    const inner = reader.member(cell, "value") ?? cell;
    return { kind: "wrapped", name: "Mutex", inner, notes: [flag.value ? "locked" : "unlocked"] };
  },
};
