import type { ValueReader } from "../reader";
import { withoutAliases } from "../type-words";
import { thinPointer, widePointer } from "../pointers";
import type { Formatter } from "../shape";
import type { Value } from "../value";

/** Guards are shown as what they give access to: `RefMut(Station { … })`, `MutexGuard(5)`. */
export const guardFormatters: readonly Formatter[] = [
  guard(["core::cell::Ref"], "Ref", ["value"]),
  guard(["core::cell::RefMut"], "RefMut", ["value"]),
  guard(["embassy_sync::mutex::MutexGuard"], "MutexGuard", ["mutex"]),
  guard(["embassy_sync::mutex::MappedMutexGuard"], "MappedMutexGuard", ["value"]),
  guard(["embassy_sync::rwlock::RwLockReadGuard"], "RwLockReadGuard", ["rwlock"]),
  guard(["embassy_sync::rwlock::RwLockWriteGuard"], "RwLockWriteGuard", ["rwlock"]),
];

function guard(types: readonly string[], name: string, path: readonly string[]): Formatter {
  return {
    types,
    shape(value, reader) {
      const pointer = reader.member(value, ...path);
      const target = pointer && contentBehind(pointer, reader);
      return target && { kind: "wrapped", name, inner: target, notes: [] };
    },
  };
}

/** What a pointer points to; of a lock, what it protects. */
function contentBehind(pointer: Value, reader: ValueReader): Value | undefined {
  const content = reader.unwrapped(pointer);
  const type = withoutAliases(content.type);
  const shape =
    type.kind === "pointer"
      ? thinPointer(content, type, reader)
      : type.kind === "struct"
        ? widePointer(content, type, reader)
        : undefined;
  if (shape?.target === undefined) return undefined;
  if (!/^embassy_sync::(?:mutex::Mutex|rwlock::RwLock)</.test(shape.target.type.name)) return shape.target;
  const cell = reader.member(shape.target, "inner");
  return cell && (reader.member(cell, "value") ?? cell);
}
