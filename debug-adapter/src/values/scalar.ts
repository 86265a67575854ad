import type { BaseType } from "../symbols/types/type";

/** What the bytes of a number, `bool`, `char` or `()` say. */
export type Scalar =
  | { readonly kind: "integer"; readonly value: bigint }
  | { readonly kind: "float"; readonly value: number; readonly byteSize: number }
  | { readonly kind: "bool"; readonly value: boolean }
  /** A Unicode scalar value. */
  | { readonly kind: "char"; readonly value: number }
  | { readonly kind: "unit" }
  /** Bits that no value of the type has; `raw` is unsigned. */
  | { readonly kind: "invalid"; readonly raw: bigint };

/** Reads a base type's bytes, little-endian. */
export function decodeScalar(type: BaseType, bytes: Uint8Array): Scalar {
  const raw = unsignedOf(bytes);
  switch (type.encoding) {
    case "unit":
      return { kind: "unit" };
    case "boolean":
      return raw > 1n ? { kind: "invalid", raw } : { kind: "bool", value: raw === 1n };
    case "character":
      return isScalarValue(raw) ? { kind: "char", value: Number(raw) } : { kind: "invalid", raw };
    case "signed":
      return { kind: "integer", value: BigInt.asIntN(8 * bytes.length, raw) };
    case "unsigned":
      return { kind: "integer", value: raw };
    case "float":
      return decodeFloat(bytes, raw);
  }
}

/** The bytes as an unsigned number, little-endian. */
export function unsignedOf(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  return value;
}

/** The low bytes of a number, little-endian, two's complement. */
export function integerBytes(value: bigint, byteSize: number): Uint8Array {
  const bytes = new Uint8Array(byteSize);
  for (let i = 0, rest = BigInt.asUintN(8 * byteSize, value); i < byteSize; i++, rest >>= 8n) {
    bytes[i] = Number(rest & 0xffn);
  }
  return bytes;
}

/** IEEE 754 binary32 or binary64. */
export function floatBytes(value: number, byteSize: 4 | 8): Uint8Array {
  const view = new DataView(new ArrayBuffer(byteSize));
  if (byteSize === 4) view.setFloat32(0, value, true);
  else view.setFloat64(0, value, true);
  return new Uint8Array(view.buffer);
}

/** Surrogates and what is past U+10FFFF are no `char` (The Rust Reference, "Textual types"). */
export function isScalarValue(raw: bigint): boolean {
  return raw < 0xd800n || (raw > 0xdfffn && raw <= 0x10ffffn);
}

function decodeFloat(bytes: Uint8Array, raw: bigint): Scalar {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (bytes.length) {
    case 2:
      return { kind: "float", value: halfFloat(Number(raw)), byteSize: 2 };
    case 4:
      return { kind: "float", value: view.getFloat32(0, true), byteSize: 4 };
    case 8:
      return { kind: "float", value: view.getFloat64(0, true), byteSize: 8 };
    default:
      // JavaScript has no number for an f128: its bits are shown.
      return { kind: "invalid", raw };
  }
}

/** IEEE 754 binary16: one sign bit, five of exponent, ten of fraction. */
function halfFloat(raw: number): number {
  const sign = (raw & 0x8000) === 0 ? 1 : -1;
  const exponent = (raw >>> 10) & 0x1f;
  const fraction = raw & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
