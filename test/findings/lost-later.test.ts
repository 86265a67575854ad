import { expect, it } from "vitest";
import { address, nanoseconds } from "#adapter/base/brand";
import { FindingsWatch } from "#adapter/debuggee/findings/findings-watch";
import { searchWakers } from "#adapter/debuggee/why-not-running/search-wakers";
import { launch } from "#test/helpers/run-firmware";
import { findingWords } from "./found";

const FIRMWARE = "samples/prebuilt/uart-echo-release.elf";

/** Waits of seconds at one await, with the waker in the same static each time. */
const TYPED = ["a\n@1s", "b\n@4s", "c\n@7s", "d\n@14s"];

/** In the last of those waits: its waker is where it was when memory was searched in the first ones. */
const IN_THE_LAST_WAIT = nanoseconds(10e9);
const END = nanoseconds(17e9);

/** Runs to the end; in the last wait the waker may be taken out of memory, as a bug in a driver would do it. */
async function run({ isTaken }: { readonly isTaken: boolean }): Promise<string[]> {
  const debuggee = await launch(FIRMWARE, { types: TYPED });
  const watch = new FindingsWatch(debuggee);
  await debuggee.run(IN_THE_LAST_WAIT);
  const { tasks } = await searchWakers(debuggee);
  const holders = tasks.flatMap(({ search }) => search.holders);
  expect(holders.map(({ kind, certainty }) => ({ kind, certainty }))).toEqual([
    { kind: "static", certainty: "waker" },
  ]);
  if (isTaken) {
    // A waker is a pointer to its functions, of which there is none at 0, and one to the task.
    await debuggee.target.writeMemory(address(holders[0]!.address! - 4), new Uint8Array(8));
  }
  await debuggee.run(END);
  watch.finish();
  expect(watch.problems).toEqual([]);
  debuggee.dispose();
  return watch.findings().map(findingWords);
}

it("finds a wake that is lost where many before it were not", async () => {
  expect(await run({ isTaken: true })).toEqual(["lost-wake at read-byte"]);
  expect(await run({ isTaken: false })).toEqual([]);
});
