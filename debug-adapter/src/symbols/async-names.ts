import { genericsSuffix, pathComponents, withoutGenerics } from "./types/type-name";

/** What an async function, block or closure is called in the source. */
export interface AsyncName {
  readonly kind: "fn" | "block" | "closure";
  /**
   * As a programmer would say it: `blink::nap`, `blink::run::{async block#0}`, `blink::blink_task` for the body of
   * an Embassy task.
   */
  readonly name: string;
  /** Generic arguments with their brackets, or "". */
  readonly generics: string;
  /** The first part of the path. */
  readonly crate: string;
  /** The Embassy task whose body it is. */
  readonly task: TaskName | undefined;
}

/** An Embassy task, as its macro leaves it behind. */
export interface TaskName {
  /** `blink_task`, `main`. */
  readonly name: string;
  /** Full name of the function that makes the task; its static `POOL` stands in the namespace of the same name. */
  readonly spawner: string;
}

/**
 * Reads the full name of a coroutine type (`f::{async_fn_env#0}<u32>`) or of the function that polls it
 * (`f::{async_fn#0}`). Undefined for any other name.
 */
export function asyncName(fullName: string): AsyncName | undefined {
  const components = pathComponents(fullName);
  const last = components.pop();
  const matched = last === undefined ? null : /^\{async_(fn|block|closure)(?:_env)?#(\d+)\}/.exec(last);
  if (last === undefined || matched === null) return undefined;
  const kind = matched[1] as AsyncName["kind"];
  const number = matched[2]!;
  // A body inside another async fn is for the programmer simply inside that fn.
  const around = components
    .filter((component) => !/^\{async_fn#\d+\}/.test(component))
    .map((component) => component.replace(/^\{async_(block|closure)#(\d+)\}.*$/, "{async $1#$2}"));
  const found = taskOf(around);
  const inside = found ? around.slice(found.depth + found.length) : [];
  const path = found ? [...around.slice(0, found.depth), found.task.name, ...inside] : around;
  return {
    kind,
    name: kind === "fn" ? path.join("::") : nameInside(path.join("::"), kind, number),
    generics: genericsSuffix(last),
    crate: around[0] ?? "",
    task: kind === "fn" && inside.length === 0 ? found?.task : undefined,
  };
}

/** The name of an async block or closure in the function of the name `path`. */
export function nameInside(path: string, kind: "block" | "closure", number: string | number): string {
  // rustc counts an async closure by the ordinary closure around it: `f::{closure#1}::{async_closure_env#0}`.
  const closure = kind === "closure" ? /::\{closure#(\d+)\}$/.exec(path) : null;
  if (closure === null) return `${path}::{async ${kind}#${number}}`;
  return `${path.slice(0, closure.index)}::{async closure#${closure[1]}}`;
}

interface FoundTask {
  readonly task: TaskName;
  /** Components before the task's own, and how many are the task's own. */
  readonly depth: number;
  readonly length: number;
}

/**
 * `#[embassy_executor::task] async fn blink()` becomes `__blink_task::__blink_task_inner_function` (one level in
 * older versions) beside a function `blink`; `#[embassy_executor::main]` first renames the function to
 * `__embassy_main`.
 */
function taskOf(components: readonly string[]): FoundTask | undefined {
  const depth = components.findIndex((component) => /^__.+_task$/.test(withoutGenerics(component)));
  if (depth < 0) return undefined;
  const outer = withoutGenerics(components[depth]!);
  const written = /^__(.+)_task$/.exec(outer)![1]!;
  const inner = components[depth + 1];
  const length = inner !== undefined && withoutGenerics(inner) === `${outer}_inner_function` ? 2 : 1;
  const spawner = [...components.slice(0, depth), written].join("::");
  return { task: { name: written === "__embassy_main" ? "main" : written, spawner }, depth, length };
}
