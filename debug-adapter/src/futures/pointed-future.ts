import type { Member } from "../symbols/types/type";
import { oncePerType } from "../values/once-per-type";
import { thinPointer, widePointer, widePointerMembers } from "../values/pointers";
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
  const form = formOf(value.type);
  if (form === "end") return "end";
  if (form === "pointer") {
    const type = withoutAliases(value.type);
    if (type.kind === "pointer") return thinPointer(value, type, reader)?.target;
    return type.kind === "struct" ? widePointer(value, type, reader)?.target : undefined;
  }
  return reader.part(value, form);
}

/** How a type leads further: as a pointer, or by the one member that it wraps. */
const formOf = oncePerType((type): "end" | "pointer" | Member => {
  const bare = withoutAliases(type);
  if (bare.kind === "pointer") return "pointer";
  if (bare.kind !== "struct" && bare.kind !== "union") return "end";
  if (TRANSPARENT.has(pathOf(bare))) {
    return bare.members.find((member) => member.type.byteSize > 0) ?? bare.members[0] ?? "end";
  }
  return bare.kind === "struct" && widePointerMembers(bare) !== undefined ? "pointer" : "end";
});
