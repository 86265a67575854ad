import { decodeUtf8 } from "../base/utf8";

/** A line without an end is told when it is this long. */
const LONGEST = 4096;

/** Cuts the bytes of a text channel into lines; a character is never cut. */
export class TextLines {
  private pending: number[] = [];

  /** The lines that end with these bytes, without their ends. */
  push(bytes: Uint8Array): string[] {
    const lines: string[] = [];
    for (const byte of bytes) {
      if (byte === 0x0a) lines.push(this.flush());
      else if (this.pending.push(byte) >= LONGEST) lines.push(this.flush());
    }
    return lines;
  }

  private flush(): string {
    const text = decodeUtf8(Uint8Array.from(this.pending));
    this.pending = [];
    return text.endsWith("\r") ? text.slice(0, -1) : text;
  }
}
