import type { TokenReader } from "../syntax/token-reader";

export interface FieldText {
  readonly name: string;
  readonly type: string;
}

export interface VariantText {
  readonly name: string;
  readonly fields: readonly FieldText[];
}

/** `<'a, T: Clone, const N: usize>`: the names of its types. */
export function readTypeParameters(reader: TokenReader): string[] {
  if (reader.next !== "<") return [];
  const names: string[] = [];
  for (const part of reader.group().parts()) {
    part.attributes();
    const name = part.name();
    if (name !== "" && name !== "const") names.push(name);
  }
  return names;
}

/** The fields of a struct or variant, in braces or in round brackets; those of a tuple are named `0`, `1`. */
export function readFields(reader: TokenReader): FieldText[] {
  const isTuple = reader.next === "(";
  if (!isTuple && reader.next !== "{") return [];
  const fields: FieldText[] = [];
  for (const part of reader.group().parts()) {
    part.attributes();
    part.takesVisibility();
    const name = isTuple ? String(fields.length) : part.name();
    const hasType = isTuple || part.takes(":");
    if (hasType && !part.isOver) fields.push({ name, type: part.upTo("", "brackets") });
  }
  return fields;
}

/** The variants of an enum. */
export function readVariants(reader: TokenReader): VariantText[] {
  if (reader.next !== "{") return [];
  const variants: VariantText[] = [];
  // `A = 1 << 2`; the types of a tuple variant are in brackets of their own.
  for (const part of reader.group().parts("operators")) {
    part.attributes();
    part.takesVisibility();
    const name = part.name();
    if (name !== "") variants.push({ name, fields: readFields(part) });
  }
  return variants;
}
