import { EventKind, unpackUart } from "#adapter/trace/event";
import type { Trace } from "#adapter/trace/trace";

/** Bytes after which a message is shown although its line has not ended. */
const LONGEST_MESSAGE = 120;

/**
 * What UARTs sent and got, put together to lines: text by the row of its last byte.
 * A line that never ends counts as complete where the trace ends.
 */
export function uartMessages(trace: Trace): Map<number, string> {
  const { events } = trace;
  const messages = new Map<number, string>();
  const open = new Map<number, { row: number; text: string }>();
  for (let row = 0; row < events.length; row++) {
    if (events.kind(row) !== EventKind.Uart) continue;
    const { uart, byte, direction } = unpackUart(events.payload(row));
    const wire = uart * 2 + (direction === "receive" ? 1 : 0);
    const text = (open.get(wire)?.text ?? "") + String.fromCharCode(byte);
    if (byte === 0x0a || text.length >= LONGEST_MESSAGE) {
      messages.set(row, text);
      open.delete(wire);
    } else open.set(wire, { row, text });
  }
  for (const { row, text } of open.values()) messages.set(row, text);
  return messages;
}
