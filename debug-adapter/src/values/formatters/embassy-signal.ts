import type { Formatter } from "../shape";
import { withoutAliases } from "../type-words";
import { searchType } from "./search-member";

/** `Signal(5, signaled)`, `Signal(nothing signaled)`, `Signal(nothing signaled, awaited)`. */
export const signalFormatter: Formatter = {
  types: ["embassy_sync::signal::Signal"],
  shape(value, reader) {
    const state = searchType(value, "embassy_sync::signal::State", reader);
    const type = state && withoutAliases(state.type);
    if (state === undefined || type?.kind !== "enum") return undefined;
    const active = reader.activeVariant(state, type);
    if (active.kind !== "variant") return undefined;
    const { name, payload } = active.variant;
    const inner = name === "Signaled" ? reader.member(reader.part(state, payload), "__0") : undefined;
    const notes = NOTES[name];
    if (notes === undefined || (inner === undefined && name === "Signaled")) return undefined;
    return { kind: "wrapped", name: "Signal", inner, notes };
  },
};

const NOTES: Readonly<Record<string, readonly string[] | undefined>> = {
  None: ["nothing signaled"],
  Waiting: ["nothing signaled", "awaited"],
  Signaled: ["signaled"],
};
