import type { Type } from "../../symbols/types/type";

/** Where the discriminant of a returned `Poll<T>` is: in a register or in the memory that the caller gave for it. */
export type PollResultPlace =
  | { readonly kind: "register"; readonly register: 0 | 1; readonly mask: number }
  | { readonly kind: "memory"; readonly offset: number; readonly byteSize: 1 | 2 | 4 }
  | { readonly kind: "unknown" };

/** How to read what a poll returned. */
export interface PollResultReader {
  readonly direct: PollResultPlace;
  /** Where the caller passes an address for the result. */
  readonly indirect: PollResultPlace;
  isReady(discriminant: number): boolean | undefined;
}

const UNKNOWN: PollResultPlace = { kind: "unknown" };

/**
 * How rustc hands over a `Poll<T>`: up to 8 bytes in r0 and r1, the second of two scalars always in r1. So only a
 * discriminant at the beginning of a register is certain; one elsewhere is not guessed.
 */
export function pollResultReader(result: Type | undefined): PollResultReader {
  const read = result?.kind === "enum" ? result : undefined;
  const discriminant = read?.discriminant;
  const size = discriminant?.type.byteSize;
  const isReady = (raw: number) => {
    const name = read?.variantFor(BigInt(raw))?.name;
    return name === undefined ? undefined : name === "Ready";
  };
  if (discriminant === undefined || read === undefined || (size !== 1 && size !== 2 && size !== 4)) {
    return { direct: UNKNOWN, indirect: UNKNOWN, isReady };
  }
  const { offset } = discriminant;
  const isInRegister = read.byteSize <= 8 && (offset === 0 || offset === 4);
  const mask = 2 ** (8 * size) - 1;
  return {
    direct: isInRegister ? { kind: "register", register: offset === 0 ? 0 : 1, mask } : UNKNOWN,
    indirect: { kind: "memory", offset, byteSize: size },
    isReady,
  };
}
