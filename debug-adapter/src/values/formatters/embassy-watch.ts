import { counted } from "../../base/counted";
import type { Formatter } from "../shape";
import { withoutAliases } from "../type-words";
import { searchType } from "./search-member";

/** `Watch(5, sent 3 times, 1 receiver)`, `Watch(nothing sent, 1 receiver)`. */
export const watchFormatter: Formatter = {
  types: ["embassy_sync::watch::Watch"],
  shape(value, reader) {
    const state = searchType(value, "embassy_sync::watch::WatchState", reader);
    const data = state && reader.member(state, "data");
    const type = data && withoutAliases(data.type);
    const sent = reader.count(state && reader.member(state, "current_id"));
    const receivers = reader.count(state && reader.member(state, "receiver_count"));
    if (data === undefined || type?.kind !== "enum" || sent === undefined || receivers === undefined)
      return undefined;
    const active = reader.activeVariant(data, type);
    if (active.kind !== "variant") return undefined;
    const { name, payload } = active.variant;
    const inner = name === "Some" ? reader.member(reader.part(data, payload), "__0") : undefined;
    const times = inner === undefined ? "nothing sent" : `sent ${counted(sent, "time")}`;
    return { kind: "wrapped", name: "Watch", inner, notes: [times, counted(receivers, "receiver")] };
  },
};
