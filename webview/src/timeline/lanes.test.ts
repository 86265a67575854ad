import { describe, expect, it } from "vitest";
import type { TrackInfo } from "#adapter/trace/timeline/questions";
import { laneAt, type LaneChoice, lanesInView, layOut, moveTrack, togglePin } from "./lanes";

const NONE: LaneChoice = { pinned: [], order: [] };

function info(track: number, kind: TrackInfo["kind"], name: string): TrackInfo {
  return { track, kind, key: `${kind}:${name}`, name, place: null };
}

const TRACKS = [
  info(0, "core", "core"),
  info(1, "task", "zeta"),
  info(2, "pin", "GP25"),
  info(3, "task", "alpha"),
  info(4, "pin", "GP3"),
  info(5, "interrupt", "TIMER_IRQ_0"),
];

const names = (choice: LaneChoice) => layOut(TRACKS, choice).lanes.map(({ info: { name } }) => name);

describe("the lanes", () => {
  it("stand in groups: tasks in the order of the trace, pins by number", () => {
    expect(names(NONE)).toEqual(["zeta", "alpha", "core", "TIMER_IRQ_0", "GP3", "GP25"]);
    expect(layOut(TRACKS, NONE).heads.map(({ name }) => name)).toEqual([
      "Tasks",
      "Core",
      "Interrupts",
      "Pins",
    ]);
  });

  it("fill the height without gaps, and are found at every point of it", () => {
    const layout = layOut(TRACKS, NONE);
    const parts = [...layout.lanes, ...layout.heads].sort((a, b) => a.top - b.top);
    let top = 0;
    for (const part of parts) {
      expect(part.top).toBe(top);
      top += part.height;
    }
    expect(top).toBe(layout.height);
    for (const lane of layout.lanes) {
      expect(laneAt(layout, lane.top)).toBe(lane);
      expect(laneAt(layout, lane.top + lane.height - 0.5)).toBe(lane);
    }
    expect(laneAt(layout, 3)).toBeUndefined();
    expect(laneAt(layout, layout.height)).toBeUndefined();
    const [first, second] = layout.lanes;
    expect(lanesInView(layout, first!.top + first!.height - 1, 2)).toEqual([first, second]);
  });

  it("are pinned to the top, and let go", () => {
    const pinned = togglePin(togglePin(NONE, "pin:GP25"), "task:alpha");
    expect(names(pinned)).toEqual(["GP25", "alpha", "zeta", "core", "TIMER_IRQ_0", "GP3"]);
    expect(names(moveTrack(TRACKS, pinned, { key: "task:alpha", by: -1 })).slice(0, 2)).toEqual([
      "alpha",
      "GP25",
    ]);
    expect(togglePin(togglePin(pinned, "pin:GP25"), "task:alpha")).toEqual(NONE);
  });

  it("are moved within their group, and no further", () => {
    const moved = moveTrack(TRACKS, NONE, { key: "task:alpha", by: -1 });
    expect(names(moved).slice(0, 2)).toEqual(["alpha", "zeta"]);
    expect(moveTrack(TRACKS, moved, { key: "task:alpha", by: -1 })).toBe(moved);
    expect(moveTrack(TRACKS, NONE, { key: "core:core", by: 1 })).toBe(NONE);
    expect(moveTrack(TRACKS, NONE, { key: "no such track", by: 1 })).toBe(NONE);
    expect(names(moveTrack(TRACKS, moved, { key: "pin:GP3", by: 1 }))).toEqual([
      "alpha",
      "zeta",
      "core",
      "TIMER_IRQ_0",
      "GP25",
      "GP3",
    ]);
  });
});
