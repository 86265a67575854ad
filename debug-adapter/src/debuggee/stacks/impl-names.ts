import { pathComponents, withoutGenerics } from "../../symbols/types/type-name";

/** How the debug info calls an `impl` block; it does not say there what is implemented for what. */
const IMPL_BLOCK = /\{impl#\d+\}/;

/** Whether a path says only the number of an `impl` block, and not whose it is. */
export function isInImplBlock(path: string): boolean {
  return IMPL_BLOCK.test(path);
}

/**
 * The name of a method of an `impl` block as its source would have it: `raw::SyncExecutor::poll`,
 * `<blink::Countdown as core::future::future::Future>::poll`, `core::ptr::mut_ptr::<impl *mut T>::add`. Generic
 * arguments are left out.
 * @param demangled the linker's name in readable form, which counts no closures
 * @param path the name in the debug info, which does
 */
export function implMethodName(demangled: string, path: string): string {
  const components = pathComponents(demangled);
  const closures = pathComponents(path).filter((component) => component.startsWith("{closure#"));
  const named = components.map((component) =>
    component === "{{closure}}" ? (closures.shift() ?? component) : tidied(component),
  );
  return named.join("::");
}

function tidied(component: string): string {
  if (component.startsWith("<impl ")) return component;
  if (!component.startsWith("<") || !component.endsWith(">")) return withoutGenerics(component);
  const inside = component.slice(1, -1);
  const as = outerAs(inside);
  if (as === undefined) return component;
  return `<${pathWithoutGenerics(inside.slice(0, as))} as ${pathWithoutGenerics(inside.slice(as + AS.length))}>`;
}

const AS = " as ";

/** Where the ` as ` stands that is in no brackets. */
function outerAs(text: string): number | undefined {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if ("<([".includes(char)) depth++;
    else if (")]".includes(char) || (char === ">" && text[i - 1] !== "-")) depth--;
    else if (depth === 0 && text.startsWith(AS, i)) return i;
  }
  return undefined;
}

function pathWithoutGenerics(text: string): string {
  // What is no path but `[T]`, `&T` or `(A, B)` is as short as it can be.
  return /^[\w:<]/.test(text) ? pathComponents(text).map(tidied).join("::") : text;
}
