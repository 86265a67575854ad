import type { Formatter } from "../shape";

const WIDTHS = ["8", "16", "32", "64", "size"];
const NAMES = [
  "Atomic",
  "AtomicBool",
  "AtomicPtr",
  ...WIDTHS.flatMap((width) => [`AtomicU${width}`, `AtomicI${width}`]),
];

/** Atomics are shown as the number, `bool` or pointer that they hold. Newer versions of `core` have one generic type. */
export const atomicFormatter: Formatter = {
  types: ["core::sync::atomic", "portable_atomic"].flatMap((module) =>
    NAMES.map((name) => `${module}::${name}`),
  ),
  shape(value, reader) {
    const content = reader.unwrapped(value);
    if (content.type === value.type) return undefined;
    if (!/::AtomicBool$|::Atomic<bool>$/.test(value.type.name)) return { kind: "same", value: content };
    // It may be stored as a `u8`.
    const raw = reader.unsigned(content);
    return raw === undefined || raw > 1n
      ? { kind: "same", value: content }
      : { kind: "text", text: String(raw === 1n) };
  },
};
