import { sliceType } from "../pointers";
import type { Formatter } from "../shape";
import { withoutAliases } from "../type-words";
import { dequeShape } from "./heapless";
import { heapShape, ringOf } from "./queue";
import { searchMember } from "./search-member";

/** embassy-sync's channels: `Channel(2 of 4) [1, 2]`, the next to be received first. */
export const channelFormatter: Formatter = {
  types: ["embassy_sync::channel::Channel"],
  shape(value, reader) {
    const queue = searchMember(value, "queue", reader);
    return queue && dequeShape("Channel", queue, reader);
  },
};

/** `PriorityChannel(3 of 4) [9, 1, 3]`: the next to be received first, the others as they lie in the heap. */
export const priorityChannelFormatter: Formatter = {
  types: ["embassy_sync::priority_channel::PriorityChannel"],
  shape(value, reader) {
    const queue = searchMember(value, "queue", reader);
    return queue && heapShape("PriorityChannel", queue, reader);
  },
};

/** The zero-copy channel, whose elements lie in a buffer of the user's: `Channel(1 of 2) [[1, 2]]`. */
export const zeroCopyChannelFormatter: Formatter = {
  types: ["embassy_sync::zerocopy_channel::Channel"],
  shape(value, reader) {
    const ring = ringOf(value, reader);
    const buffer = reader.member(value, "buf");
    const pointer = buffer && reader.unwrapped(buffer);
    const type = pointer && withoutAliases(pointer.type);
    const address = reader.count(pointer);
    if (ring === undefined || type?.kind !== "pointer" || address === undefined) return undefined;
    const elements = sliceType(type.target, ring.capacity);
    return {
      kind: "list",
      name: "Channel",
      note: `${ring.count} of ${ring.capacity}`,
      count: ring.count,
      element: (index) =>
        reader.element(reader.at(elements, address), elements, (ring.start + index) % ring.capacity),
    };
  },
};

/** `Pipe(3 of 4) [104, 101, 108]`: bytes, the next to be read first. */
export const pipeFormatter: Formatter = {
  types: ["embassy_sync::pipe::Pipe"],
  shape(value, reader) {
    const ring = ringOf(value, reader);
    const buffer = reader.member(value, "buf");
    const array = buffer && reader.unwrapped(buffer);
    const type = array && withoutAliases(array.type);
    if (ring === undefined || array === undefined || type?.kind !== "array") return undefined;
    return {
      kind: "list",
      name: "Pipe",
      note: `${ring.count} of ${ring.capacity}`,
      count: ring.count,
      element: (index) => reader.element(array, type, (ring.start + index) % ring.capacity),
    };
  },
};
