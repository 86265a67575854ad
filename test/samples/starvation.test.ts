import { describe, expect, it } from "vitest";
import { runFirmware } from "#test/helpers/run-firmware";
import { buildsOf } from "#test/helpers/run-firmware-builds";
import {
  eventsOfTask,
  pollLengths,
  readStatic,
  suspensions,
  waits,
  wakeSources,
} from "#test/helpers/run-firmware-facts";
import { address } from "#adapter/base/brand";

const FLASH = address(0x1000_0000);
const CHECKED_BYTES = 128 * 1024;
const CHUNK_BYTES = 256;
const CHUNKS = CHECKED_BYTES / CHUNK_BYTES;

describe.each(buildsOf("starvation-hog"))("starvation-hog, $profile, $origin", ({ path }) => {
  const run = () => runFirmware(path, { for: "1s" });

  it("polls the check for tens of milliseconds, and the blinking task waits as long", async () => {
    const result = await run();
    const [longestPoll] = pollLengths(result, "check_task");
    const [longestWait] = waits(result, "blink_task");
    expect(longestPoll).toBeGreaterThan(50e6);
    expect(longestWait).toBeGreaterThan(25e6);
    expect(longestWait).toBeLessThan(longestPoll! + 0.1e6);
  });

  it("wakes the blinking task in the middle of a poll that it has to wait for", async () => {
    const { events } = await run();
    const rows = (kind: string) =>
      [...events.entries()].flatMap(([i, { event, task }]) =>
        event === kind && task === "check_task" ? [i] : [],
      );
    const ends = rows("poll-end");
    const interrupted = rows("poll-begin").flatMap((begin, i) =>
      ends[i]! > begin + 1 ? [{ inside: events.slice(begin + 1, ends[i]), next: events.slice(ends[i]) }] : [],
    );
    expect(interrupted.length).toBeGreaterThan(0);
    for (const { inside, next } of interrupted) {
      expect(inside.map(({ event }) => event)).toEqual(["irq-begin", "wake", "irq-end"]);
      expect(inside[1]).toMatchObject({ task: "blink_task", source: "irq TIMER_IRQ_0" });
      expect(next.find(({ event }) => event === "poll-begin")!.task).toBe("blink_task");
    }
  });

  it("is suspended at the markers", async () => {
    const result = await run();
    expect(new Set(suspensions(result, "check_task"))).toEqual(new Set(["check-pause"]));
    expect(new Set(suspensions(result, "blink_task"))).toEqual(new Set(["blink-tick"]));
  });
});

describe.each(buildsOf("starvation-polite"))("starvation-polite, $profile, $origin", ({ path }) => {
  const run = () => runFirmware(path, { for: "450ms" });

  it("polls the check once per piece, each woken by the task itself", async () => {
    const result = await run();
    expect(wakeSources(result)["check_task: self"]).toBe(CHUNKS);
    const places = suspensions(result, "check_task");
    expect(places.slice(0, CHUNKS + 1)).toEqual([
      ...Array.from({ length: CHUNKS }, () => "check-yield"),
      "check-pause",
    ]);
    expect(eventsOfTask(result, "check_task", "poll-begin").length).toBe(CHUNKS + 1);
  });

  it("lets the blinking task run after a piece at the latest", async () => {
    const result = await run();
    const [longestPiece] = pollLengths(result, "check_task");
    // While main sets up, whoever is spawned waits for it.
    const wakes = eventsOfTask(result, "blink_task", "wake").length;
    const afterWakes = waits(result, "blink_task").slice(0, wakes);
    expect(afterWakes[0]).toBeLessThan(longestPiece! + 0.4e6);
    expect(longestPiece).toBeLessThan(1e6);
  });

  it("computes the checksum of what is in flash", async () => {
    const result = await run();
    const flash = await result.debuggee.target.readMemory(FLASH, CHECKED_BYTES);
    expect(await readStatic(result, "starvation::CHECKSUM")).toBe(crc32(flash));
  });
});

/** CRC-32 as in zlib, of which Node 20.0 has none. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
