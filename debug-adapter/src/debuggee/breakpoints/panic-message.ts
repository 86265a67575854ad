import { address } from "../../base/brand";
import { decodeUtf8 } from "../../base/utf8";
import { demangle } from "../../elf/demangle";
import type { Program } from "../../symbols/program";
import type { Type } from "../../symbols/types/type";
import type { MemoryView } from "../../target/target";
import { baseTypeNamed } from "../../values/expression/computed";
import type { Limits } from "../../values/limits";
import type { ValueReader } from "../../values/reader";
import { valueText } from "../../values/value-text";
import { fixedText } from "./fixed-text";

/** Pieces and placeholders of one message; what has more is no message. */
const MOST_PARTS = 64;
const LONGEST_TEXT = 1024;
const LIMITS: Limits = { depth: 5, elements: 16, stringBytes: LONGEST_TEXT, characters: LONGEST_TEXT };

/** What stands for a value that cannot be read. */
const UNKNOWN = "…";

/** What a message is read with. */
export interface MessageReader {
  readonly reader: ValueReader;
  readonly program: Program;
  /** The linker's name of the function at an address. */
  readonly symbolAt: (at: number) => string | undefined;
}

/**
 * The text of a `fmt::Arguments`, as far as it can be told without running its formatters; widths, precisions and
 * flags of placeholders are left out. Undefined if the two words are none.
 *
 * Since Rust 1.93 it has one of two forms (library/core/src/fmt/mod.rs, "Internal representation"): a string, whose
 * length stands in `args` with the lowest bit set; or a template of bytes, with an array of arguments.
 */
export function argumentsText(template: number, args: number, source: MessageReader): string | undefined {
  const { memory } = source.reader;
  if ((args & 1) === 1) return textAt(template, args >>> 1, memory);
  return new Template(template, memory).text((index) => argumentText(args, index, source));
}

/** The bytes of a template, read one after the other. */
class Template {
  private next = 0;

  constructor(
    private at: number,
    private readonly memory: MemoryView,
  ) {}

  text(argument: (index: number) => string): string | undefined {
    let text = "";
    for (let part = 0; part < MOST_PARTS; part++) {
      const first = this.uint(1);
      if (first === 0) return text;
      const piece = first === undefined ? undefined : this.part(first, argument);
      if (piece === undefined) return undefined;
      text += piece;
    }
    return text + UNKNOWN;
  }

  private part(first: number, argument: (index: number) => string): string | undefined {
    if (first <= 0x80) {
      const length = first === 0x80 ? this.uint(2) : first;
      const text = length === undefined ? undefined : textAt(this.at, length, this.memory);
      this.at += length ?? 0;
      return text;
    }
    if ((first & 0xc0) !== 0xc0) return undefined;
    if ((first & 1) !== 0) this.at += 4;
    if ((first & 2) !== 0) this.at += 2;
    if ((first & 4) !== 0) this.at += 2;
    const index = (first & 8) !== 0 ? this.uint(2) : this.next;
    if (index === undefined) return undefined;
    this.next = index + 1;
    return argument(index);
  }

  private uint(size: 1 | 2): number | undefined {
    const value = this.memory.readUint(this.at, size);
    this.at += size;
    return value;
  }
}

/** An argument is a pointer to the value and the function that writes it, whose first parameter tells the type. */
function argumentText(args: number, index: number, { reader, program, symbolAt }: MessageReader): string {
  const { memory, symbols } = reader;
  const at = args + 8 * index;
  const value = memory.readUint(at, 4);
  const formatter = memory.readUint(at + 4, 4);
  if (value === undefined || formatter === undefined) return UNKNOWN;
  const entry = address((formatter & ~1) >>> 0);
  const name = program.functions.at(entry)?.linkageName ?? symbolAt(entry);
  const written = name === undefined ? undefined : implOf(demangle(name) ?? name);
  // The standard library comes without descriptions of its parameters.
  const type = symbols.receiverOf(entry) ?? (written && baseTypeNamed(written.type));
  if (written === undefined) return UNKNOWN;
  const text = type === undefined ? wideText(value, written.type, reader) : shown(type, value, reader);
  if (text === undefined) {
    const nameAt = (callee: number) => readableName(symbolAt(callee));
    const fixed = fixedText(entry, { memory, nameAt });
    return fixed ?? (written.type === GENERIC_REFERENCE ? UNKNOWN : `<${written.type}>`);
  }
  return written.trait === "Display" ? unquoted(text) : text;
}

function readableName(symbol: string | undefined): string | undefined {
  return symbol === undefined ? undefined : demangle(symbol);
}

function shown(type: Type, at: number, reader: ValueReader): string {
  return valueText(reader.at(type, at), reader, LIMITS).replace(/^&+/, "");
}

/** Names that are mangled the old way do not say what a generic function is an instance for. */
const GENERIC_REFERENCE = "&T";

/**
 * What a reference of an unknown type refers to, if it is wide: a `&dyn Trait`, known by its vtable, or else a `&str`,
 * whose second word is a length at which text ends.
 */
function wideText(at: number, typeName: string, reader: ValueReader): string | undefined {
  const { memory, symbols } = reader;
  const target = memory.readUint(at, 4);
  const second = memory.readUint(at + 4, 4);
  if (typeName !== GENERIC_REFERENCE || target === undefined || second === undefined) return undefined;
  const implementor = symbols.vtableAt(second)?.implementor;
  if (implementor !== undefined) return shown(implementor, target, reader);
  const text = textAt(target, second, memory);
  const isText = text !== undefined && !/\ufffd|\p{Cc}/u.test(text.replaceAll(/[\n\r\t]/g, ""));
  return isText ? JSON.stringify(text) : undefined;
}

/** What a method of `Display` or `Debug` is implemented for; other traits write numbers in other ways. */
function implOf(name: string): { readonly trait: string; readonly type: string } | undefined {
  const [, trait, type] = /<impl core::fmt::(Display|Debug) for (.+?)>::fmt/.exec(name) ?? [];
  if (trait !== undefined && type !== undefined) return { trait, type };
  const [, other, otherTrait] = /<(.+) as core::fmt::(Display|Debug)>::fmt/.exec(name) ?? [];
  return other === undefined || otherTrait === undefined ? undefined : { trait: otherTrait, type: other };
}

/** `Display` writes text and characters as they are. */
function unquoted(text: string): string {
  if (!/^(?:".*"|'.*')$/s.test(text)) return text;
  return text.slice(1, -1).replaceAll(/\\(?:u\{([0-9a-f]+)\}|(.))/g, (_, code?: string, letter?: string) => {
    if (code !== undefined) return String.fromCodePoint(parseInt(code, 16));
    return ESCAPES[letter!] ?? letter!;
  });
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "0": "\0" };

function textAt(at: number, length: number, memory: MemoryView): string | undefined {
  const bytes = length <= LONGEST_TEXT ? memory.read(at, length) : undefined;
  return bytes && decodeUtf8(bytes);
}
