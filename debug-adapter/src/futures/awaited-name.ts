import { demangle } from "../elf/demangle";
import type { Program } from "../symbols/program";
import type { Type } from "../symbols/types/type";
import { genericsSuffix, pathComponents, withoutGenerics } from "../symbols/types/type-name";

/** Longest name that is written out; a longer one keeps its head: `Join<…>`. */
const LONGEST_NAME = 60;

/** Combinators of combinators are named to this depth. */
const DEEPEST_NAME = 6;

/**
 * What is awaited, in the words of someone who reads the source: the name of the awaited future's type without module
 * paths, and for the future of an `async fn` or of `poll_fn` the function that made it.
 *
 *     embassy_time::timer::Timer                                                       Timer
 *     embassy_futures::select::Select<…wait_for_low::{async_fn_env#0}, …Timer>        Select<Input::wait_for_low, Timer>
 *     …PollFn<embassy_time::timer::{impl#4}::next::{closure_env#0}>                   Ticker::next
 */
export function awaitedName(type: Type, program: Program, depth = 0): string {
  const body = program.asyncFunctions.ofType(type);
  if (body !== undefined) return lastTwo(withoutGenerics(body.name));
  if (type.kind === "pointer") {
    const sigil = /^(?:&mut |&|\*const |\*mut )/.exec(type.name)?.[0] ?? "&";
    return sigil + awaitedName(type.target, program, depth);
  }
  const closure = closureOf(type);
  if (closure !== undefined) return functionAround(closure, program);
  const name = pathComponents(withoutGenerics(type.name)).at(-1) ?? type.name;
  const generics = "typeArguments" in type ? type.typeArguments : [];
  if (generics.length === 0 || depth >= DEEPEST_NAME)
    return name + (genericsSuffix(type.name) === "" ? "" : "<…>");
  const whole = `${name}<${generics.map((each) => awaitedName(each.type, program, depth + 1)).join(", ")}>`;
  return whole.length <= LONGEST_NAME ? whole : `${name}<…>`;
}

/** The closure that a `PollFn` polls; the type itself if it is a closure. */
function closureOf(type: Type): Type | undefined {
  if (type.kind !== "struct") return undefined;
  if (pathComponents(type.name).at(-1)?.startsWith("{closure_env#")) return type;
  if (withoutGenerics(type.name) !== "core::future::poll_fn::PollFn") return undefined;
  return type.members.map(({ type: inner }) => closureOf(inner)).find((inner) => inner !== undefined);
}

/**
 * The function that a closure stands in, with the type or module it belongs to. The closure's path does not name the
 * type of an `impl` block; the linker's name of the closure's body does.
 */
function functionAround(closure: Type, program: Program): string {
  const body = program.functions.describedAs(closure.name.replace(/\{closure_env#(\d+)\}/, "{closure#$1}"));
  const linkageName = body?.linkageName === undefined ? undefined : demangle(body.linkageName);
  const path = pathComponents(withoutGenerics(linkageName ?? closure.name));
  return path
    .filter((component) => !component.startsWith("{"))
    .slice(-2)
    .join("::");
}

function lastTwo(path: string): string {
  return pathComponents(path).slice(-2).join("::");
}
