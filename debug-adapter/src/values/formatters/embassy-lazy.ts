import { assumeInit } from "../maybe-uninit";
import type { ValueReader } from "../reader";
import type { Formatter } from "../shape";
import type { Value } from "../value";

/** `OnceLock(5)`, `OnceLock(not set)`. */
export const onceLockFormatter: Formatter = {
  types: ["embassy_sync::once_lock::OnceLock"],
  shape(value, reader) {
    const cell = reader.member(value, "data");
    const isSet = isInitialised(value, reader);
    if (cell === undefined || isSet === undefined) return undefined;
    return isSet
      ? { kind: "wrapped", name: "OnceLock", inner: assumeInit(contentOf(cell, reader)), notes: [] }
      : { kind: "wrapped", name: "OnceLock", inner: undefined, notes: ["not set"] };
  },
};

/** `LazyLock(5)`, `LazyLock(not used yet)`: until its first use it holds the function that makes its value. */
export const lazyLockFormatter: Formatter = {
  types: ["embassy_sync::lazy_lock::LazyLock"],
  shape(value, reader) {
    const cell = reader.member(value, "data");
    const content = cell && reader.member(contentOf(cell, reader), "value");
    const isMade = isInitialised(value, reader);
    if (content === undefined || isMade === undefined) return undefined;
    return isMade
      ? { kind: "wrapped", name: "LazyLock", inner: content, notes: [] }
      : { kind: "wrapped", name: "LazyLock", inner: undefined, notes: ["not used yet"] };
  },
};

function isInitialised(value: Value, reader: ValueReader): boolean | undefined {
  const flag = reader.unsigned(reader.member(value, "init"));
  return flag === undefined || flag > 1n ? undefined : flag === 1n;
}

/** What is in the cells around it. */
function contentOf(cell: Value, reader: ValueReader): Value {
  let content = cell;
  for (
    let inner = reader.member(content, "value");
    inner !== undefined;
    inner = reader.member(content, "value")
  ) {
    if (!content.type.name.startsWith("core::cell::")) break;
    content = inner;
  }
  return content;
}
