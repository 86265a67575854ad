import { describe, expect, it } from "vitest";
import { treesAt } from "#test/futures/trees-at";
import { expectGolden } from "#test/helpers/golden";

// Firmware in which every task is suspended in a way of its own (test/firmware/suspended). What is shown of each was
// compared with its source by eye, line by line.

/** In both profiles all tasks have come to rest, and the slow transfers are under way. */
const INSTANT = "250ms";

/** Polled again and again, so that at an instant it is anything: `OnceLock::get` wakes its own task. */
const NEVER_AT_REST = "once_task";

const FIRMWARE = ["suspended-combinators", "suspended-sync", "suspended-peripherals"];

async function tasksOf(name: string): Promise<string> {
  const text = await treesAt(name, { for: INSTANT });
  const tasks = text.split("\n\n").map((each) => each.trim());
  const atRest = tasks.filter((each) => !each.startsWith(NEVER_AT_REST));
  return `${atRest.sort().join("\n\n")}\n`;
}

describe.each(FIRMWARE)("the tasks of %s", (name) => {
  it("await what their source says", async () => {
    expectGolden(`futures/${name}-release-${INSTANT}.txt`, await tasksOf(`${name}-release`));
  });

  it("await the same in a dev build, with the same values", async () => {
    const [dev, release] = [await tasksOf(`${name}-dev`), await tasksOf(`${name}-release`)];
    expect(timeless(dev)).toBe(timeless(release));
    expect(dev).toContain("suspended for");
  });
});

/** Without what depends on how fast the code is. */
function timeless(text: string): string {
  return text
    .replaceAll(/\b\d+(?:\.\d+)? (?:ns|us|ms|s)\b/g, "TIME")
    .replaceAll(/Instant\([\d.]+ ?\w+\)/g, "Instant(TIME)")
    .replaceAll(/\b\d+ of (\d+ transfers)/g, "some of $1");
}
