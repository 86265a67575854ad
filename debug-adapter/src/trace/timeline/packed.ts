import { decodeBase64, encodeBase64 } from "../../base/base64";

const COLUMNS = {
  f4: Float32Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  i4: Int32Array,
} as const;
type ColumnName = keyof typeof COLUMNS;

/** A typed array in JSON: its kind of numbers, and its bytes in base64, little-endian as all hosts of VS Code are. */
interface PackedColumn {
  readonly column: ColumnName;
  readonly data: string;
}

/** A value in which typed arrays have become plain JSON; `unpack` turns it back. */
export function pack(value: unknown): unknown {
  const name = columnName(value);
  if (name !== undefined) {
    const { buffer, byteOffset, byteLength } = value as Uint8Array;
    const packed: PackedColumn = {
      column: name,
      data: encodeBase64(new Uint8Array(buffer, byteOffset, byteLength)),
    };
    return packed;
  }
  if (Array.isArray(value)) return value.map(pack);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, pack(member)]));
}

/** What `pack` was given. */
export function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpack);
  if (typeof value !== "object" || value === null) return value;
  const { column, data } = value as Partial<PackedColumn>;
  if (column !== undefined && data !== undefined && Object.hasOwn(COLUMNS, column)) {
    return new COLUMNS[column](decodeBase64(data).buffer);
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, unpack(member)]));
}

function columnName(value: unknown): ColumnName | undefined {
  if (!ArrayBuffer.isView(value)) return undefined;
  return (Object.keys(COLUMNS) as ColumnName[]).find((name) => value instanceof COLUMNS[name]);
}
