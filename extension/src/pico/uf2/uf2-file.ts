import { UserError } from "#adapter/base/errors";
import { BLOCK_SIZE, decodeBlock, encodeBlock, PAGE_SIZE, type Uf2Block } from "./block";
import { FAMILY_IDS, type Family, familyOf } from "./families";
import type { FirmwareImage, Page } from "./firmware-image";

/** Pages for one family, as a UF2 file holds them. */
export interface Uf2File {
  readonly family: Family;
  readonly pages: readonly Page[];
  /** Whether it begins with the block that heals RP2350-E10. */
  readonly hasE10Block: boolean;
}

/** Where the block of RP2350-E10 goes: the last page of 16 MB, the largest flash on one chip select. */
const E10_ADDRESS = 0x10ff_ff00;
/** Tells boot ROMs without the erratum to leave the block out (pico-sdk, `UF2_EXTENSION_RP2_IGNORE_BLOCK`). */
const E10_IGNORE = 0x9957_e304;

/**
 * RP2350-E10: a boot ROM that has a partition table looks at it before it knows the family, and drops a whole file. A
 * block of another family before the file, which says that one more will follow and none does, sets it right.
 */
const E10_BLOCK: Uf2Block = {
  address: E10_ADDRESS,
  number: 0,
  count: 2,
  family: FAMILY_IDS.absolute,
  page: new Uint8Array(PAGE_SIZE).fill(0xef),
  extension: E10_IGNORE,
};

/** What a firmware becomes for a BOOTSEL drive. pico-sdk heals RP2350-E10 in all that goes to an RP2350's flash. */
export function uf2Of({ family, pages, chip, place }: FirmwareImage): Uf2File {
  return { family, pages, hasE10Block: chip.name === "RP2350" && place === "flash" && family !== "absolute" };
}

export function encodeUf2({ family, pages, hasE10Block }: Uf2File): Uint8Array {
  const blocks = pages.map(({ address, bytes }, number) => ({
    address,
    number,
    count: pages.length,
    family: FAMILY_IDS[family],
    page: bytes,
    extension: undefined,
  }));
  const all: Uf2Block[] = hasE10Block ? [E10_BLOCK, ...blocks] : blocks;
  const file = new Uint8Array(all.length * BLOCK_SIZE);
  all.forEach((block, i) => file.set(encodeBlock(block), i * BLOCK_SIZE));
  return file;
}

/**
 * Reads a UF2 file back.
 * @throws UserError naming the first block that a Raspberry Pi chip would not take as part of one program
 */
export function decodeUf2(bytes: Uint8Array, name: string): Uf2File {
  if (bytes.length === 0 || bytes.length % BLOCK_SIZE !== 0) {
    throw damaged(`${name} is ${bytes.length} bytes long, and UF2 blocks have ${BLOCK_SIZE}`);
  }
  const blocks = Array.from({ length: bytes.length / BLOCK_SIZE }, (_, i) => {
    const block = decodeBlock(bytes.subarray(i * BLOCK_SIZE, (i + 1) * BLOCK_SIZE));
    if ("fault" in block) throw damaged(`block ${i} of ${name} ${block.fault}`);
    return block;
  });
  const hasE10Block = isE10Block(blocks[0]!);
  const own = hasE10Block ? blocks.slice(1) : blocks;
  const family = own[0] && familyOf(own[0].family);
  if (family === undefined) throw damaged(`${name} is not for an RP2040 or RP2350`);
  own.forEach((block, i) => {
    const isNext = block.number === i && block.count === own.length && block.family === own[0]!.family;
    if (!isNext) throw damaged(`block ${i} of ${name} does not follow on the one before`);
  });
  return { family, pages: own.map(({ address, page }) => ({ address, bytes: page })), hasE10Block };
}

function isE10Block(block: Uf2Block): boolean {
  return (
    block.family === E10_BLOCK.family &&
    block.number === 0 &&
    block.count === 2 &&
    (block.extension === undefined || block.extension === E10_IGNORE) &&
    block.page.every((byte) => byte === 0xef)
  );
}

function damaged(what: string): UserError {
  return new UserError(what, "make it again from the ELF file");
}
