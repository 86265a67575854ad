import { demangle } from "../elf/demangle";
import { asyncName } from "../symbols/async-names";
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
  if (body !== undefined) return shortened(withoutGenerics(body.name));
  if (type.kind === "pointer") {
    const sigil = /^(?:&mut |&|\*const |\*mut )/.exec(type.name)?.[0] ?? "&";
    return sigil + awaitedName(type.target, program, depth);
  }
  const closure = closureOf(type);
  if (closure !== undefined) return closureName(closure, program);
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

/** The function that made the future, `Mutex::lock`; for what an async body makes for itself `poll_fn in Rcv::changed`. */
function closureName(closure: Type, program: Program): string {
  const components = pathComponents(closure.name);
  const around = components.slice(0, -1);
  const body = /^\{async_(fn|block|closure)#(\d+)\}$/.exec(around.at(-1) ?? "");
  if (body === null) return functionAround(closure, program);
  const path = [...around.slice(0, -1), `{async_${body[1]}_env#${body[2]}}`].join("::");
  const found = program.asyncFunctions.all.find(
    ({ coroutine }) => withoutGenerics(coroutine.type.name) === withoutGenerics(path),
  );
  const name = found?.name ?? asyncName(around.join("::"))?.name;
  return name === undefined ? "poll_fn" : `poll_fn in ${shortened(withoutGenerics(name))}`;
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
    .map(implementor)
    .slice(-2)
    .join("::");
}

/** Of `<semaphore::GreedySemaphore as semaphore::Semaphore>`, which is one component, the type: `GreedySemaphore`. */
function implementor(component: string): string {
  const type = /^<(.*) as .*>$/.exec(component)?.[1];
  return type === undefined ? component : (pathComponents(type).at(-1) ?? component);
}

/** The last two components of a path; of a block the function around it, too: `run::{async block#0}`. */
function shortened(path: string): string {
  const components = pathComponents(path).map(implementor);
  const named = components.findLastIndex((component) => !component.startsWith("{"));
  const isFunction = named === components.length - 1;
  return components.slice(Math.max(0, isFunction ? named - 1 : named)).join("::");
}
