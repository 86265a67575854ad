import { thinPointer, widePointer } from "../values/pointers";
import type { ValueReader } from "../values/reader";
import { pathOf, withoutAliases } from "../values/type-words";
import type { Value } from "../values/value";

/** Wrappers that are polled by polling what is inside. */
const TRANSPARENT = new Set([
  "core::pin::Pin",
  "core::cell::UnsafeCell",
  "core::mem::manually_drop::ManuallyDrop",
  "core::mem::maybe_dangling::MaybeDangling",
  "core::mem::maybe_uninit::MaybeUninit",
  "core::panic::unwind_safe::AssertUnwindSafe",
  "core::pin::unsafe_pinned::UnsafePinned",
]);

/** `Pin<&mut Box<…>>`: deeper nesting is damaged memory. */
const MOST_POINTERS = 8;

/**
 * What a value is once pins, boxes and references are followed; of a trait object the real type, which its vtable
 * tells. The value itself if it is no pointer. Undefined if it leads nowhere.
 */
export function pointedValue(value: Value, reader: ValueReader): Value | undefined {
  let at = value;
  for (let i = 0; i < MOST_POINTERS; i++) {
    const next = step(at, reader);
    if (next === "end") return at;
    if (next === undefined) return undefined;
    at = next;
  }
  return undefined;
}

function step(value: Value, reader: ValueReader): Value | "end" | undefined {
  const type = withoutAliases(value.type);
  if (type.kind === "pointer") return thinPointer(value, type, reader)?.target;
  if (type.kind !== "struct" && type.kind !== "union") return "end";
  if (TRANSPARENT.has(pathOf(type))) {
    const inside = type.members.find((member) => member.type.byteSize > 0) ?? type.members[0];
    return inside === undefined ? "end" : reader.part(value, inside);
  }
  if (type.kind === "union" || !isWide(type.members)) return "end";
  return widePointer(value, type, reader)?.target;
}

/** The two members that rustc writes for a pointer to a slice or a trait object. */
function isWide(members: readonly { readonly name: string }[]): boolean {
  const names = members
    .map(({ name }) => name)
    .sort()
    .join();
  return names === "data_ptr,length" || names === "pointer,vtable";
}
