import type { ValueReader } from "../../values/reader";
import type { Value } from "../../values/value";
import { withoutAliases } from "../../values/type-words";

/** A task's own entry in the queue of timers. */
export type QueuedTimer =
  /** When it is due, by the timer driver's counter; undefined for one that is never due. */
  { readonly kind: "queued"; readonly due: bigint } | { readonly kind: "not-queued" };

/**
 * Reads an entry of embassy-time's queue: it is in the queue exactly if it holds a waker.
 * Undefined if its layout or memory is not as expected.
 */
export function queuedTimer(entry: Value, reader: ValueReader): QueuedTimer | undefined {
  const waker = reader.member(entry, "waker");
  const due = reader.unsigned(reader.member(entry, "expires_at"));
  const type = waker && withoutAliases(waker.type);
  if (waker === undefined || due === undefined || type?.kind !== "enum") return undefined;
  const active = reader.activeVariant(waker, type);
  if (active.kind !== "variant") return undefined;
  return active.variant.name === "Some" ? { kind: "queued", due } : { kind: "not-queued" };
}
