import type { Coroutine, SavedLocal } from "../symbols/types/coroutine";

/**
 * Whether a value is a parameter at the place where the caller has put it. An async fn begins by moving each into a
 * variable, which has a place of its own wherever it is saved; where it is not, the debug info still lists the parameter.
 */
export function isLeftBehind({ name, offset, byteSize }: SavedLocal, { type, states }: Coroutine): boolean {
  if (!/::\{async_fn_env#\d+\}(?:<.*>)?$/.test(type.name) || byteSize === 0) return false;
  const passed = states.find(({ kind }) => kind === "unresumed")?.locals;
  return passed?.some((each) => each.name === name && each.offset === offset) === true;
}
