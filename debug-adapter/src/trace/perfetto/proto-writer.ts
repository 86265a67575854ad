import { encodeUtf8 } from "../../base/utf8";

const FIRST_CAPACITY = 1 << 16;

/** How a field is written (protobuf's encoding, "Message structure"). */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;

/** Room that is left for the length of a message inside another: five bytes hold 2^35. */
const LENGTH_BYTES = 5;

/** Writes messages in protobuf's binary encoding. */
export class ProtoWriter {
  private bytes = new Uint8Array(FIRST_CAPACITY);
  private length = 0;

  get size(): number {
    return this.length;
  }

  /** A whole number from 0 to 2^53. */
  number(field: number, value: number): void {
    this.varint(field * 8 + VARINT);
    this.varint(value);
  }

  /** 64 bits at a place that all readers find: for identifiers up to 2^53. */
  fixed64(field: number, value: number): void {
    this.varint(field * 8 + FIXED64);
    this.reserve(8);
    for (let i = 0, rest = value; i < 8; i++) {
      this.bytes[this.length++] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }

  text(field: number, text: string): void {
    const bytes = encodeUtf8(text);
    this.varint(field * 8 + BYTES);
    this.varint(bytes.length);
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** A message inside this one; its length is written with as many bytes as any could need, which the encoding allows. */
  message(field: number, write: () => void): void {
    this.varint(field * 8 + BYTES);
    this.reserve(LENGTH_BYTES);
    const at = this.length;
    this.length += LENGTH_BYTES;
    write();
    let rest = this.length - at - LENGTH_BYTES;
    for (let i = 0; i < LENGTH_BYTES; i++) {
      this.bytes[at + i] = (rest & 0x7f) | (i < LENGTH_BYTES - 1 ? 0x80 : 0);
      rest = Math.floor(rest / 128);
    }
  }

  /** What was written since the last time. */
  take(): Uint8Array {
    const taken = this.bytes.slice(0, this.length);
    this.length = 0;
    return taken;
  }

  private varint(value: number): void {
    this.reserve(10);
    let rest = value;
    while (rest >= 0x80) {
      this.bytes[this.length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
  }

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const bytes = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    bytes.set(this.bytes);
    this.bytes = bytes;
  }
}
