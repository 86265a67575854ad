import { expect, it } from "vitest";
import { typeWithoutPaths } from "./type-without-paths";

it.each([
  ["u32", "u32"],
  ["core::cell::RefMut<weather::Station>", "RefMut<Station>"],
  [
    "&mut [core::option::Option<heapless::vec::VecInner<u8, usize>>; 4]",
    "&mut [Option<VecInner<u8, usize>>; 4]",
  ],
  ["app::{impl#2}::poll::{closure_env#0}<u8>", "{closure_env#0}<u8>"],
  ["(alloc::string::String, *const core::ffi::c_void)", "(String, *const c_void)"],
  ["alloc::boxed::Box<dyn core::future::future::Future<Output=()>>", "Box<dyn Future<Output=()>>"],
  ["<app::A as app::B>::C", "<A as B>::C"],
])("%s is %s", (type, expected) => {
  expect(typeWithoutPaths(type)).toBe(expected);
});
