import type { ByteReader } from "../../base/byte-reader";
import { decodeUtf8 } from "../../base/utf8";
import type { ArgumentType, Fragment, Parameter } from "./format-string";
import type { DefmtTable } from "./table";

/** A value as it came in a frame. */
export type Argument =
  | { readonly kind: "integer"; readonly value: bigint }
  | { readonly kind: "float"; readonly value: number; readonly byteSize: 4 | 8 }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "char"; readonly text: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | Formatted
  | { readonly kind: "list" | "sequence"; readonly elements: readonly Formatted[] };

/** A value with a format string of its own. */
export interface Formatted {
  readonly kind: "formatted";
  readonly format: string;
  readonly fragments: readonly Fragment[];
  readonly arguments: readonly Argument[];
}

/** Bytes that are no frame of the firmware's table. */
export class MalformedFrame extends Error {
  override readonly name = "MalformedFrame";
}

/** Values in values; a format string that contains itself is damaged. */
const DEEPEST = 32;

/** Elements of one list; a frame that says more is damaged. */
const MOST_ELEMENTS = 1 << 16;

/**
 * Reads the arguments of a format string, in the order of their indices.
 * @throws OutOfBounds if the bytes end too early, MalformedFrame if they make no sense
 */
export function readArguments(
  fragments: readonly Fragment[],
  reader: ByteReader,
  table: DefmtTable,
  depth = 0,
): Argument[] {
  if (depth > DEEPEST) throw new MalformedFrame("formats are nested too deeply");
  return parametersIn(fragments).map(({ type }) => readArgument(type, { reader, table, depth }));
}

/** Each argument once. Of one that several ranges of bits are shown of, the bits from the first to the last come. */
function parametersIn(fragments: readonly Fragment[]): Parameter[] {
  const byIndex = new Map<number, Parameter>();
  for (const each of fragments) {
    if (each.kind === "literal") continue;
    const known = byIndex.get(each.index);
    if (known === undefined) byIndex.set(each.index, each);
    else if (known.type.kind === "bits" && each.type.kind === "bits") {
      const start = Math.min(known.type.start, each.type.start);
      const end = Math.max(known.type.end, each.type.end);
      byIndex.set(each.index, { ...known, type: { kind: "bits", start, end } });
    }
  }
  return [...byIndex.values()].sort((a, b) => a.index - b.index);
}

interface Source {
  readonly reader: ByteReader;
  readonly table: DefmtTable;
  readonly depth: number;
}

function readArgument(type: ArgumentType, source: Source): Argument {
  const { reader, table } = source;
  switch (type.kind) {
    case "unsigned":
      return { kind: "integer", value: unsigned(reader, type.byteSize) };
    case "signed":
      return {
        kind: "integer",
        value: BigInt.asIntN(8 * type.byteSize, unsigned(reader, type.byteSize)),
      };
    case "float":
      return { kind: "float", value: float(reader.take(type.byteSize)), byteSize: type.byteSize };
    case "bits":
      return { kind: "integer", value: bits(reader, type.start, type.end) };
    case "bool": {
      const byte = reader.u8();
      if (byte > 1) throw new MalformedFrame(`a bool of ${byte}`);
      return { kind: "bool", value: byte === 1 };
    }
    case "char": {
      const code = reader.u32();
      if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) throw new MalformedFrame("no character");
      return { kind: "char", text: String.fromCodePoint(code) };
    }
    case "text":
      return { kind: "text", text: decodeUtf8(reader.take(reader.u32())) };
    case "interned":
      return { kind: "text", text: interned(reader.u16(), table) };
    case "bytes":
      return { kind: "bytes", bytes: Uint8Array.from(reader.take(type.length ?? reader.u32())) };
    case "format":
      return readFormatted(formatOf(reader.u16(), source), source);
    case "format-array":
      return { kind: "list", elements: readList(type.length ?? reader.u32(), source) };
    case "format-sequence":
      return { kind: "sequence", elements: readSequence(source) };
    case "preformatted":
      return { kind: "text", text: untilEnd(reader) };
  }
}

/** The format of all elements comes once; of an enum each element says its variant. */
function readList(count: number, source: Source): Formatted[] {
  if (count > MOST_ELEMENTS) throw new MalformedFrame(`a list of ${count}`);
  const format = formatOf(source.reader.u16(), source);
  return Array.from({ length: count }, () => readFormatted(format, source));
}

/** Ended by number 0, which no string has. */
function readSequence(source: Source): Formatted[] {
  const elements: Formatted[] = [];
  for (let index = source.reader.u16(); index !== 0; index = source.reader.u16()) {
    if (elements.length >= MOST_ELEMENTS) throw new MalformedFrame("a sequence without end");
    const format = formatOf(index, source);
    elements.push(readFields(format, source));
  }
  return elements;
}

/** Of an enum the variants stand in one string, `Idle|Pressed {{ pin: {=u8} }}`, and a number says which. */
function readFormatted(format: string, source: Source): Formatted {
  if (!format.includes("|")) return readFields(format, source);
  const variants = format.split("|");
  const size = variants.length - 1 <= 0xff ? 1 : variants.length - 1 <= 0xffff ? 2 : 4;
  const variant = variants[Number(unsigned(source.reader, size))];
  if (variant === undefined) throw new MalformedFrame("no such variant");
  return readFields(variant, source);
}

function readFields(format: string, { reader, table, depth }: Source): Formatted {
  const fragments = table.fragments(format);
  if (fragments === undefined) throw new MalformedFrame(`the format string ${JSON.stringify(format)}`);
  return {
    kind: "formatted",
    format,
    fragments,
    arguments: readArguments(fragments, reader, table, depth + 1),
  };
}

function formatOf(index: number, { table }: Source): string {
  return interned(index, table);
}

/** What a number stands for; log statements are no part of others. */
function interned(index: number, table: DefmtTable): string {
  const entry = table.entry(index);
  if (entry?.level !== null) throw new MalformedFrame(`no string ${index}`);
  return entry.text;
}

function unsigned(reader: ByteReader, byteSize: number): bigint {
  return reader.take(byteSize).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function float(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bytes.length === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
}

/** Only the bytes that the bits lie in are sent, rounded up to a size that an integer has. */
function bits(reader: ByteReader, start: number, end: number): bigint {
  const lowest = Math.floor(start / 8);
  const count = Math.floor((end - 1) / 8) - lowest + 1;
  const byteSize = [1, 2, 4, 8, 16].find((size) => size >= count) ?? 16;
  return BigInt.asUintN(128, unsigned(reader, byteSize) << BigInt(8 * lowest));
}

/** What `Debug2Format` has written: UTF-8, which never has a byte 0xff, up to one. */
function untilEnd(reader: ByteReader): string {
  const bytes: number[] = [];
  for (let byte = reader.u8(); byte !== 0xff; byte = reader.u8()) bytes.push(byte);
  return decodeUtf8(Uint8Array.from(bytes));
}
