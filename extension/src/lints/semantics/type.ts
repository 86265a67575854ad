/** A type as far as the sources tell. What is not known is `unknown`, and rules say nothing of it. */
export type Type =
  | { readonly kind: "unknown" }
  | { readonly kind: "path"; readonly path: string; readonly args: readonly Type[] }
  | { readonly kind: "ref"; readonly to: Type; readonly isMutable: boolean }
  | { readonly kind: "tuple"; readonly items: readonly Type[] }
  | { readonly kind: "array"; readonly of: Type; readonly length: number | undefined }
  | { readonly kind: "slice"; readonly of: Type }
  /** What an `async fn` returns, an `async` block is, or an `impl Future`. `from` names the function. */
  | { readonly kind: "future"; readonly output: Type; readonly from: string };

export const UNKNOWN: Type = { kind: "unknown" };
export const UNIT: Type = { kind: "tuple", items: [] };
/** An integer whose type is for the compiler to infer: one byte at least. */
export const ANY_INTEGER = "{integer}";

export const BOOL: Type = { kind: "path", path: "bool", args: [] };

export function pathType(path: string, ...args: readonly Type[]): Type {
  return { kind: "path", path, args };
}

export function futureOf(output: Type, from: string): Type {
  return { kind: "future", output, from };
}

export function argument(type: Type, index: number): Type {
  return type.kind === "path" ? (type.args[index] ?? UNKNOWN) : UNKNOWN;
}

export function isPath(type: Type, path: string): boolean {
  return type.kind === "path" && type.path === path;
}

const COPY = new Set(
  "{integer} bool char u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 std::time::Duration std::time::Instant embassy_time::Duration embassy_time::Instant embassy_executor::Spawner".split(
    " ",
  ),
);

/** Whether a use of a value by itself leaves it where it is. False also where that is not known. */
export function isCopy(type: Type): boolean {
  switch (type.kind) {
    case "unknown":
    case "slice":
    case "future":
      return false;
    case "path":
      return COPY.has(type.path) || (isPath(type, OPTION) && type.args.every(isCopy) && type.args.length > 0);
    case "ref":
      return !type.isMutable;
    case "tuple":
      return type.items.every(isCopy);
    case "array":
      return isCopy(type.of);
  }
}

export const OPTION = "std::option::Option";
export const RESULT = "std::result::Result";

/** Pointers through which methods and fields of what they point to are reached. */
const POINTERS = new Set([
  "std::boxed::Box",
  "std::sync::Arc",
  "std::rc::Rc",
  "std::pin::Pin",
  "std::sync::LazyLock",
  "std::cell::LazyCell",
  "once_cell::sync::Lazy",
  "once_cell::unsync::Lazy",
  "spin::Lazy",
]);

/** What a dereference of a pointer gives; undefined if the type is no pointer that is known. */
export function pointee(type: Type): Type | undefined {
  if (type.kind === "ref") return type.to;
  if (type.kind === "path" && POINTERS.has(type.path)) return type.args[0] ?? UNKNOWN;
  return undefined;
}

/** Through all references and smart pointers. */
export function peeled(type: Type): Type {
  let at = type;
  for (let i = 0; i < 8; i++) {
    const to = pointee(at);
    if (to === undefined) return at;
    at = to;
  }
  return at;
}

/** Puts types in the place of type parameters. */
export function substituted(type: Type, values: ReadonlyMap<string, Type>): Type {
  if (values.size === 0) return type;
  const of = (each: Type) => substituted(each, values);
  switch (type.kind) {
    case "unknown":
      return type;
    case "path":
      return type.args.length === 0 ? (values.get(type.path) ?? type) : { ...type, args: type.args.map(of) };
    case "ref":
      return { ...type, to: of(type.to) };
    case "tuple":
      return { ...type, items: type.items.map(of) };
    case "array":
    case "slice":
      return { ...type, of: of(type.of) };
    case "future":
      return { ...type, output: of(type.output) };
  }
}
