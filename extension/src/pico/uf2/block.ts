/** Bytes of a block in a file (https://github.com/microsoft/uf2). */
export const BLOCK_SIZE = 512;

/** Bytes that the boot ROMs take of a block: no other number will do (RP2040 datasheet 2.8.4.2). */
export const PAGE_SIZE = 256;

/** One block for a Raspberry Pi chip: a page and where it goes. */
export interface Uf2Block {
  readonly address: number;
  /** From 0 up to `count`. */
  readonly number: number;
  readonly count: number;
  readonly family: number;
  /** 256 bytes. */
  readonly page: Uint8Array;
  /** What follows the page for a boot ROM that understands it; undefined for nothing. */
  readonly extension: number | undefined;
}

const MAGIC_START_0 = 0x0a32_4655;
const MAGIC_START_1 = 0x9e5d_5157;
const MAGIC_END = 0x0ab1_6f30;
const FLAG_FAMILY = 0x2000;
const FLAG_EXTENSION = 0x8000;

const AT_PAGE = 32;
const AT_EXTENSION = AT_PAGE + PAGE_SIZE;
const AT_MAGIC_END = BLOCK_SIZE - 4;

export function encodeBlock(block: Uf2Block): Uint8Array {
  const bytes = new Uint8Array(BLOCK_SIZE);
  const view = new DataView(bytes.buffer);
  const flags = FLAG_FAMILY | (block.extension === undefined ? 0 : FLAG_EXTENSION);
  const head = [
    MAGIC_START_0,
    MAGIC_START_1,
    flags,
    block.address,
    PAGE_SIZE,
    block.number,
    block.count,
    block.family,
  ];
  head.forEach((word, i) => view.setUint32(4 * i, word, true));
  bytes.set(block.page, AT_PAGE);
  if (block.extension !== undefined) view.setUint32(AT_EXTENSION, block.extension, true);
  view.setUint32(AT_MAGIC_END, MAGIC_END, true);
  return bytes;
}

/**
 * Reads one block of 512 bytes.
 * @returns what is wrong with it, as the end of a sentence about the block, if it is none for a Raspberry Pi chip
 */
export function decodeBlock(bytes: Uint8Array): Uf2Block | { readonly fault: string } {
  if (bytes.length !== BLOCK_SIZE) return { fault: `has ${bytes.length} bytes instead of ${BLOCK_SIZE}` };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (offset: number) => view.getUint32(offset, true);
  const isMarked = word(0) === MAGIC_START_0 && word(4) === MAGIC_START_1 && word(AT_MAGIC_END) === MAGIC_END;
  if (!isMarked) return { fault: "is no UF2 block" };
  const flags = word(8);
  if ((flags & FLAG_FAMILY) === 0) return { fault: "does not say which chip it is for" };
  if ((flags & ~(FLAG_FAMILY | FLAG_EXTENSION)) !== 0) return { fault: "is not for the main flash or RAM" };
  if (word(16) !== PAGE_SIZE) return { fault: `carries ${word(16)} bytes instead of ${PAGE_SIZE}` };
  const number = word(20);
  const count = word(24);
  if (number >= count) return { fault: `is number ${number} of ${count}` };
  return {
    address: word(12),
    number,
    count,
    family: word(28),
    page: new Uint8Array(bytes.subarray(AT_PAGE, AT_EXTENSION)),
    extension: (flags & FLAG_EXTENSION) === 0 ? undefined : word(AT_EXTENSION),
  };
}
