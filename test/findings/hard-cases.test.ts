import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { FindingsWatch } from "#adapter/debuggee/findings/findings-watch";
import { Register } from "#adapter/target/architecture";
import { launch } from "#test/helpers/run-firmware";
import { findingsOf, findingWords } from "./found";

const ELF_FOLDERS = [
  "samples/prebuilt",
  "test/firmware/samples-dev",
  ...["findings", "guards", "panics", "stepping", "suspended"].map(
    (name) => `test/firmware/${name}/prebuilt`,
  ),
];

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

it("says nothing of the time behind a hard fault, in the middle of the run as at its end", async () => {
  const debuggee = await launch("samples/prebuilt/starvation-polite-release.elf");
  const watch = new FindingsWatch(debuggee);
  debuggee.breakpoints.setFunctions([{ name: "poll:check_task" }]);
  const { cause } = await debuggee.runControl.continue({ until: nanoseconds(1e9) });
  expect(cause.kind).toBe("breakpoint");
  debuggee.breakpoints.setFunctions([]);
  // Where no code can be: the handler of hard faults is an endless loop, in the middle of a poll.
  await debuggee.target.writeRegister(Register.pc, 0x6000_0000);
  await debuggee.run(nanoseconds(2.5e9));
  await watch.look();
  expect(watch.findings()).toEqual([]);
  watch.finish();
  expect(watch.findings()).toEqual([]);
});

describe("a future that is polled after it has panicked", () => {
  it("cannot be in any firmware: rustc writes no code for it where a panic ends the program", () => {
    const elfs = ELF_FOLDERS.flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith(".elf"))
        .map((name) => readFileSync(`${folder}/${name}`)),
    );
    const having = (text: string) => elfs.filter((elf) => elf.includes(text)).length;
    expect(having("`async fn` resumed after panicking")).toBe(0);
    // The same of one that has returned is there: the text would be found.
    expect(having("`async fn` resumed after completion")).toBeGreaterThan(30);
  });
});
