// Looks for folders of this machine in an ELF, inside compressed sections too.

import { inflateSync } from "node:zlib";

const SHT_NOBITS = 8;
const SHF_COMPRESSED = 0x800;
const COMPRESSION_HEADER = 12;

/**
 * @param {Buffer} elf a 32-bit little-endian ELF
 * @param {string[]} folders
 * @returns {string | undefined} the first of the folders that the file names
 */
export function findMachinePath(elf, folders) {
  const contents = [elf, ...compressedSections(elf)].map((bytes) => bytes.toString("latin1"));
  return folders.find((folder) => contents.some((text) => text.includes(folder)));
}

function compressedSections(elf) {
  const table = elf.readUInt32LE(0x20);
  const entrySize = elf.readUInt16LE(0x2e);
  const count = elf.readUInt16LE(0x30);
  const found = [];
  for (let entry = table; entry < table + count * entrySize; entry += entrySize) {
    const [type, flags] = [elf.readUInt32LE(entry + 4), elf.readUInt32LE(entry + 8)];
    const [offset, size] = [elf.readUInt32LE(entry + 16), elf.readUInt32LE(entry + 20)];
    if (type !== SHT_NOBITS && (flags & SHF_COMPRESSED) !== 0) {
      found.push(inflateSync(elf.subarray(offset + COMPRESSION_HEADER, offset + size)));
    }
  }
  return found;
}
