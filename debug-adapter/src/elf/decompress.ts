import { inflateSync } from "node:zlib";
import { COMPRESSION_HEADER_SIZE, ELFCOMPRESS_ZLIB, ELFCOMPRESS_ZSTD } from "./constants";

/** What became of a compressed section: its bytes, or why there are none. */
export type Decompressed = { readonly bytes: Uint8Array } | { readonly fault: string };

/** Deflate cannot do better than 1032:1 (zlib's technical notes), so a larger claim is false. */
const LARGEST_RATIO = 1032;

/** Largest section that is unpacked, in bytes; far above any firmware's debug information. */
const LARGEST_SECTION = 1 << 29;

/** Unpacks a section that has `SHF_COMPRESSED` (gABI 4.4.3). */
export function decompressSection(data: Uint8Array): Decompressed {
  if (data.length < COMPRESSION_HEADER_SIZE) return { fault: "is shorter than its compression header" };
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const type = view.getUint32(0, true);
  const size = view.getUint32(4, true);
  switch (type) {
    case ELFCOMPRESS_ZLIB:
      return inflate(data.subarray(COMPRESSION_HEADER_SIZE), size);
    case ELFCOMPRESS_ZSTD:
      return {
        fault:
          "is compressed with zstd, which cannot be read; link with --compress-debug-sections=zlib or none",
      };
    default:
      return { fault: `is compressed by unknown method ${type}` };
  }
}

/** Unpacks a legacy `.zdebug_` section: `ZLIB`, the size as 8 bytes big endian, then a zlib stream. */
export function decompressLegacySection(data: Uint8Array): Decompressed {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  // 0x5a4c4942 is "ZLIB".
  if (data.length < 12 || view.getUint32(0) !== 0x5a4c_4942) return { fault: "has no ZLIB header" };
  const size = Number(view.getBigUint64(4));
  return inflate(data.subarray(12), size);
}

function inflate(stream: Uint8Array, size: number): Decompressed {
  if (size > LARGEST_SECTION || size > stream.length * LARGEST_RATIO) {
    return { fault: `claims to unpack to ${size} bytes, which is absurd` };
  }
  if (size === 0) return { bytes: new Uint8Array(0) };
  try {
    const bytes = inflateSync(stream, { maxOutputLength: size, chunkSize: Math.max(size, 64) });
    if (bytes.length !== size) return { fault: `unpacks to ${bytes.length} bytes instead of ${size}` };
    return { bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) };
  } catch (error) {
    return { fault: `cannot be unpacked (${error instanceof Error ? error.message : String(error)})` };
  }
}
