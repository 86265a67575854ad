import { describe, expect, it } from "vitest";
import { implMethodName } from "./impl-names";

describe("the name of a method in an impl block", () => {
  it.each([
    [
      "embassy_executor::raw::SyncExecutor::poll::{{closure}}",
      "embassy_executor::raw::{impl#9}::poll::{closure#0}",
      "embassy_executor::raw::SyncExecutor::poll::{closure#0}",
    ],
    [
      "embassy_executor::raw::AvailableTask<F>::claim",
      "embassy_executor::raw::{impl#4}::claim",
      "embassy_executor::raw::AvailableTask::claim",
    ],
    [
      "<core::cell::RefMut<T> as core::ops::deref::Deref>::deref",
      "core::cell::{impl#54}::deref",
      "<core::cell::RefMut as core::ops::deref::Deref>::deref",
    ],
    [
      "<embassy_rp::uart::Handler<T> as typelevel::Handler<<T as embassy_rp::uart::Instance>::Interrupt>>::on_interrupt",
      "embassy_rp::uart::{impl#6}::on_interrupt",
      "<embassy_rp::uart::Handler as typelevel::Handler>::on_interrupt",
    ],
    [
      "core::ptr::mut_ptr::<impl *mut T>::write_volatile",
      "core::ptr::mut_ptr::{impl#0}::write_volatile",
      "core::ptr::mut_ptr::<impl *mut T>::write_volatile",
    ],
    ["<&T as core::fmt::Display>::fmt", "core::fmt::{impl#82}::fmt", "<&T as core::fmt::Display>::fmt"],
    [
      "<fn() -> T as a::Call>::call::{{closure}}::{{closure}}",
      "a::{impl#1}::call::{closure#2}::{closure#1}",
      "<fn() -> T as a::Call>::call::{closure#2}::{closure#1}",
    ],
  ])("%s", (demangled, path, name) => {
    expect(implMethodName(demangled, path)).toBe(name);
  });
});
