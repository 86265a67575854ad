import { ByteReader, OutOfBounds } from "#adapter/base/byte-reader";

/** What the RP2350's boot ROM is told of a program (RP2350 datasheet 5.9.3.1). */
export type ImageDefinition =
  | {
      readonly kind: "program";
      readonly chip: "RP2040" | "RP2350";
      readonly core: "arm" | "riscv";
      readonly security: "secure" | "non-secure" | "unspecified";
    }
  | { readonly kind: "data" };

const MARKER_START = 0xffff_ded3;
const MARKER_END = 0xab12_3579;
const ITEM_IMAGE_TYPE = 0x42;
/** The last item carries the number of words of all others. */
const ITEM_LAST = 0xff;
/** Items with this bit have 16 bits of size instead of 8. */
const LONG_ITEM = 0x80;

/** The boot ROM looks for the first block in this much of the image (datasheet 5.9.5). */
const SEARCHED = 4096;

/** A loop of more blocks is damaged. */
const MOST_BLOCKS = 64;

/**
 * The image definition of a program, or undefined if there is none: the first in the loop of blocks of which one lies
 * in the first 4 kB.
 * @param image the bytes from the start of the image on, without gaps
 */
export function findImageDefinition(image: Uint8Array): ImageDefinition | undefined {
  for (let at = 0; at + 4 <= Math.min(image.length, SEARCHED); at += 4) {
    const block = readBlock(image, at);
    if (block === undefined) continue;
    return followLoop(image, at, block);
  }
  return undefined;
}

interface Block {
  readonly imageType: number | undefined;
  /** From this block to the next, in bytes; 0 for itself. */
  readonly toNext: number;
}

function followLoop(image: Uint8Array, first: number, firstBlock: Block): ImageDefinition | undefined {
  let at = first;
  let block: Block | undefined = firstBlock;
  for (let count = 0; block !== undefined && count < MOST_BLOCKS; count++) {
    if (block.imageType !== undefined) return definitionOf(block.imageType);
    at += block.toNext;
    if (at === first) return undefined;
    block = readBlock(image, at);
  }
  return undefined;
}

function readBlock(image: Uint8Array, at: number): Block | undefined {
  if (at < 0) return undefined;
  try {
    const reader = new ByteReader(image, at);
    if (reader.u32() !== MARKER_START) return undefined;
    const items = reader.offset;
    let imageType: number | undefined;
    for (;;) {
      const start = reader.offset;
      const head = reader.u32();
      const type = head & 0xff;
      const words = (type & LONG_ITEM) === 0 ? (head >>> 8) & 0xff : (head >>> 8) & 0xffff;
      if (type === ITEM_LAST) {
        if (4 * words !== start - items) return undefined;
        const toNext = reader.i32();
        return reader.u32() === MARKER_END ? { imageType, toNext } : undefined;
      }
      if (type === ITEM_IMAGE_TYPE) imageType ??= head >>> 16;
      if (words === 0) return undefined;
      reader.offset = start + 4 * words;
    }
  } catch (error) {
    if (error instanceof OutOfBounds) return undefined;
    throw error;
  }
}

/** Bits of IMAGE_TYPE (datasheet 5.9.3.1): type 0-3, security 4-5, core 8-10, chip 12-14. */
function definitionOf(flags: number): ImageDefinition | undefined {
  const type = flags & 0xf;
  if (type === 2) return { kind: "data" };
  if (type !== 1) return undefined;
  const security = (["unspecified", "non-secure", "secure"] as const)[(flags >>> 4) & 0x3];
  const core = (["arm", "riscv"] as const)[(flags >>> 8) & 0x7];
  const chip = (["RP2040", "RP2350"] as const)[(flags >>> 12) & 0x7];
  if (security === undefined || core === undefined || chip === undefined) return undefined;
  return { kind: "program", chip, core, security };
}
