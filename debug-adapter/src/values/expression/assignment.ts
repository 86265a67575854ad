import type { Type } from "../../symbols/types/type";
import type { ValueReader } from "../reader";
import { floatBytes, integerBytes, type Scalar } from "../scalar";
import { withoutAliases } from "../type-words";
import { integerTypeOf, fits } from "./computed";
import { evaluate, type ExpressionScope, NO_SCOPE } from "./evaluate";

/** Bytes to write over a value, or one sentence that says why it cannot be set. */
export type Assignment =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "error"; readonly message: string };

/**
 * The bytes of what an expression amounts to, as a value of the type of the one that is to be set. Numbers, `bool`,
 * `char`, pointers and enums without data can be set; a number must fit.
 */
export function assignmentTo(
  type: Type,
  text: string,
  reader: ValueReader,
  scope: ExpressionScope = NO_SCOPE,
): Assignment {
  const target = withoutAliases(type);
  if (target.kind === "plain-enum") {
    const named = target.enumerators.find(({ name }) => name === text.trim().split("::").at(-1));
    if (named !== undefined) return { kind: "bytes", bytes: integerBytes(named.value, target.byteSize) };
    return failed(`${text} is no variant; write ${target.enumerators.map(({ name }) => name).join(", ")}`);
  }
  if (target.kind !== "base" && target.kind !== "pointer") {
    return failed(`A value of type ${type.name} cannot be set; set its parts`);
  }
  const found = evaluate(text, reader, scope);
  if (found.kind === "error") return failed(found.message);
  const source = withoutAliases(found.value.type);
  const address = source.kind === "pointer" ? reader.unsigned(found.value) : undefined;
  const scalar: Scalar | undefined =
    address === undefined
      ? reader.scalar(reader.unwrapped(found.value))
      : { kind: "integer", value: address };
  const bytes = scalar && bytesOf(target, scalar);
  return bytes === undefined ? failed(`${text} is no value of type ${type.name}`) : { kind: "bytes", bytes };
}

function bytesOf(type: Extract<Type, { kind: "base" | "pointer" }>, scalar: Scalar): Uint8Array | undefined {
  if (type.kind === "pointer") {
    const isAddress = scalar.kind === "integer" && scalar.value >= 0n && scalar.value <= 0xffff_ffffn;
    return isAddress ? integerBytes(scalar.value, type.byteSize) : undefined;
  }
  switch (type.encoding) {
    case "signed":
    case "unsigned":
      return scalar.kind === "integer" && fits(scalar.value, integerTypeOf(type))
        ? integerBytes(scalar.value, type.byteSize)
        : undefined;
    case "float": {
      const isNumber = scalar.kind === "float" || scalar.kind === "integer";
      const { byteSize } = type;
      return isNumber && (byteSize === 4 || byteSize === 8)
        ? floatBytes(Number(scalar.value), byteSize)
        : undefined;
    }
    case "boolean":
      return scalar.kind === "bool" ? Uint8Array.of(scalar.value ? 1 : 0) : undefined;
    case "character":
      return scalar.kind === "char" ? integerBytes(BigInt(scalar.value), 4) : undefined;
    case "unit":
      return undefined;
  }
}

function failed(message: string): Assignment {
  return { kind: "error", message };
}
