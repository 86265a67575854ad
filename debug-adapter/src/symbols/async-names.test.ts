import { describe, expect, it } from "vitest";
import { asyncName } from "./async-names";

describe("asyncName", () => {
  it.each([
    ["blink::nap::{async_fn_env#0}", "blink::nap"],
    ["blink::nap::{async_fn#0}", "blink::nap"],
    ["blink::heartbeat::nap::{async_fn_env#0}", "blink::heartbeat::nap"],
    ["a::run::{async_block_env#0}", "a::run::{async block#0}"],
    ["a::run::{async_fn#0}::{async_block_env#1}", "a::run::{async block#1}"],
    [
      "a::run::{async_fn#0}::{async_block#1}::{async_block_env#0}",
      "a::run::{async block#1}::{async block#0}",
    ],
    ["a::run::{closure#2}::{async_closure_env#0}", "a::run::{async closure#2}"],
    ["a::run::{async_fn#0}::{closure#1}::{async_block_env#0}", "a::run::{closure#1}::{async block#0}"],
  ])("says %s as %s", (type, name) => expect(asyncName(type)?.name).toBe(name));

  it("keeps generic arguments apart", () => {
    expect(asyncName("a::read::{async_fn_env#0}<u8, fn() -> u8>")).toEqual({
      kind: "fn",
      name: "a::read",
      generics: "<u8, fn() -> u8>",
      crate: "a",
      task: undefined,
    });
  });

  it("recognises the body of a task", () => {
    expect(asyncName("app::io::__echo_task::__echo_task_inner_function::{async_fn_env#0}")).toEqual({
      kind: "fn",
      name: "app::io::echo",
      generics: "",
      crate: "app",
      task: { name: "echo", spawner: "app::io::echo" },
    });
  });

  it("recognises main, also as older versions of Embassy write it", () => {
    const main = { name: "main", spawner: "app::__embassy_main" };
    const inner = "app::____embassy_main_task::____embassy_main_task_inner_function::{async_fn_env#0}";
    expect(asyncName(inner)).toMatchObject({ name: "app::main", task: main });
    expect(asyncName("app::____embassy_main_task::{async_fn_env#0}")).toMatchObject({
      name: "app::main",
      task: main,
    });
  });

  it("knows that an async block inside a task is no task", () => {
    const inner = "app::__echo_task::__echo_task_inner_function";
    expect(asyncName(`${inner}::{async_fn#0}::{async_block_env#0}`)).toMatchObject({
      name: "app::echo::{async block#0}",
      task: undefined,
    });
    expect(asyncName(`${inner}::helper::{async_fn_env#0}`)).toMatchObject({
      name: "app::echo::helper",
      task: undefined,
    });
  });

  it("says nothing of other names", () => {
    expect(asyncName("app::main")).toBeUndefined();
    expect(asyncName("app::main::{closure_env#0}")).toBeUndefined();
    expect(asyncName("")).toBeUndefined();
  });
});
