import { type QueueFill, queueFill } from "../../values/formatters/queue";
import { searchType } from "../../values/formatters/search-member";
import { withoutAliases } from "../../values/type-words";
import type { Value } from "../../values/value";
import { findObject } from "../find-object";
import { objectWords, plainWait, type Wait, type WaitKind, waitObject } from "../wait";
import type { LeafContext, LeafFuture } from "./leaf";

/** Senders and receivers of embassy-sync's channels. */
export const channelLeaf: LeafFuture = {
  matches: /^embassy_sync::(?:channel|priority_channel|zerocopy_channel)::(?:\w+Future|send|receive)$/,
  describe(context, key) {
    const found = objectOf(context, "channel", [
      "embassy_sync::channel::Channel",
      "embassy_sync::priority_channel::PriorityChannel",
      "embassy_sync::zerocopy_channel::Channel",
    ]);
    const fill = found && queueFill(found.value, context.reader);
    return fill && found.wait(fillWords(fill, isSender(key)));
  },
};

/** `Publisher::publish` and `Subscriber::next_message`. */
export const pubSubLeaf: LeafFuture = {
  matches: /^embassy_sync::pubsub::(?:\w+::)*\w+Future$/,
  describe(context, key) {
    const found = objectOf(context, "pubsub", ["embassy_sync::pubsub::PubSubChannel"]);
    if (found === undefined) return undefined;
    if (!key.includes("Publisher")) return found.wait("has no new message");
    const fill = queueFill(found.value, context.reader);
    return fill && found.wait(fillWords(fill, true));
  },
};

/** Both ends of embassy-sync's pipe of bytes. */
export const pipeLeaf: LeafFuture = {
  matches: /^embassy_sync::pipe::\w+Future$/,
  describe(context, key) {
    const found = objectOf(context, "pipe", ["embassy_sync::pipe::Pipe"]);
    const fill = found && queueFill(found.value, context.reader);
    return fill && found.wait(fillWords(fill, key.includes("Write")));
  },
};

/** `Signal::wait`. */
export const signalLeaf: LeafFuture = {
  matches: /^embassy_sync::signal::wait$/,
  describe(context) {
    const { reader } = context;
    const found = objectOf(context, "signal", ["embassy_sync::signal::Signal"]);
    const state = found && searchType(found.value, "embassy_sync::signal::State", reader);
    const type = state && withoutAliases(state.type);
    if (found === undefined || state === undefined || type?.kind !== "enum") return undefined;
    const active = reader.activeVariant(state, type);
    if (active.kind !== "variant") return undefined;
    return found.wait(active.variant.name === "Signaled" ? "is signaled" : "is not signaled");
  },
};

/** Receivers of embassy-sync's watch. */
export const watchLeaf: LeafFuture = {
  matches: /^embassy_sync::watch::(?:get|get_and|changed|changed_and)$/,
  describe(context, key) {
    const found = objectOf(context, "watch", ["embassy_sync::watch::Watch"]);
    return found?.wait(/::get(?:_and)?$/.test(key) ? "has no value yet" : "has no new value");
  },
};

/** `OnceLock::get`. */
export const onceLockLeaf: LeafFuture = {
  matches: /^embassy_sync::once_lock::get$/,
  describe: (context) =>
    objectOf(context, "once-lock", ["embassy_sync::once_lock::OnceLock"])?.wait("is not set yet"),
};

interface Found {
  readonly value: Value;
  /** The wait at this object, in words that follow its name. */
  wait(state: string): Wait;
}

function objectOf(
  { value, reader }: LeafContext,
  kind: WaitKind,
  types: readonly string[],
): Found | undefined {
  const found = findObject(value, types, reader);
  const address = found && reader.addressOf(found);
  if (found === undefined || address === undefined) return undefined;
  const object = waitObject(address, reader.symbols);
  return {
    value: found,
    wait: (state) => ({
      ...plainWait(kind, `${kind} ${objectWords(object, reader.symbols)} ${state}`),
      object,
    }),
  };
}

function fillWords({ count, capacity }: QueueFill, isSending: boolean): string {
  const fill = `(${count} of ${capacity})`;
  if (count === 0) return `is empty ${fill}`;
  if (count >= capacity) return `is full ${fill}`;
  return isSending ? `has room ${fill}` : `has something ${fill}`;
}

function isSender(key: string): boolean {
  return /send/i.test(key);
}
