import { counted } from "../../base/counted";
import type { Formatter } from "../shape";
import { dequeShape } from "./heapless";
import { searchMember } from "./search-member";

/**
 * `PubSubChannel(2 of 4, 1 subscriber, 1 publisher) [5, 6]`: messages that some subscriber has yet to read, the oldest
 * first. Each is kept with the number of those subscribers, which is not shown.
 */
export const pubSubFormatter: Formatter = {
  types: ["embassy_sync::pubsub::PubSubChannel"],
  shape(value, reader) {
    const queue = searchMember(value, "queue", reader);
    const shape = queue && dequeShape("PubSubChannel", queue, reader);
    const subscribers = reader.count(searchMember(value, "subscriber_count", reader));
    const publishers = reader.count(searchMember(value, "publisher_count", reader));
    if (shape === undefined || subscribers === undefined || publishers === undefined) return undefined;
    return {
      ...shape,
      note: `${shape.note}, ${counted(subscribers, "subscriber")}, ${counted(publishers, "publisher")}`,
      element: (index) => {
        const element = shape.element(index);
        return reader.member(element, "__0") ?? element;
      },
    };
  },
};
