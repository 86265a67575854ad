import type { Formatter } from "../shape";
import { assumeInit, MAY_BE_UNINITIALISED } from "../maybe-uninit";

/** Nothing in memory tells whether it has been written: shown as if, and said so. */
export const maybeUninitFormatter: Formatter = {
  types: ["core::mem::maybe_uninit::MaybeUninit"],
  shape(value) {
    const inner = assumeInit(value);
    return inner === value
      ? undefined
      : { kind: "wrapped", name: "MaybeUninit", inner, notes: [MAY_BE_UNINITIALISED] };
  },
};
