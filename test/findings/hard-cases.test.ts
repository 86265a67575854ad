import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { findingsOf, findingWords } from "./found";

describe.each(["dev", "release"])("firmware made for suspended tasks, %s", (profile) => {
  it("has one guard across an await that is held for sure, among guards dropped, passed on and optional", async () => {
    const path = `test/firmware/suspended/prebuilt/suspended-sync-${profile}.elf`;
    const found = await findingsOf(path, { for: "250ms", thresholds: { busy: nanoseconds(50e6) } });
    expect(found.map(findingWords)).toEqual([
      "guard-across-await at borrow",
      // A OnceLock of embassy-sync is waited for by asking again and again.
      "busy-self-wake at once",
      // Others wait for these locks, whose holders are asleep.
      "guard-across-await at holder",
      "guard-across-await at writer-holds",
      "guard-across-await at reader-holds",
    ]);
    expect(found.map(({ severity }) => severity)).toEqual(["error", "warning", "note", "note", "note"]);
    expect(found[0]!.evidence[0]).toContain("(in suspended_sync::HELD_CELL)");
  });

  it("has nothing wrong with its combinators", async () => {
    const path = `test/firmware/suspended/prebuilt/suspended-combinators-${profile}.elf`;
    expect((await findingsOf(path, { for: "2.5s" })).map(findingWords)).toEqual([]);
  });
});

it.each(["dev", "release"])("names the call that blocks in a long poll, %s", async (profile) => {
  const path = `test/firmware/suspended/prebuilt/suspended-peripherals-${profile}.elf`;
  const [finding, ...more] = await findingsOf(path, { for: "4.5s" });
  expect(more).toEqual([]);
  expect(finding!.kind).toBe("long-poll");
  // Behind its DMA transfer, embassy-rp waits in a loop for the last bytes to leave.
  expect(finding!.evidence.slice(1)).toEqual([
    "50 of 50 looks into that time found the core at peripherals.rs:88, in suspended_peripherals::spi_task, which calls embassy_rp::spi::Spi::write",
  ]);
});

it("says nothing of two executors, one of which breaks into polls of the other", async () => {
  const path = "test/firmware/prebuilt/two-executors-dev.elf";
  expect((await findingsOf(path, { for: "1.5s" })).map(findingWords)).toEqual([]);
});

it("says nothing of a hundred tasks that share the core", async () => {
  const path = "test/firmware/hundred-tasks/prebuilt/hundred-tasks-release.elf";
  expect((await findingsOf(path, { for: "2s" })).map(findingWords)).toEqual([]);
});

it("obeys thresholds", async () => {
  const path = "samples/prebuilt/starvation-hog-release.elf";
  const thresholds = { starvation: nanoseconds(1e9), longPoll: nanoseconds(1e9) };
  expect(await findingsOf(path, { for: "1s", thresholds })).toEqual([]);
  const low = { starvation: nanoseconds(1e9), longPoll: nanoseconds(20e6) };
  expect((await findingsOf(path, { for: "1s", thresholds: low })).map(findingWords)).toEqual([
    "long-poll at check-pause",
  ]);
  const small = { futureBytes: 100 };
  const [size] = await findingsOf("samples/prebuilt/uart-echo-release.elf", {
    for: "200ms",
    thresholds: small,
  });
  expect(size!.kind).toBe("oversized-future");
});
