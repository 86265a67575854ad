import { describe, expect, it } from "vitest";
import { demoTrace } from "#test/e2e/fixtures/traces";
import { pack, unpack } from "./packed";
import { answer } from "./questions";
import { Timeline } from "./timeline";

const timeline = new Timeline(demoTrace());
timeline.catchUp();
const head = timeline.trace.endTime;

describe("questions about a timeline", () => {
  it("are answered alike after a journey through JSON", () => {
    const tracks = answer(timeline, "tracks", {}, head);
    const answers = [
      tracks,
      answer(
        timeline,
        "window",
        { from: 0, to: head, resolution: 2 ** 20, tracks: tracks.map(({ track }) => track), mostFlows: 100 },
        head,
      ),
      answer(timeline, "shares", { pieces: 50 }, head),
      answer(timeline, "near", { track: 2, time: 5e8, tolerance: 1e6 }, head),
      answer(timeline, "span", { from: 0, to: head }, head),
      answer(timeline, "find", { words: "uart", row: 0, step: 1 }, head),
    ];
    for (const each of answers) {
      expect(each).not.toBeNull();
      expect(unpack(JSON.parse(JSON.stringify(pack(each))))).toEqual(each);
    }
  });

  it("know every track by a key of its own", () => {
    const keys = answer(timeline, "tracks", {}, head).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toContain("pin:GP25");
    expect(keys).toContain("uart:UART0 sends");
  });

  it("tell shares of the core that add up to what the whole trace has", () => {
    const { polling } = answer(timeline, "shares", { pieces: 64 }, head);
    const total = polling.reduce((sum, share) => sum + (share * head) / 64, 0);
    const row = answer(timeline, "span", { from: 0, to: head }, head).find(({ what }) => what === "polling")!;
    expect(total / row.total!).toBeCloseTo(1, 4);
  });

  it("are answered for what does not exist, too", () => {
    expect(answer(timeline, "near", { track: 99, time: 0, tolerance: 1 }, head)).toBeNull();
    expect(answer(timeline, "row", { row: 1e9 }, head)).toBeNull();
    expect(answer(timeline, "neighbour", { track: 99, segment: 0, step: 1 }, head)).toBeNull();
    const nothing = { from: 5, to: 5, resolution: 1, tracks: [99, -1], mostFlows: 0 };
    expect(answer(timeline, "window", nothing, head).items).toEqual([]);
  });
});
