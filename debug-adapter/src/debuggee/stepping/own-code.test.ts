import { expect, it } from "vitest";
import { loadFirmware } from "../firmware";
import { programCode } from "./program-code";

it("enters what the user wrote, and neither libraries nor what macros and the compiler make around it", async () => {
  const firmware = await loadFirmware("samples/prebuilt/producer-consumer-dev.elf");
  const names = programCode(firmware).own.entries.map(({ scope }) => scope.function.path);
  expect(names).toContain("producer_consumer::Sensor::new");
  expect(names).toContain("producer_consumer::Sensor::measure");
  const foreign = names.filter((name) => /^(?:core|embassy_\w+|compiler_builtins)::/.test(name));
  expect(foreign).toEqual([]);
  const plumbing = names.filter((name) => /_task\b|__embassy_main|\{async_fn/.test(name));
  expect(plumbing).toEqual([]);
});

it("does not enter the function that only makes the future of an async fn", async () => {
  const firmware = await loadFirmware("samples/prebuilt/cancellation-bad-dev.elf");
  const { own } = programCode(firmware);
  const names = own.entries.map(({ scope }) => scope.function.path);
  const made = ["cancellation_bad::transfer", "cancellation::Bank::write_page"];
  for (const name of made) {
    expect(firmware.program.functions.all.some(({ path }) => path === name)).toBe(true);
    expect(names).not.toContain(name);
  }
  expect(names).toContain("cancellation::bank");
});
