import { ByteReader, OutOfBounds } from "../base/byte-reader";
import type { ProblemList } from "../base/errors";
import { DW_EH_PE } from "./constants";
import { isKept } from "./ranges";
import { place } from "./sections";

/** What many functions share: a Common Information Entry (DWARF 5 section 6.4.1). */
export interface CommonFrameInfo {
  readonly codeAlignment: number;
  readonly dataAlignment: number;
  readonly returnRegister: number;
  /** How addresses are written in `.eh_frame`; `DW_EH_PE.absptr` elsewhere. */
  readonly addressEncoding: number;
  /** Whether the frame is one that an interrupt or signal has made: its return address is not that of a call. */
  readonly isSignalFrame: boolean;
  readonly instructions: ByteRange;
}

/** How to unwind from the code `start` to before `end`: a Frame Description Entry. */
export interface FrameDescription {
  readonly start: number;
  readonly end: number;
  readonly common: CommonFrameInfo;
  readonly instructions: ByteRange;
}

/** Part of a section, which is at `address` in the target's memory. */
export interface ByteRange {
  readonly bytes: Uint8Array;
  readonly address: number;
  readonly start: number;
  readonly end: number;
}

export interface CallFrameSection {
  readonly name: ".debug_frame" | ".eh_frame";
  readonly bytes: Uint8Array;
  /** Where the section is in the target's memory: pointers in `.eh_frame` are relative to themselves. */
  readonly address: number;
}

/** Finds the frame descriptions of code that the linker kept. What cannot be read is left out, with a problem. */
export function readFrameDescriptions(section: CallFrameSection, problems: ProblemList): FrameDescription[] {
  return new SectionReader(section, problems).read();
}

/** Reads a pointer in the encoding of `.eh_frame`; undefined for one that leads through memory or is omitted. */
export function readEncodedAddress(
  reader: ByteReader,
  encoding: number,
  sectionAddress: number,
): number | undefined {
  if (encoding === DW_EH_PE.omit) return undefined;
  const base = (encoding & BASE_MASK) === DW_EH_PE.pcrel ? sectionAddress + reader.offset : 0;
  const value = readEncodedValue(reader, encoding);
  const isKnown = (encoding & BASE_MASK) === 0 || (encoding & BASE_MASK) === DW_EH_PE.pcrel;
  if (!isKnown || (encoding & DW_EH_PE.indirect) !== 0) return undefined;
  return (base + value) >>> 0;
}

/** Bits of a pointer encoding that say what it is relative to. */
const BASE_MASK = 0x70;
const VALUE_MASK = 0x0f;

function readEncodedValue(reader: ByteReader, encoding: number): number {
  switch (encoding & VALUE_MASK) {
    case DW_EH_PE.absptr:
    case DW_EH_PE.udata4:
      return reader.u32();
    case DW_EH_PE.sdata4:
      return reader.i32();
    case DW_EH_PE.udata2:
      return reader.u16();
    case DW_EH_PE.sdata2:
      return reader.i16();
    case DW_EH_PE.udata8:
    case DW_EH_PE.sdata8:
      return Number(BigInt.asIntN(64, reader.u64()));
    case DW_EH_PE.uleb128:
      return reader.uleb();
    case DW_EH_PE.sleb128:
      return reader.sleb();
    default:
      throw new OutOfBounds(`pointer encoding 0x${encoding.toString(16)} is not known`);
  }
}

/** An entry whose length and kind have been read. */
interface EntryHeader {
  /** Offset of the common entry that a frame description refers to, or undefined for a common entry itself. */
  readonly commonOffset: number | undefined;
  readonly body: ByteReader;
  readonly is64: boolean;
  readonly next: number;
}

class SectionReader {
  private readonly isEh: boolean;
  private readonly commons = new Map<number, CommonFrameInfo | undefined>();

  constructor(
    private readonly section: CallFrameSection,
    private readonly problems: ProblemList,
  ) {
    this.isEh = section.name === ".eh_frame";
  }

  read(): FrameDescription[] {
    const { bytes } = this.section;
    const found: FrameDescription[] = [];
    for (let offset = 0; offset < bytes.length;) {
      let header: EntryHeader | undefined;
      try {
        header = this.readHeader(offset);
        // A length of zero ends .eh_frame.
        if (header === undefined) break;
        const description =
          header.commonOffset === undefined ? undefined : this.readDescription(header, header.commonOffset);
        if (description !== undefined) found.push(description);
      } catch (error) {
        if (!(error instanceof OutOfBounds)) throw error;
        const what = header === undefined ? "the rest of the section is not read" : "the entry is not read";
        this.problems.add(place(this.section.name, offset), `${what}: ${error.message}`);
        if (header === undefined) break;
      }
      offset = header.next;
    }
    return found;
  }

