import { expect, it } from "vitest";
import { INITIAL_VIEW_STATE, parseViewState, type ViewState } from "./view-state";

it("gives back what was saved", () => {
  const state: ViewState = {
    sort: { key: "polls", isDescending: true },
    task: "blink_task",
    words: "wake",
    selected: 12,
    top: 3,
  };
  expect(parseViewState(JSON.parse(JSON.stringify(state)))).toEqual(state);
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
