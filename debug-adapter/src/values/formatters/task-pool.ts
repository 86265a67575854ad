import { sliceType } from "../pointers";
import type { Formatter } from "../shape";

/**
 * The static of a task, which on stable Rust is bytes of a size and an alignment: shown as the `TaskStorage`s that lie
 * there, one for each instance of the task. What was never spawned is all zeros.
 */
export const taskPoolFormatter: Formatter = {
  types: ["embassy_executor::_export::TaskPoolHolder"],
  shape(value, reader) {
    const address = reader.addressOf(value);
    const pool = address === undefined ? undefined : reader.symbols.staticAt(address);
    const storage =
      pool?.address === address && pool !== undefined ? reader.symbols.taskStorageOf(pool) : undefined;
    if (storage === undefined || storage.byteSize === 0) return undefined;
    const type = sliceType(storage, Math.floor(value.type.byteSize / storage.byteSize));
    if (type.length === 0) return undefined;
    return {
      kind: "list",
      name: "TaskPool",
      note: undefined,
      count: type.length,
      element: (index) => reader.element(value, type, index),
      array: { type, location: value.location },
    };
  },
};
