/**
 * State that is nothing but data: numbers, booleans, strings, typed arrays, and arrays and objects of these.
 * Every block of the chip keeps its state in one such object, so that copying the machine needs no code per block.
 */
export type PlainState =
  | number
  | boolean
  | string
  | null
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Int32Array
  | Float64Array
  | PlainState[]
  | { [key: string]: PlainState };

type TypedArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** A deep copy that shares nothing with `state`. */
export function copyState<T>(state: T): T {
  return copy(state as PlainState) as T;
}

/**
 * Puts a copy made by `copyState` back **into** `state`: objects and typed arrays keep their identity, since others
 * hold references to them; plain arrays (queues) are refilled.
 */
export function restoreState<T extends object>(state: T, saved: T): void {
  restoreInto(state as PlainState & object, saved as PlainState);
}

function isTypedArray(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value);
}

function copy(value: PlainState): PlainState {
  if (typeof value !== "object" || value === null) return value;
  if (isTypedArray(value)) return value.slice();
  if (Array.isArray(value)) return value.map(copy);
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, copy(field)]));
}

function restoreInto(target: PlainState & object, saved: PlainState): void {
  if (isTypedArray(target)) {
    target.set(saved as never);
  } else if (Array.isArray(target)) {
    target.length = 0;
    for (const element of saved as PlainState[]) target.push(copy(element));
  } else {
    const source = saved as Record<string, PlainState>;
    for (const key of Object.keys(target)) {
      const field: PlainState = target[key] ?? null;
      const savedField: PlainState = source[key] ?? null;
      if (isObject(field) && isObject(savedField)) restoreInto(field, savedField);
      else target[key] = copy(savedField);
    }
  }
}

function isObject(value: PlainState): value is PlainState & object {
  return typeof value === "object" && value !== null;
}
