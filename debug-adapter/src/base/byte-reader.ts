import { decodeUtf8 } from "./utf8";

/** Thrown when a read goes past the end of its bytes or a number has no end; callers turn it into a problem. */
export class OutOfBounds extends Error {
  override readonly name = "OutOfBounds";
}

/** A bounds-checked little-endian cursor over bytes. */
export class ByteReader {
  private readonly view: DataView;

  /**
   * @param bytes  what to read; not copied
   * @param offset where to start
   * @param end    first offset that may not be read
   */
  constructor(
    readonly bytes: Uint8Array,
    public offset = 0,
    readonly end = bytes.length,
  ) {
    if (offset < 0 || end > bytes.length || offset > end) {
      throw new OutOfBounds(`range ${offset}..${end} of ${bytes.length} bytes`);
    }
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.offset >= this.end;
  }

  get remaining(): number {
    return this.end - this.offset;
  }

  u8(): number {
    const at = this.advance(1);
    return this.view.getUint8(at);
  }

  i8(): number {
    const at = this.advance(1);
    return this.view.getInt8(at);
  }

  u16(): number {
    const at = this.advance(2);
    return this.view.getUint16(at, true);
  }

  i16(): number {
    const at = this.advance(2);
    return this.view.getInt16(at, true);
  }

  u24(): number {
    const at = this.advance(3);
    return this.view.getUint16(at, true) | (this.view.getUint8(at + 2) << 16);
  }

  u32(): number {
    const at = this.advance(4);
    return this.view.getUint32(at, true);
  }

  i32(): number {
    const at = this.advance(4);
    return this.view.getInt32(at, true);
  }

  u64(): bigint {
    const at = this.advance(8);
    return this.view.getBigUint64(at, true);
  }

  /** A 64-bit number that must fit a double exactly (lengths and offsets); anything larger is out of bounds. */
  u64AsNumber(): number {
    const value = this.u64();
    if (value > BigInt(Number.MAX_SAFE_INTEGER))
      throw new OutOfBounds(`number ${value.toString()} is too large`);
    return Number(value);
  }

  /** ULEB128 (DWARF 5 section 7.6) as a number; bits past 2^53 are a fault of the input. */
  uleb(): number {
    let result = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      const byte = this.u8();
      result += (byte & 0x7f) * scale;
      if ((byte & 0x80) === 0) {
        if (result > Number.MAX_SAFE_INTEGER) break;
        return result;
      }
      scale *= 128;
    }
    throw new OutOfBounds(`ULEB128 before offset ${this.offset} is too long`);
  }

  /** SLEB128 (DWARF 5 section 7.6) as a number; magnitudes past 2^53 are a fault of the input. */
  sleb(): number {
    // Nearly all are one byte, and line programs are full of them.
    const first = this.bytes[this.offset];
    if (first !== undefined && first < 0x80 && this.offset < this.end) {
      this.offset++;
      return (first << 25) >> 25;
    }
    const short = this.shortSleb();
    if (short !== undefined) return short;
    const number = Number(this.slebBig());
    if (!Number.isSafeInteger(number))
      throw new OutOfBounds(`SLEB128 before offset ${this.offset} is too large`);
    return number;
  }

  /** SLEB128 of up to four bytes; undefined, and nothing is read, where it is longer or has no end. */
  private shortSleb(): number | undefined {
    const { bytes, offset } = this;
    const last = Math.min(offset + 4, this.end);
    let value = 0;
    for (let at = offset, shift = 0; at < last; at++, shift += 7) {
      const byte = bytes[at]!;
      value |= (byte & 0x7f) << shift;
      if (byte >= 0x80) continue;
      this.offset = at + 1;
      const unused = 25 - shift;
      return (value << unused) >> unused;
    }
    return undefined;
  }

  /** ULEB128 of up to 128 bits, exact. */
  ulebBig(): bigint {
    let result = 0n;
    for (let shift = 0n; shift < 133n; shift += 7n) {
      const byte = this.u8();
      result |= BigInt(byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) return result;
    }
    throw new OutOfBounds(`ULEB128 before offset ${this.offset} is too long`);
  }

  /** SLEB128 of up to 128 bits, exact. */
  slebBig(): bigint {
    let result = 0n;
    for (let shift = 0n; shift < 133n;) {
      const byte = this.u8();
      result |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
      if ((byte & 0x80) === 0) return (byte & 0x40) === 0 ? result : result - (1n << shift);
    }
    throw new OutOfBounds(`SLEB128 before offset ${this.offset} is too long`);
  }

  /** The next `length` bytes, as a view. */
  take(length: number): Uint8Array {
    const at = this.advance(length);
    return this.bytes.subarray(at, at + length);
  }

  /** Bytes up to a zero byte, decoded as UTF-8; the zero is skipped. */
  cString(): string {
    const zero = this.bytes.indexOf(0, this.offset);
    if (zero < 0 || zero >= this.end) throw new OutOfBounds(`text at offset ${this.offset} has no end`);
    const text = decodeUtf8(this.bytes, this.offset, zero);
    this.offset = zero + 1;
    return text;
  }

  skip(length: number): void {
    this.advance(length);
  }

  private advance(length: number): number {
    const at = this.offset;
    if (length < 0 || length > this.end - at) {
      throw new OutOfBounds(`${length} bytes at offset ${at} of ${this.end}`);
    }
    this.offset = at + length;
    return at;
  }
}
