const BASIC_TYPES: ReadonlyMap<string, string> = new Map([
  ["a", "i8"],
  ["b", "bool"],
  ["c", "char"],
  ["d", "f64"],
  ["e", "str"],
  ["f", "f32"],
  ["h", "u8"],
  ["i", "isize"],
  ["j", "usize"],
  ["l", "i32"],
  ["m", "u32"],
  ["n", "i128"],
  ["o", "u128"],
  ["p", "_"],
  ["s", "i16"],
  ["t", "u16"],
  ["u", "()"],
  ["v", "..."],
  ["x", "i64"],
  ["y", "u64"],
  ["z", "!"],
]);

/** The type of a one-letter tag, or undefined if it is no basic type. */
export function basicType(tag: string): string | undefined {
  return BASIC_TYPES.get(tag);
}
