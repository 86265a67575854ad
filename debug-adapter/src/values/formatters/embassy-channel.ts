import type { Formatter } from "../shape";
import { dequeShape } from "./heapless";
import { searchMember } from "./search-member";

/** embassy-sync's channels: `Channel(2 of 4) [1, 2]`, the next to be received first. */
export const channelFormatter: Formatter = {
  types: ["embassy_sync::channel::Channel"],
  shape(value, reader) {
    const queue = searchMember(value, "queue", reader);
    return queue && dequeShape("Channel", queue, reader);
  },
};
