import { decode, Op } from "./decode";

/** A store to the word calls `onStore`. */
export const MARK_STORE = 1;
/** An instruction of the word has been predecoded, so changing the word must forget it. */
const MARK_CODE = 4;

/**
 * Bytes that a core reaches without a bus access, and all that belongs to them: the predecoded instructions and one
 * byte of marks per word, which a store checks once for everything that could be special about it.
 *
 * A region has no address: windows (`MemoryWindow`) say where it is seen, so aliases share their predecoded code, and
 * so do two cores that share the region.
 */
export class MemoryRegion {
  readonly size: number;
  readonly bytes: Uint8Array;
  readonly halfwords: Uint16Array;
  readonly words: Int32Array;
  /**
   * One entry per halfword: 0 where nothing is decoded yet, else what `decode` says. The last entry lies behind the
   * region and leaves it, so that running off the end needs no check.
   */
  readonly code: Int32Array;
  readonly marks: Uint8Array;
  /** Halfword indices whose instruction is hooked. */
  private readonly hooks = new Set<number>();
  private hasCode = false;

  /** `bytes` is shared, not copied; it starts on a word boundary of its buffer and is a whole number of words. */
  constructor(
    bytes: Uint8Array,
    /** Whether the core's own stores reach the bytes; if not, they go to the bus. */
    readonly isWritable: boolean,
  ) {
    this.size = bytes.length;
    this.bytes = bytes;
    this.halfwords = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 1);
    this.words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
    this.code = new Int32Array((bytes.length >>> 1) + 1);
    this.code[bytes.length >>> 1] = Op.Leave;
    this.marks = new Uint8Array(bytes.length >>> 2);
  }

  /** Predecodes the instruction at a halfword index and keeps it. */
  decodeAt(index: number): number {
    const second = this.halfwords[index + 1];
    const decoded = decode(this.halfwords[index]!, second, index, this.halfwords.length);
    this.code[index] = decoded;
    this.hasCode = true;
    this.marks[index >>> 1]! |= MARK_CODE;
    if (second !== undefined) this.marks[(index + 1) >>> 1]! |= MARK_CODE;
    return decoded;
  }

  /** A write by somebody else than a core's store: a debugger, DMA, a loader. Little-endian, any alignment. */
  write(offset: number, bytes: Uint8Array): void {
    this.bytes.set(bytes, offset);
    this.invalidate(offset, bytes.length);
  }

  /** A word written by another master of the bus. */
  writeWord(offset: number, value: number): void {
    this.words[offset >>> 2] = value;
    if (this.marks[offset >>> 2] !== 0) this.forgetWord(offset >>> 2);
  }

  /** A halfword written by another master of the bus. */
  writeHalfword(offset: number, value: number): void {
    this.halfwords[offset >>> 1] = value;
    if (this.marks[offset >>> 2] !== 0) this.forgetWord(offset >>> 2);
  }

  /** A byte written by another master of the bus. */
  writeByte(offset: number, value: number): void {
    this.bytes[offset] = value;
    if (this.marks[offset >>> 2] !== 0) this.forgetWord(offset >>> 2);
  }

  /** Puts back a copy of `bytes`. Free of decoding costs unless code ran from here and has changed. */
  restore(saved: Uint8Array): void {
    this.bytes.set(saved);
    if (this.hasCode) this.invalidate(0, this.size);
  }

  /** Forgets what was predecoded from the bytes of a range, which have been changed behind the region's back. */
  invalidate(offset: number, length: number): void {
    if (!this.hasCode || length <= 0) return;
    const last = (offset + length - 1) >>> 2;
    for (let word = offset >>> 2; word <= last; word++) {
      if ((this.marks[word]! & MARK_CODE) !== 0) this.forgetWord(word);
    }
  }

  /** Forgets the predecoded instructions that depend on a word, hooks excepted. */
  forgetWord(word: number): void {
    if ((this.marks[word]! & MARK_CODE) === 0) return;
    this.marks[word]! &= ~MARK_CODE;
    // A 32-bit instruction may begin in the halfword before the word.
    for (let index = Math.max(0, 2 * word - 1); index <= 2 * word + 1; index++) {
      this.code[index] = this.hooks.has(index) ? Op.Hook : 0;
    }
  }

  /** Sets or removes the hook on the instruction at an offset. */
  setHook(offset: number, isSet: boolean): void {
    const index = offset >>> 1;
    if (isSet) this.hooks.add(index);
    else this.hooks.delete(index);
    this.code[index] = isSet ? Op.Hook : 0;
  }

  /** Whether the instruction at an offset has a hook. */
  hasHook(offset: number): boolean {
    return this.hooks.has(offset >>> 1);
  }

  /** Puts the hook on an instruction back after it has been executed once without. */
  rearmHook(index: number): void {
    if (this.hooks.has(index)) this.code[index] = Op.Hook;
  }

  /** Whether stores to the word at an offset are to be told (`onStore`). */
  watchStores(offset: number, isWatched: boolean): void {
    if (isWatched) this.marks[offset >>> 2]! |= MARK_STORE;
    else this.marks[offset >>> 2]! &= ~MARK_STORE;
  }
}

/** Where a region is seen in a core's address space. */
export interface MemoryWindow {
  /** Word aligned. */
  readonly base: number;
  readonly region: MemoryRegion;
}
