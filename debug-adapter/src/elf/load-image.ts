import { hexAddress } from "../base/hex-address";
import type { Address } from "../base/brand";
import { UserError } from "../base/errors";
import { PF_W, PF_X, PT_LOAD } from "./constants";
import type { ElfFile } from "./elf-file";
import { BUILD_AGAIN } from "./header";

/** Bytes that a flasher writes to one place. */
export interface LoadChunk {
  /** Where the bytes go: for initialised data, its copy in flash, from which startup code fills RAM. */
  readonly physicalAddress: Address;
  /** Where the running program sees them. */
  readonly virtualAddress: Address;
  /** A view into the file. */
  readonly bytes: Uint8Array;
  readonly isExecutable: boolean;
  readonly isWritable: boolean;
}

/** All bytes to write into a target before it starts, in order of physical address, without overlaps. */
export interface LoadImage {
  readonly chunks: readonly LoadChunk[];
  /** In bytes, without gaps. */
  readonly size: number;
  /** Entry point as in the file: bit 0 says Thumb. The Pico itself starts from its vector table instead. */
  readonly entry: Address;
}

/** Memory of a target that can be loaded. */
export interface LoadRegion {
  /** For messages: "flash", "RAM". */
  readonly name: string;
  readonly start: Address;
  /** In bytes. */
  readonly size: number;
}

/**
 * The load image of an executable.
 * @throws UserError if segments overlap or do not fit into 32-bit addresses
 */
export function loadImage(elf: ElfFile): LoadImage {
  const chunks = elf.segments
    .filter(({ type, fileSize }) => type === PT_LOAD && fileSize > 0)
    .map((segment) => ({
      physicalAddress: segment.physicalAddress,
      virtualAddress: segment.virtualAddress,
      bytes: elf.bytes.subarray(segment.offset, segment.offset + segment.fileSize),
      isExecutable: (segment.flags & PF_X) !== 0,
      isWritable: (segment.flags & PF_W) !== 0,
    }))
    .sort((a, b) => a.physicalAddress - b.physicalAddress);
  checkPlaces(chunks, elf.name);
  return {
    chunks,
    size: chunks.reduce((sum, { bytes }) => sum + bytes.length, 0),
    entry: elf.header.entry,
  };
}

/**
 * Checks that an image fits into a target's memory.
 * @param name what to call the file, and `target` the chip, in an error
 * @throws UserError naming the first bytes that have no place
 */
export function checkFits(
  image: LoadImage,
  regions: readonly LoadRegion[],
  { name, target }: { readonly name: string; readonly target: string },
): void {
  for (const chunk of image.chunks) {
    const start = chunk.physicalAddress;
    const region = regions.find((each) => start >= each.start && start < each.start + each.size);
    const remedy = "check the MEMORY block of memory.x against the chip, and build again";
    if (!region)
      throw new UserError(
        `${name} puts code or data at ${hexAddress(start)}, where ${target} has no memory`,
        remedy,
      );
    const excess = start + chunk.bytes.length - (region.start + region.size);
    if (excess > 0) {
      throw new UserError(`${name} is ${excess} bytes too large for the ${region.name} of ${target}`, remedy);
    }
  }
}

function checkPlaces(chunks: readonly LoadChunk[], name: string): void {
  let previousEnd = 0;
  for (const { physicalAddress, bytes } of chunks) {
    if (physicalAddress < previousEnd) {
      throw new UserError(
        `${name} loads two pieces of code or data to address ${hexAddress(physicalAddress)}`,
        BUILD_AGAIN,
      );
    }
    previousEnd = physicalAddress + bytes.length;
    if (previousEnd > 0x1_0000_0000) {
      throw new UserError(
        `${name} loads code or data past the end of 32-bit memory, at ${hexAddress(physicalAddress)}`,
        BUILD_AGAIN,
      );
    }
  }
}
