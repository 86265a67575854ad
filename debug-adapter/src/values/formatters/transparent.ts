import type { Formatter } from "../shape";

const INTEGERS = ["8", "16", "32", "64", "128", "size"].flatMap((width) => [`U${width}`, `I${width}`]);

/** Wrappers that are there for the compiler and say nothing to a reader: shown as their one member. */
export const transparentFormatter: Formatter = {
  types: [
    "core::mem::manually_drop::ManuallyDrop",
    "core::mem::maybe_dangling::MaybeDangling",
    "core::num::nonzero::NonZero",
    "core::num::wrapping::Wrapping",
    "core::num::saturating::Saturating",
    ...INTEGERS.map((name) => `core::num::niche_types::NonZero${name}Inner`),
    "core::num::niche_types::Nanoseconds",
    "core::num::niche_types::UsizeNoHighBit",
    "core::pin::Pin",
    "core::pin::unsafe_pinned::UnsafePinned",
    "core::ptr::non_null::NonNull",
    "core::ptr::unique::Unique",
    "alloc::boxed::Box",
    "embassy_sync::waitqueue::atomic_waker::AtomicWaker",
    "embassy_sync::waitqueue::atomic_waker::GenericAtomicWaker",
    "embassy_sync::waitqueue::waker_registration::WakerRegistration",
  ],
  shape(value, reader) {
    const { type } = value;
    if (type.kind !== "struct") return undefined;
    const [only, second] = type.members.filter((member) => member.type.byteSize > 0);
    return only === undefined || second !== undefined
      ? undefined
      : { kind: "same", value: reader.part(value, only) };
  },
};
