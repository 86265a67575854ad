import { describe, expect, it } from "vitest";
import { answer } from "#adapter/trace/timeline/questions";
import { Timeline } from "#adapter/trace/timeline/timeline";
import { demoTrace, HOSTILE_NAME } from "#test/e2e/fixtures/traces";
import { expectGolden } from "#test/helpers/golden";
import { drawnTrace } from "#test/helpers/trace-text";
import type { FindingMark } from "#webview/messages";
import { drawOverview } from "#webview/timeline/overview-painter";
import { Paint } from "#webview/timeline/paint";
import { drawRuler } from "#webview/timeline/ruler-painter";
import { drawLanes } from "#webview/timeline/timeline-canvas";
import { TimeScale } from "#webview/timeline/time-scale";
import { DrawLog, NAMED_THEME } from "./draw-log";

import { lanesOf, WIDTH } from "./lanes-of";

/** What is drawn of a trace, line by line. */
function drawingOf(drawn: Parameters<typeof lanesOf>[0]): string[] {
  const lanes = lanesOf(drawn);
  const log = new DrawLog(WIDTH, lanes.layout.height);
  drawLanes(log, NAMED_THEME, new Paint(), lanes);
  return log.lines;
}

const DRAWING = `
  producer ##.....r##....r#
  consumer ..##.......##...
  irq      ......##......##
  sleep    .....#..........
`;

const FINDING: FindingMark = {
  kind: "long-poll",
  severity: "warning",
  title: "one poll ran for long",
  from: 0,
  to: 4e6,
  tasks: ["producer"],
  evidence: [],
  remedy: "",
  place: null,
  count: 1,
};

describe("the drawing of a timeline", () => {
  it("is that of the golden text: tracks, wakes, a finding, the place where the run stands", () => {
    const trace = drawnTrace(DRAWING, {
      awaiting: { producer: "Ticker::next", consumer: "Channel::receive" },
    });
    expectGolden(
      "timeline/drawing.txt",
      `${drawingOf({ trace, extra: { cursor: 15e6, findings: [FINDING] } }).join("\n")}\n`,
    );
  });

  it("shows each poll where it was, and as long as it was", () => {
    const lines = drawingOf({ trace: drawnTrace("a ..##......##....") });
    const polls = lines
      .filter((line) => line.startsWith("rect pending 1.00"))
      .map((line) => line.split(" ").at(-1)!);
    // Of the task and of the core.
    const places = polls.map((each) =>
      each
        .split(",")
        .slice(0, 3)
        .filter((_, i) => i !== 1),
    );
    const px = (ms: number) => String(Math.round((ms / 16) * WIDTH));
    expect(places).toEqual([
      [px(2), px(2)],
      [px(10), px(2)],
      [px(2), px(2)],
      [px(10), px(2)],
    ]);
  });

  it("writes what the firmware has named as text, and nothing else of it", () => {
    const lines = drawingOf({ trace: demoTrace() });
    const named = lines.filter((line) => line.includes(HOSTILE_NAME.slice(0, 6)));
    expect(named.every((line) => line.startsWith("text "))).toBe(true);
  });

  it("draws nothing outside of the lanes that are in view", () => {
    const lines = drawingOf({ trace: demoTrace(), span: { from: 5e8, to: 5.0001e8 } });
    for (const line of lines.filter((each) => each.startsWith("rect"))) {
      const [x, , width] = line.split(" ").at(-1)!.split(",").map(Number);
      expect(x! + width!).toBeGreaterThanOrEqual(-1);
      expect(x!).toBeLessThanOrEqual(WIDTH + 1);
    }
  });
});

describe("the ruler and the overview", () => {
  it("are those of the golden text", () => {
    const trace = drawnTrace(DRAWING);
    const timeline = new Timeline(trace);
    timeline.catchUp();
    const head = trace.endTime;
    const ruler = new DrawLog(WIDTH, 26);
    const findings = [{ time: 4e6, color: "warning" }];
    const anchor = drawRuler(ruler, NAMED_THEME, new TimeScale({ from: 0, to: head }, WIDTH), {
      cursor: 15e6,
      pointer: { time: 7e6, text: "0.007 000 000 s" },
      span: { from: 1e6, to: 6e6, text: "5.000 ms" },
      findings,
    });
    expect(anchor).toBe("");
    const strip = new DrawLog(64, 30);
    drawOverview(strip, NAMED_THEME, {
      shares: answer(timeline, "shares", { pieces: 16 }, head),
      head,
      view: { from: 2e6, to: 8e6 },
      cursor: 15e6,
      findings,
      found: null,
    });
    expectGolden("timeline/ruler-and-overview.txt", `${[...ruler.lines, "", ...strip.lines].join("\n")}\n`);
  });
});
