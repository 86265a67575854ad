import { ByteReader, OutOfBounds } from "../../base/byte-reader";
import type { LogLine } from "../log-line";
import { MalformedFrame, readArguments } from "./arguments";
import { messageText } from "./message-text";
import { decodeRzcobs } from "./rzcobs";
import type { DefmtTable } from "./table";

/** What one frame says. */
export type DefmtMessage = Pick<LogLine, "level" | "text" | "timestamp" | "place">;

/** Bytes without the end of a frame; more than any buffer, so that a firmware that never ends one costs no memory. */
const MOST_PENDING = 1 << 20;

/** Takes the bytes of a defmt channel apart, however they are cut. */
export class DefmtFrames {
  private pending: Uint8Array = new Uint8Array(0);

  constructor(private readonly table: DefmtTable) {}

  /** The messages that are whole with these bytes. Bytes that are no frame are a message that says so. */
  push(bytes: Uint8Array): DefmtMessage[] {
    this.pending = joined(this.pending, bytes);
    const messages = this.table.encoding === "rzcobs" ? this.separated() : this.raw();
    if (this.pending.length > MOST_PENDING) this.pending = new Uint8Array(0);
    return messages;
  }

  /** Each frame ends with a zero, which occurs nowhere in it. */
  private separated(): DefmtMessage[] {
    const messages: DefmtMessage[] = [];
    let start = 0;
    for (let end = this.pending.indexOf(0); end >= 0; end = this.pending.indexOf(0, start)) {
      const encoded = this.pending.subarray(start, end);
      if (encoded.length > 0) {
        const frame = decodeRzcobs(encoded);
        const read = frame && readFrame(frame, this.table);
        messages.push(read?.message ?? malformed(encoded.length));
      }
      start = end + 1;
    }
    this.pending = this.pending.slice(start);
    return messages;
  }

  /** Nothing separates frames: each is as long as its arguments, and after a damaged one all is lost. */
  private raw(): DefmtMessage[] {
    const messages: DefmtMessage[] = [];
    while (this.pending.length > 0) {
      const read = readFrame(this.pending, this.table, { isPartial: true });
      if (read === "partial") break;
      if (read === undefined) {
        messages.push(malformed(this.pending.length));
        this.pending = new Uint8Array(0);
        break;
      }
      messages.push(read.message);
      this.pending = this.pending.slice(read.length);
    }
    return messages;
  }
}

interface ReadFrame {
  readonly message: DefmtMessage;
  readonly length: number;
}

/** Undefined if the bytes are no frame; `partial` where more of them may come. */
function readFrame(frame: Uint8Array, table: DefmtTable): ReadFrame | undefined;
function readFrame(
  frame: Uint8Array,
  table: DefmtTable,
  options: { readonly isPartial: true },
): ReadFrame | "partial" | undefined;
function readFrame(
  frame: Uint8Array,
  table: DefmtTable,
  options?: { readonly isPartial: true },
): ReadFrame | "partial" | undefined {
  const reader = new ByteReader(frame);
  try {
    const entry = table.entry(reader.u16());
    const fragments = entry && table.fragments(entry.text);
    if (entry === undefined || fragments === undefined) return undefined;
    const { timestamp: clock } = table;
    const timestamp = clock && messageText(clock, readArguments(clock, reader, table), table);
    const text = messageText(fragments, readArguments(fragments, reader, table), table);
    const message = { level: entry.level, text, timestamp: timestamp ?? null, place: entry.place };
    return { message, length: frame.length - reader.remaining };
  } catch (error) {
    if (error instanceof OutOfBounds) return options === undefined ? undefined : "partial";
    if (error instanceof MalformedFrame) return undefined;
    throw error;
  }
}

function malformed(length: number): DefmtMessage {
  const text = `(${length} bytes that are no defmt frame of this firmware)`;
  return { level: null, text, timestamp: null, place: null };
}

function joined(before: Uint8Array, after: Uint8Array): Uint8Array {
  const all = new Uint8Array(before.length + after.length);
  all.set(before);
  all.set(after, before.length);
  return all;
}
