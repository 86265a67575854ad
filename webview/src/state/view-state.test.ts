import { expect, it } from "vitest";
import { INITIAL_VIEW_STATE, parseViewState, type ViewState } from "./view-state";

it("gives back what was saved", () => {
  const state: ViewState = {
    sort: { key: "polls", isDescending: true },
    task: "blink_task",
    words: "wake",
    selected: 12,
    top: 3,
    timeline: {
      view: { from: 5, to: 1e9 },
      marked: { from: 6, to: 7.5 },
      track: "task:blink_task",
      row: 7,
      panel: "span",
      share: 0.5,
      pinned: ["pin:GP25"],
      order: ["task:b", "task:a"],
    },
  };
  expect(parseViewState(JSON.parse(JSON.stringify(state)))).toEqual(state);
});

it("drops what is no span, no row and no list of texts", () => {
  const timeline = {
    view: { from: 2, to: 1 },
    marked: { from: "a" },
    row: -1,
    share: 7,
    pinned: [1, "x"],
    order: "x",
  };
  const { view, marked, row, share, pinned, order } = parseViewState({ timeline }).timeline;
  expect({ view, marked, row, share, pinned, order }).toEqual({
    view: null,
    marked: null,
    row: null,
    share: INITIAL_VIEW_STATE.timeline.share,
    pinned: ["x"],
    order: [],
  });
});

it.each([undefined, null, 3, "x", {}, { sort: 1, task: 2, words: 3, selected: -1, top: 0.5 }])(
  "starts afresh where %j was saved",
  (saved) => {
    expect(parseViewState(saved)).toEqual(INITIAL_VIEW_STATE);
  },
);

it("drops a column that no longer exists and keeps the rest", () => {
  const saved = { ...INITIAL_VIEW_STATE, sort: { key: "age", isDescending: true }, words: "irq" };
  expect(parseViewState(saved)).toEqual({ ...INITIAL_VIEW_STATE, words: "irq" });
});
