import type { BaseType, Type } from "../../symbols/types/type";
import { withoutAliases } from "../type-words";
import { kindText, type Outcome } from "./arithmetic";
import { type Computed, integerTypeOf, type IntegerType } from "./computed";

/**
 * `operand as type` (The Rust Reference, "Type cast expressions"): integers wrap, floats saturate, NaN is 0. Beyond
 * Rust, any integer becomes a pointer, and a `char` if it is one.
 */
export function cast(operand: Computed, type: Type): Outcome {
  const target = withoutAliases(type);
  if (target.kind === "pointer") return castToPointer(operand, target);
  if (target.kind !== "base")
    return `a cast to ${type.name} is not possible; cast its address to a pointer instead`;
  switch (target.encoding) {
    case "signed":
    case "unsigned":
      return castToInteger(operand, integerTypeOf(target));
    case "float":
      return castToFloat(operand, target);
    case "character":
      return castToChar(operand);
    case "boolean":
      return operand.kind === "bool" ? operand : misfit(operand, target);
    case "unit":
      return misfit(operand, target);
  }
}

function castToInteger(operand: Computed, type: IntegerType): Outcome {
  switch (operand.kind) {
    case "integer":
      return wrapped(operand.value, type);
    case "pointer":
      return wrapped(BigInt(operand.address), type);
    case "char":
      return wrapped(BigInt(operand.value), type);
    case "bool":
      return wrapped(operand.value ? 1n : 0n, type);
    case "float":
      return { kind: "integer", value: saturated(operand.value, type), type };
    case "text":
    case "variant":
      return `${kindText(operand)} cannot be cast to ${type.name}`;
  }
}

function wrapped(value: bigint, type: IntegerType): Computed {
  const { bits, isSigned } = type;
  return {
    kind: "integer",
    value: isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value),
    type,
  };
}

function saturated(value: number, { bits, isSigned }: IntegerType): bigint {
  if (Number.isNaN(value)) return 0n;
  const least = isSigned ? -(1n << BigInt(bits - 1)) : 0n;
  const most = (1n << BigInt(isSigned ? bits - 1 : bits)) - 1n;
  if (!Number.isFinite(value)) return value > 0 ? most : least;
  const whole = BigInt(Math.trunc(value));
  return whole < least ? least : whole > most ? most : whole;
}

function castToFloat(operand: Computed, target: BaseType): Outcome {
  const byteSize = target.byteSize === 4 ? 4 : 8;
  if (operand.kind !== "integer" && operand.kind !== "float") return misfit(operand, target);
  const value = Number(operand.value);
  return { kind: "float", value: byteSize === 4 ? Math.fround(value) : value, byteSize };
}

function castToChar(operand: Computed): Outcome {
  if (operand.kind === "char") return operand;
  if (operand.kind !== "integer") return `${kindText(operand)} cannot be cast to char`;
  const { value } = operand;
  const isCharacter = value >= 0n && (value < 0xd800n || (value > 0xdfffn && value <= 0x10ffffn));
  return isCharacter ? { kind: "char", value: Number(value) } : `${value} is no character`;
}

function castToPointer(operand: Computed, type: Type): Outcome {
  if (operand.kind === "pointer") return { ...operand, type };
  if (operand.kind !== "integer") return misfit(operand, type);
  const { value } = operand;
  return value < 0n || value > 0xffff_ffffn
    ? `0x${value.toString(16)} is no address of 32 bits`
    : { kind: "pointer", address: Number(value), type };
}

function misfit(operand: Computed, { name }: Type): string {
  return `${kindText(operand)} cannot be cast to ${name}`;
}
