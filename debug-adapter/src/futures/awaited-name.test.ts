import { describe, expect, it } from "vitest";
import { awaitedName } from "./awaited-name";

describe("awaitedName", () => {
  it.each([
    ["embassy_time::timer::Timer", "Timer"],
    ["u32", "u32"],
    [
      "embassy_futures::select::Select<embassy_time::timer::Timer, core::future::ready::Ready<u8>>",
      "Select<Timer, Ready<u8>>",
    ],
    [
      "core::future::poll_fn::PollFn<embassy_sync::mutex::{impl#3}::lock::{closure_env#0}<embassy_sync::blocking_mutex::raw::ThreadModeRawMutex, u32>>",
      "mutex::lock",
    ],
    ["embassy_rp::gpio::{impl#7}::wait_for_low::{async_fn_env#0}", "gpio::wait_for_low"],
    ["core::pin::Pin<&mut embassy_time::timer::Timer>", "Pin<&mut Timer>"],
    ["a::b::f::{async_fn#0}::{async_block_env#1}<u32>", "b::f"],
    ["(u32, a::B)", "(u32, a::B)"],
    ["a::Join<b::C, b::D, e::F, g::Looooooooooooooooooooooooooooooooooooooooooooooooooooong>", "Join<…>"],
  ])("shortens %s to %s", (typeName, expected) => expect(awaitedName(typeName)).toBe(expected));

  it.each(["<", "a<", "a<b", "a::<>", ">>", "::", "", "a<b>>c", "{async_fn_env#0}"])(
    "ends on %j",
    (typeName) => expect(typeof awaitedName(typeName)).toBe("string"),
  );
});
