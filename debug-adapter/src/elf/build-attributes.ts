import { ByteReader, OutOfBounds } from "../base/byte-reader";
import type { ProblemList } from "../base/errors";

/** Instruction sets, as rustc's target names spell them. */
export type Architecture =
  "armv6-m" | "armv7-m" | "armv7e-m" | "armv8-m.base" | "armv8-m.main" | "armv8.1-m.main" | "another";

/** What the tools that built a file recorded about it (ABI addenda for the Arm Architecture, section 3). */
export interface BuildAttributes {
  readonly architecture: Architecture | undefined;
  /** `Tag_CPU_name`, such as `cortex-m0plus`, where recorded. */
  readonly cpuName: string | undefined;
  /** All public attributes of file scope, by tag. */
  readonly byTag: ReadonlyMap<number, number | string>;
}

const TAG_FILE = 1;
const TAG_CPU_RAW_NAME = 4;
const TAG_CPU_NAME = 5;
const TAG_CPU_ARCH = 6;
const TAG_CPU_ARCH_PROFILE = 7;
const TAG_COMPATIBILITY = 32;

const WHERE = "section .ARM.attributes";

/** Reads `.ARM.attributes`; whatever cannot be read is a problem, and what came before it is kept. */
export function readBuildAttributes(bytes: Uint8Array, problems: ProblemList): BuildAttributes {
  const byTag = new Map<number, number | string>();
  try {
    readVendorSections(bytes, byTag, problems);
  } catch (error) {
    if (!(error instanceof OutOfBounds)) throw error;
    problems.add(WHERE, `is cut short (${error.message})`);
  }
  const cpuName = byTag.get(TAG_CPU_NAME) ?? byTag.get(TAG_CPU_RAW_NAME);
  return {
    architecture: architectureOf(byTag.get(TAG_CPU_ARCH), byTag.get(TAG_CPU_ARCH_PROFILE)),
    cpuName: typeof cpuName === "string" ? cpuName : undefined,
    byTag,
  };
}

/**
 * The section's grammar (addenda 3.2):
 *
 *     "A" { u32 length, "vendor\0", { uleb tag, u32 size, [indices 0] attributes } }
 *
 * Both lengths count themselves.
 */
function readVendorSections(
  bytes: Uint8Array,
  byTag: Map<number, number | string>,
  problems: ProblemList,
): void {
  if (bytes.length === 0) return;
  const reader = new ByteReader(bytes);
  const version = reader.u8();
  if (version !== 0x41) {
    problems.add(WHERE, `has unknown version ${version}`);
    return;
  }
  while (!reader.isAtEnd) {
    const start = reader.offset;
    const length = reader.u32();
    const vendor = new ByteReader(bytes, reader.offset, endOf(start, length, 4, reader.end));
    // Other vendors' attributes are their own business (addenda 3.2.1).
    if (vendor.cString() === "aeabi") readScopes(vendor, byTag);
    reader.offset = vendor.end;
  }
}

function readScopes(reader: ByteReader, byTag: Map<number, number | string>): void {
  while (!reader.isAtEnd) {
    const start = reader.offset;
    const scope = reader.uleb();
    const size = reader.u32();
    const end = endOf(start, size, reader.offset - start, reader.end);
    // Attributes of single sections and symbols are not wanted.
    if (scope === TAG_FILE) readAttributes(new ByteReader(reader.bytes, reader.offset, end), byTag);
    reader.offset = end;
  }
}

function readAttributes(reader: ByteReader, byTag: Map<number, number | string>): void {
  while (!reader.isAtEnd) {
    const tag = reader.uleb();
    if (tag === TAG_COMPATIBILITY) {
      byTag.set(tag, reader.uleb());
      reader.cString();
    } else {
      byTag.set(tag, hasText(tag) ? reader.cString() : reader.uleb());
    }
  }
}

/** Tags above 32 tell their form by parity; below, only the two CPU names are text (addenda 3.2.2). */
function hasText(tag: number): boolean {
  return tag < TAG_COMPATIBILITY ? tag === TAG_CPU_RAW_NAME || tag === TAG_CPU_NAME : tag % 2 === 1;
}

/** End of a record of `length` bytes at `start`, of which `least` are its own head. */
function endOf(start: number, length: number, least: number, limit: number): number {
  if (length < least || start + length > limit) {
    throw new OutOfBounds(`record of ${length} bytes at offset ${start} of ${limit}`);
  }
  return start + length;
}

/** `Tag_CPU_arch` and `Tag_CPU_arch_profile` (addenda 3.3.5.2). */
function architectureOf(
  tag: number | string | undefined,
  profile: number | string | undefined,
): Architecture | undefined {
  switch (tag) {
    case undefined:
      return undefined;
    case 10:
      return profile === "M".charCodeAt(0) ? "armv7-m" : "another";
    case 11:
    case 12:
      return "armv6-m";
    case 13:
      return "armv7e-m";
    case 16:
      return "armv8-m.base";
    case 17:
      return "armv8-m.main";
    case 21:
      return "armv8.1-m.main";
    default:
      return "another";
  }
}
