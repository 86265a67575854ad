import type { ArrayType, PointerType, StructType, Type } from "../symbols/types/type";
import { withoutGenerics } from "../symbols/types/type-name";
import { nowhere } from "./location";
import type { ValueReader } from "./reader";
import type { PointerShape } from "./shape";
import { withoutAliases } from "./type-words";
import type { Value } from "./value";

/** The name of the type that text is given where a wide pointer points to it. */
export const STR = "str";

/** More elements than memory has bytes: a length that is garbage. */
const MOST_ELEMENTS = 1 << 28;

/** `count` elements from an address on, as a type: what `&[T]` points to. */
export function sliceType(element: Type, length: number, name = `[${element.name}]`): ArrayType {
  return {
    kind: "array",
    offset: 0,
    name,
    element,
    length,
    byteSize: element.byteSize * length,
    alignment: element.alignment,
  };
}

/** A thin pointer: reference, raw pointer, `Box<T>`. */
export function thinPointer(value: Value, type: PointerType, reader: ValueReader): PointerShape | undefined {
  const address = reader.count(value);
  if (address === undefined) return undefined;
  const target = withoutAliases(type.target);
  const points = target.kind !== "unknown" && target.byteSize > 0 && address !== 0;
  return {
    kind: "pointer",
    ...prefixOf(type.name),
    address,
    target: points ? reader.at(target, address) : undefined,
  };
}

/**
 * A wide pointer: rustc writes a struct of `data_ptr` and `length` for slices and `str`, and of `pointer` and `vtable`
 * for trait objects. Undefined for any other struct.
 */
export function widePointer(value: Value, type: StructType, reader: ValueReader): PointerShape | undefined {
  const members = widePointerMembers(type);
  if (members === undefined) return undefined;
  const { data } = members;
  const address = reader.count(reader.member(value, data));
  const extra = reader.count(reader.member(value, members.extra));
  if (address === undefined || extra === undefined) return undefined;
  const shape = { kind: "pointer", ...prefixOf(type.name), address } as const;
  if (data === "pointer") return { ...shape, ...traitObject(address, extra, reader) };
  const pointee = memberType(type, data);
  const target = pointee?.kind === "pointer" ? withoutAliases(pointee.target) : undefined;
  const slice = target && lengthenedTarget(target, extra, type.name);
  return slice === undefined
    ? undefined
    : {
        ...shape,
        target: slice === "too long" ? tooLong(target!, extra, type.name) : reader.at(slice, address),
      };
}

/** The members of a wide pointer by their names; undefined for any other struct. */
export function widePointerMembers({ members }: StructType): WidePointerMembers | undefined {
  const [first, second] = members;
  if (members.length !== 2 || first === undefined || second === undefined) return undefined;
  return WIDE_POINTERS.find(
    ({ data, extra }) =>
      (first.name === data && second.name === extra) || (first.name === extra && second.name === data),
  );
}

interface WidePointerMembers {
  readonly data: "data_ptr" | "pointer";
  readonly extra: "length" | "vtable";
}

const WIDE_POINTERS: readonly WidePointerMembers[] = [
  { data: "data_ptr", extra: "length" },
  { data: "pointer", extra: "vtable" },
];

/** Where an address lies, in words: `blink::BEATS`, `blink::nap + 4`; undefined if nothing is known there. */
export function placeText(address: number, { symbols }: ValueReader): string | undefined {
  const code = symbols.functionAt(withoutThumbBit(address));
  const found = code === undefined ? symbols.staticAt(address) : undefined;
  if (found !== undefined) return found.name + offsetText(address - found.address);
  return code && readableName(code.name) + offsetText(withoutThumbBit(address) - code.address);
}

/** Generic arguments of an async function's own types fill lines. */
function readableName(name: string): string {
  return name.length > LONGEST_NAME ? withoutGenerics(name) : name;
}

const LONGEST_NAME = 80;

/** Bit 0 of a pointer to a function says that its code is Thumb (ARMv6-M ARM A4.1.1). */
export function withoutThumbBit(address: number): number {
  return address - (address % 2);
}

function offsetText(offset: number): string {
  return offset === 0 ? "" : ` + ${offset}`;
}

function memberType(type: StructType, name: string): Type | undefined {
  const member = type.members.find((each) => each.name === name);
  return member && withoutAliases(member.type);
}

function lengthenedTarget(element: Type, length: number, name: string): ArrayType | "too long" | undefined {
  const pointee = pointeeName(name);
  const isText = pointee === STR;
  // A struct whose last field is unsized is pointed to in this form as well; its length counts that field's elements.
  if (!isText && !pointee.startsWith("[")) return undefined;
  if (length > MOST_ELEMENTS) return "too long";
  return sliceType(element, length, isText ? STR : pointee);
}

function tooLong(element: Type, length: number, name: string): Value {
  return {
    type: sliceType(element, 0, pointeeName(name)),
    location: nowhere(`its length of ${length} is not possible`),
  };
}

/** What a wide pointer's type says that it points to: `[u8]` of `&mut [u8]` and of `alloc::boxed::Box<[u8], …>`. */
function pointeeName(name: string): string {
  const inside = /^[\w:]+<(.*?)(, .*)?>$/.exec(name)?.[1];
  return inside ?? name.replace(/^(&mut |&|\*const |\*mut )/, "");
}

/**
 * A vtable begins with the address of the destructor, the size and the alignment, and goes on with the methods
 * (`core::ptr::DynMetadata`). rustc describes those that code makes; of one that a static's initial value needs, the
 * receiver of its first method tells the type.
 */
function traitObject(address: number, table: number, reader: ValueReader) {
  const { symbols, memory } = reader;
  const implementor = symbols.vtableAt(table)?.implementor ?? receiverBehind(table, reader);
  if (implementor === undefined || implementor.byteSize !== memory.readUint(table + 4, 4))
    return { target: undefined };
  return { target: reader.at(implementor, address), implementor };
}

const FIRST_METHOD = 12;

function receiverBehind(table: number, { symbols, memory }: ValueReader): Type | undefined {
  const method = memory.readUint(table + FIRST_METHOD, 4);
  return method === undefined ? undefined : symbols.receiverOf(withoutThumbBit(method));
}

function prefixOf(name: string): { readonly prefix: string; readonly isFollowed: boolean } {
  if (name.startsWith("&mut ")) return { prefix: "&mut ", isFollowed: true };
  if (name.startsWith("&")) return { prefix: "&", isFollowed: true };
  if (name.startsWith("alloc::boxed::Box<")) return { prefix: "Box ", isFollowed: true };
  return { prefix: "", isFollowed: false };
}
