import type { Brand } from "../base/brand";
import type { DwarfSections } from "./sections";

/**
 * Where a string's bytes are: the section in the upper two bits, the offset in the lower thirty.
 * A name costs four bytes in an index until somebody wants to read it.
 */
export type StringRef = Brand<number, "StringRef">;

export const NO_STRING = 0xffffffff as StringRef;

const IN_STR = 0;
const IN_INFO = 1;
const IN_LINE_STR = 2;
const LARGEST_OFFSET = 0x3fffffff;

/** The strings of one file's debug info: decoded when first asked for, and kept. */
export class DwarfStrings {
  private readonly decoded = new Map<StringRef, string>();
  private readonly decoder = new TextDecoder();

  constructor(private readonly sections: DwarfSections) {}

  inStr(offset: number): StringRef {
    return offset < this.sections.str.length ? ref(IN_STR, offset) : NO_STRING;
  }

  inInfo(offset: number): StringRef {
    return offset < this.sections.info.length ? ref(IN_INFO, offset) : NO_STRING;
  }

  inLineStr(offset: number): StringRef {
    return offset < this.sections.lineStr.length ? ref(IN_LINE_STR, offset) : NO_STRING;
  }

  /** The text, or undefined for `NO_STRING`; malformed UTF-8 becomes U+FFFD. */
  text(string: StringRef): string | undefined {
    if (string === NO_STRING) return undefined;
    const known = this.decoded.get(string);
    if (known !== undefined) return known;
    const bytes = this.sectionOf(string);
    const start = string & LARGEST_OFFSET;
    const end = bytes.indexOf(0, start);
    const text = this.decoder.decode(bytes.subarray(start, end < 0 ? bytes.length : end));
    this.decoded.set(string, text);
    return text;
  }

  /** Whether the string begins with these bytes; decodes nothing. */
  startsWith(string: StringRef, prefix: Uint8Array): boolean {
    if (string === NO_STRING) return false;
    const bytes = this.sectionOf(string);
    const start = string & LARGEST_OFFSET;
    for (let i = 0; i < prefix.length; i++) {
      if (bytes[start + i] !== prefix[i]) return false;
    }
    return true;
  }

  /** Whether the string is exactly these bytes; decodes nothing. */
  equals(string: StringRef, text: Uint8Array): boolean {
    if (!this.startsWith(string, text)) return false;
    return (this.sectionOf(string)[(string & LARGEST_OFFSET) + text.length] ?? 0) === 0;
  }

  private sectionOf(string: StringRef): Uint8Array {
    switch (string >>> 30) {
      case IN_STR:
        return this.sections.str;
      case IN_INFO:
        return this.sections.info;
      default:
        return this.sections.lineStr;
    }
  }
}

function ref(section: number, offset: number): StringRef {
  return offset > LARGEST_OFFSET ? NO_STRING : ((((section << 30) | offset) >>> 0) as StringRef);
}
