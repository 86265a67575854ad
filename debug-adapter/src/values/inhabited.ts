import type { Type } from "../symbols/types/type";
import { withoutAliases } from "./type-words";

/** Types within types; one that contains itself is broken. */
const DEEPEST = 16;

/** Whether a type can have values: `!` and an enum without variants have none, nor has what contains one of them. */
export function isInhabited(type: Type, depth = 0): boolean {
  const bare = withoutAliases(type);
  if (depth >= DEEPEST) return true;
  switch (bare.kind) {
    case "base":
      return bare.name !== "!";
    case "struct":
      return bare.members.every((member) => isInhabited(member.type, depth + 1));
    case "array":
      return bare.length === 0 || isInhabited(bare.element, depth + 1);
    case "enum":
      return bare.variants.some(({ payload }) => isInhabited(payload.type, depth + 1));
    case "plain-enum":
      return bare.enumerators.length > 0;
    default:
      return true;
  }
}