  /** Undefined for the entry of length zero. */
  private readHeader(offset: number): EntryHeader | undefined {
    const { bytes } = this.section;
    const reader = new ByteReader(bytes, offset);
    let length = reader.u32();
    if (length === 0 && this.isEh) return undefined;
    const is64 = length === 0xffffffff;
    if (is64) length = reader.u64AsNumber();
    if (length > bytes.length - reader.offset) {
      throw new OutOfBounds(`an entry of ${length} bytes leads outside the section`);
    }
    const body = new ByteReader(bytes, reader.offset, reader.offset + length);
    const next = body.end;
    if (length === 0) return { commonOffset: undefined, body, is64, next };
    const idOffset = body.offset;
    if (this.isEh) {
      const id = body.u32();
      return { commonOffset: id === 0 ? undefined : idOffset - id, body, is64, next };
    }
    if (!is64) {
      const id = body.u32();
      return { commonOffset: id === 0xffffffff ? undefined : id, body, is64, next };
    }
    const id = body.u64();
    const isCommon = id === 0xffffffff_ffffffffn;
    return { commonOffset: isCommon ? undefined : Number(id), body, is64, next };
  }

  private readDescription({ body }: EntryHeader, commonOffset: number): FrameDescription | undefined {
    const common = this.commonAt(commonOffset);
    if (common === undefined) return undefined;
    const { bytes, address } = this.section;
    const start = readEncodedAddress(body, common.addressEncoding, address);
    const size = readEncodedValue(body, common.addressEncoding);
    if (common.hasAugmentationData) body.skip(body.uleb());
    if (start === undefined) throw new OutOfBounds("its address can only be found in memory");
    const end = start + size;
    if (!isKept(start) || size <= 0 || end > 0x1_0000_0000) return undefined;
    return { start, end, common, instructions: { bytes, address, start: body.offset, end: body.end } };
  }

  private commonAt(offset: number): (CommonFrameInfo & AugmentationFlags) | undefined {
    if (!this.commons.has(offset)) {
      let common: CommonFrameInfo | undefined;
      try {
        common = this.readCommon(offset);
      } catch (error) {
        if (!(error instanceof OutOfBounds)) throw error;
        const what = `the common entry that others refer to is not read: ${error.message}`;
        this.problems.add(place(this.section.name, Math.max(offset, 0)), what);
      }
      this.commons.set(offset, common);
    }
    return this.commons.get(offset) as (CommonFrameInfo & AugmentationFlags) | undefined;
  }

  private readCommon(offset: number): CommonFrameInfo & AugmentationFlags {
    const { bytes, address } = this.section;
    const header = this.readHeader(offset);
    if (header?.commonOffset !== undefined || header === undefined || header.body.isAtEnd) {
      throw new OutOfBounds("there is none");
    }
    const { body } = header;
    const version = body.u8();
    if (version !== 1 && version !== 3 && version !== 4) throw new OutOfBounds(`its version is ${version}`);
    const augmentation = body.cString();
    if (version === 4) {
      const addressSize = body.u8();
      const segmentSize = body.u8();
      if (addressSize !== 4 || segmentSize !== 0) throw new OutOfBounds("its addresses do not have 4 bytes");
    }
    if (augmentation === "eh") body.skip(4);
    const codeAlignment = body.uleb();
    const dataAlignment = body.sleb();
    const returnRegister = version === 1 ? body.u8() : body.uleb();
    const flags = this.readAugmentation(augmentation, body);
    return {
      codeAlignment,
      dataAlignment,
      returnRegister,
      ...flags,
      instructions: { bytes, address, start: body.offset, end: body.end },
    };
  }

  /** Reads augmentation data (Linux Standard Base, Core, section 10.6.1.1.1). */
  private readAugmentation(augmentation: string, body: ByteReader): AugmentationFlags {
    let addressEncoding: number = DW_EH_PE.absptr;
    let isSignalFrame = false;
    const hasAugmentationData = augmentation.startsWith("z");
    if (hasAugmentationData) {
      const length = body.uleb();
      const data = new ByteReader(body.bytes, body.offset, Math.min(body.offset + length, body.end));
      body.skip(length);
      for (const letter of augmentation.slice(1)) {
        if (letter === "R") addressEncoding = data.u8();
        else if (letter === "S") isSignalFrame = true;
        else if (letter === "L") data.skip(1);
        else if (letter === "P") readEncodedAddress(data, data.u8(), this.section.address);
        // What comes after an unknown letter has no known length, but the data as a whole has.
        else break;
      }
    } else if (augmentation !== "" && augmentation !== "eh" && !augmentation.startsWith("armcc")) {
      throw new OutOfBounds(`its augmentation ${JSON.stringify(augmentation)} is not known`);
    }
    return { addressEncoding, isSignalFrame, hasAugmentationData };
  }
}

interface AugmentationFlags {
  readonly addressEncoding: number;
  readonly isSignalFrame: boolean;
  readonly hasAugmentationData: boolean;
}
