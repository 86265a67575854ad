import type { Type } from "../symbols/types/type";
import { withoutAliases } from "./type-words";
import type { Value } from "./value";

/** What is said of bytes that the program may not have written yet: nothing in memory tells. */
export const MAY_BE_UNINITIALISED = "may be uninitialised";

/** Whether a type is a `MaybeUninit` of known content. */
export function isMaybeUninit(type: Type): boolean {
  return contentOf(type) !== undefined;
}

/** What a `MaybeUninit<T>` holds, as a `T`; any other value as it is. */
export function assumeInit(value: Value): Value {
  const content = contentOf(value.type);
  return content === undefined ? value : { type: content, location: value.location };
}

function contentOf(type: Type): Type | undefined {
  const bare = withoutAliases(type);
  if (bare.kind !== "union" || !bare.name.startsWith("core::mem::maybe_uninit::MaybeUninit<"))
    return undefined;
  const argument = bare.typeArguments[0]?.type;
  return argument?.byteSize === bare.byteSize ? argument : undefined;
}
