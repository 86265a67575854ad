// Rust names as rustc writes them into debug info: `core::option::Option<&[u8]>`, `f::{async_fn_env#0}<u32>`,
// `<Error as core::fmt::Debug>::{vtable}`, `&dyn core::fmt::Write`, `unsafe fn(TaskRef) -> u32`.

/** Splits a name at the `::` that are inside no brackets. */
export function pathComponents(name: string): string[] {
  const components: string[] = [];
  let start = 0;
  let nesting = 0;
  for (let i = 0; i < name.length; i++) {
    nesting += bracketStep(name, i);
    if (nesting === 0 && name[i] === ":" && name[i + 1] === ":") {
      components.push(name.slice(start, i));
      start = i + 2;
      i++;
    }
  }
  components.push(name.slice(start));
  return components;
}

/** The name without what stands in angle brackets: `a::Storage<F>::poll<F>` becomes `a::Storage::poll`. */
export function withoutGenerics(name: string): string {
  if (!name.includes("<")) return name;
  let result = "";
  let nesting = 0;
  for (let i = 0; i < name.length; i++) {
    const character = name[i]!;
    // A leading `<T as Trait>` is the whole name of what it stands for, not an argument.
    if (character === "<" && (nesting > 0 || result !== "")) nesting++;
    else if (character === ">" && name[i - 1] !== "-" && nesting > 0) nesting--;
    else if (nesting === 0) result += character;
  }
  return result;
}

/** What stands in the last angle brackets of a name, with them: `<u32>` of `f::{async_fn_env#0}<u32>`; or "". */
export function genericsSuffix(name: string): string {
  if (!name.endsWith(">")) return "";
  let nesting = 0;
  for (let i = name.length - 1; i >= 0; i--) {
    if (name[i] === ">" && name[i - 1] !== "-") nesting++;
    else if (name[i] === "<" && --nesting === 0) return i === 0 ? "" : name.slice(i);
  }
  return "";
}

function bracketStep(name: string, at: number): number {
  switch (name[at]) {
    case "<":
    case "(":
    case "[":
    case "{":
      return 1;
    case ">":
      return name[at - 1] === "-" ? 0 : -1;
    case ")":
    case "]":
    case "}":
      return -1;
    default:
      return 0;
  }
}
