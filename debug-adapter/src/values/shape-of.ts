import { assertNever } from "../base/assert";
import { decodeUtf8 } from "../base/utf8";
import type {
  ArrayType,
  EnumType,
  Member,
  PlainEnumType,
  PointerType,
  StructType,
  UnionType,
} from "../symbols/types/type";
import { assumeInit, isMaybeUninit, MAY_BE_UNINITIALISED } from "./maybe-uninit";
import { formatterOf } from "./formatters/formatters";
import { isInhabited } from "./inhabited";
import type { BytesResult } from "./location";
import { placeText, STR, thinPointer, widePointer, withoutThumbBit } from "./pointers";
import type { ValueReader } from "./reader";
import { decodeScalar, unsignedOf } from "./scalar";
import { isFaithful, quoted, quotedBytes, scalarText } from "./scalar-text";
import type { RecordShape, ResolvedShape, Shape } from "./shape";
import { pathOf, shortName, sourceName, withoutAliases } from "./type-words";
import type { NamedValue, Value } from "./value";

/** More bytes of text than anyone reads on one line; the rest is there as children of the pointer's target. */
const MOST_TEXT_BYTES = 4096;
/** Of a type that is not known. */
const MOST_RAW_BYTES = 32;

/** Wrappers in wrappers; a type that contains itself is broken. */
const MOST_WRAPPERS = 32;

/** What a value amounts to. Never throws, whatever the memory holds. */
export function shapeOf(value: Value, reader: ValueReader, stringBytes = MOST_TEXT_BYTES): Shape {
  if (value.location.kind === "nowhere") return { kind: "unavailable", text: value.location.reason };
  return formattedShape(value, reader) ?? plainShape(value, reader, stringBytes);
}

/** `shapeOf`, with the wrappers taken off that a reader need not see. */
export function resolvedShape(value: Value, reader: ValueReader, stringBytes?: number): ResolvedShape {
  let shown = value;
  for (let depth = 0; depth < MOST_WRAPPERS; depth++) {
    const shape = shapeOf(shown, reader, stringBytes);
    if (shape.kind !== "same") return shape;
    shown = shape.value;
  }
  return { kind: "unavailable", text: "wrapped too often" };
}

/** The shape that a formatter gives a value; undefined if none knows its type. */
export function formattedShape(value: Value, reader: ValueReader): Shape | undefined {
  if (value.isRaw === true || value.location.kind === "nowhere") return undefined;
  const { kind } = value.type;
  if (kind !== "struct" && kind !== "union") return undefined;
  return formatterOf(pathOf(value.type))?.shape(value, reader);
}

/** The clause for bytes that are not all known. */
export function unavailable(result: Extract<BytesResult, { kind: "missing" }>): Shape {
  const { isOptimizedOut, known, reason } = result;
  const what = isOptimizedOut ? "optimized out" : reason;
  return {
    kind: "unavailable",
    text: known === undefined ? what : `partly ${isOptimizedOut ? what : `unknown: ${what}`}: ${known}`,
  };
}

function plainShape(value: Value, reader: ValueReader, stringBytes: number): Shape {
  const type = withoutAliases(value.type);
  switch (type.kind) {
    case "base": {
      const result = reader.bytes(value);
      if (result.kind === "missing") return unavailable(result);
      return { kind: "text", text: scalarText(decodeScalar(type, result.bytes), type) };
    }
    case "pointer":
      return pointerShape(value, type, reader);
    case "array":
      return type.name === STR
        ? textShape(value, type, reader, stringBytes)
        : arrayShape(value, type, reader);
    case "struct":
      return structShape(value, type, reader);
    case "union":
      return unionShape(value, type, reader);
    case "enum":
      return enumShape(value, type, reader);
    case "plain-enum":
      return plainEnumShape(value, type, reader);
    case "subroutine":
      return { kind: "text", text: functionText(value, reader) };
    case "unknown":
    case "alias":
      return unknownShape(value, reader);
    default:
      return assertNever(type);
  }
}

function pointerShape(value: Value, type: PointerType, reader: ValueReader): Shape {
  const result = reader.bytes(value);
  if (result.kind === "missing") return unavailable(result);
  const shape = thinPointer(value, type, reader);
  if (shape === undefined) return { kind: "text", text: hex(unsignedOf(result.bytes), type.byteSize) };
  return withoutAliases(type.target).kind === "subroutine" ? functionPointer(shape.address, reader) : shape;
}

function functionPointer(address: number, reader: ValueReader): Shape {
  const code = reader.symbols.functionAt(withoutThumbBit(address));
  const name = code === undefined ? undefined : placeText(address, reader);
  return {
    kind: "text",
    text: name === undefined ? hex(BigInt(address), 4) : `${name} (${hex(BigInt(address), 4)})`,
  };
}

function functionText(value: Value, reader: ValueReader): string {
  const address = reader.addressOf(value);
  return (address === undefined ? undefined : placeText(address, reader)) ?? "function";
}

function textShape(value: Value, type: ArrayType, reader: ValueReader, stringBytes: number): Shape {
  const most = Math.min(stringBytes, MOST_TEXT_BYTES);
  const isCut = type.length > most;
  const result = reader.bytes(value, isCut ? most : type.length);
  if (result.kind === "missing") return unavailable(result);
  const bytes = isCut ? withoutCutCharacter(result.bytes) : result.bytes;
  const text = decodeUtf8(bytes);
  const written = isFaithful(text, bytes) ? quoted(text) : `${quotedBytes(bytes)} (not UTF-8)`;
  return { kind: "text", text: isCut ? `${written}… (${type.length} bytes)` : written };
}

/** A limit may fall into the middle of a character: its bytes are left out. */
function withoutCutCharacter(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const first = bytes[bytes.length - back]!;
    if ((first & 0xc0) === 0x80) continue;
    const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

function arrayShape(value: Value, type: ArrayType, reader: ValueReader): Shape {
  // To say it of the array once is enough.
  const isUninit = value.isRaw !== true && isMaybeUninit(type.element);
  return {
    kind: "list",
    name: isUninit ? "MaybeUninit" : "",
    note: isUninit ? MAY_BE_UNINITIALISED : undefined,
    count: type.length,
    element: (index) => {
      const element = reader.element(value, type, index);
      return isUninit ? assumeInit(element) : element;
    },
    array: value,
  };
}

function structShape(value: Value, type: StructType, reader: ValueReader): Shape {
  const pointer = value.isRaw === true ? undefined : widePointer(value, type, reader);
  if (pointer !== undefined) return pointer;
  return recordShape(value, type.members, { name: shortName(type), isTuple: type.isTuple, reader });
}

function unionShape(value: Value, type: UnionType, reader: ValueReader): Shape {
  // Which field holds is not written down anywhere: all are shown.
  return recordShape(value, type.members, { name: `union ${shortName(type)}`, isTuple: false, reader });
}

function recordShape(
  value: Value,
  members: readonly Member[],
  {
    name,
    isTuple,
    reader,
  }: { readonly name: string; readonly isTuple: boolean; readonly reader: ValueReader },
): RecordShape {
  return { kind: "record", name, isTuple, fields: fieldsOf(value, members, isTuple, reader) };
}

/** Members in the order in which they were declared, which is the debug info's. */
function fieldsOf(
  value: Value,
  members: readonly Member[],
  isTuple: boolean,
  reader: ValueReader,
): NamedValue[] {
  return members.map((member, i) => ({
    name: isTuple ? String(i) : value.isRaw === true ? member.name : sourceName(member.name, value.type),
    value: reader.part(value, member),
  }));
}

function enumShape(value: Value, type: EnumType, reader: ValueReader): Shape {
  const active = reader.activeVariant(value, type);
  if (active.kind === "missing") return unavailable(active.bytes);
  if (active.kind === "undecided") {
    return isInhabited(type)
      ? { kind: "unavailable", text: `nothing tells which variant of ${shortName(type)} it is` }
      : { kind: "text", text: `<never: ${shortName(type)} has no values>` };
  }
  if (active.kind === "unknown") {
    const size = type.discriminant?.type.byteSize ?? 1;
    const text = `invalid ${shortName(type)}: no variant has discriminant ${hex(active.discriminant, size)}`;
    return { kind: "text", text };
  }
  const { name, payload } = active.variant;
  const state = coroutineShape(value, type, payload, reader);
  if (state !== undefined) return state;
  const content = reader.part(value, payload);
  const body = withoutAliases(payload.type);
  if (body.kind !== "struct") return { kind: "wrapped", name, inner: content, notes: [] };
  return recordShape(content, body.members, { name, isTuple: body.isTuple, reader });
}

/** The state of an async body: where it is suspended, and what it keeps there. */
function coroutineShape(
  value: Value,
  type: EnumType,
  payload: Member,
  reader: ValueReader,
): Shape | undefined {
  const known = value.isRaw === true ? undefined : reader.symbols.coroutineOf(type);
  const state = known?.coroutine.states.find(({ name }) => payload.type.name.endsWith(`::${name}`));
  if (known === undefined || state === undefined) return undefined;
  const { kind, place, locals, awaitee } = state;
  const line = kind === "suspended" && place !== undefined ? ` at ${place.file.name}:${place.line}` : "";
  const isOver = kind === "returned" || kind === "panicked";
  const kept = isOver ? [] : [...locals, ...(awaitee === undefined ? [] : [awaitee])];
  return {
    kind: "record",
    name: `${known.name} ${kind}${line}`,
    isTuple: false,
    fields: kept.map((local) => ({ name: local.name, value: reader.part(value, local) })),
  };
}

function plainEnumShape(value: Value, type: PlainEnumType, reader: ValueReader): Shape {
  const result = reader.bytes(value);
  if (result.kind === "missing") return unavailable(result);
  const raw = unsignedOf(result.bytes);
  const bits = 8 * result.bytes.length;
  const found = type.enumerators.find((each) => BigInt.asUintN(bits, each.value) === raw);
  const text = found?.name ?? `invalid ${shortName(type)} ${hex(raw, result.bytes.length)}`;
  return { kind: "text", text };
}

/** Nothing is known of the type but perhaps its size: the bytes themselves. */
function unknownShape(value: Value, reader: ValueReader): Shape {
  const { byteSize } = value.type;
  if (byteSize === 0) return { kind: "unavailable", text: "of a type that the debug info does not describe" };
  const result = reader.bytes(value, Math.min(byteSize, MOST_RAW_BYTES));
  if (result.kind === "missing") return unavailable(result);
  const bytes = Array.from(result.bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return { kind: "text", text: `bytes ${bytes}${byteSize > MOST_RAW_BYTES ? " …" : ""}` };
}

function hex(value: bigint, byteSize: number): string {
  return `0x${value.toString(16).padStart(2 * byteSize, "0")}`;
}
