import { describe, expect, it } from "vitest";
import { emptyWords, parseCycleState, shownThread } from "./cycle-choice";

const TASKS = [
  { threadId: 2, name: "blink_task" },
  { threadId: 3, name: "main" },
];
const STOP = { time: 0, threadId: 4, text: "" };

describe("shownThread", () => {
  it("is what is chosen in CALL STACK, or what has stopped", () => {
    expect(shownThread({ task: null }, { focus: 3, stop: STOP }, TASKS, null)).toBe(3);
    expect(shownThread({ task: null }, { focus: null, stop: STOP }, TASKS, null)).toBe(4);
    expect(shownThread({ task: null }, { focus: null, stop: null }, [], null)).toBe(1);
  });

  it("is what was selected in another panel, until there is a task to be kept to", () => {
    expect(shownThread({ task: null }, { focus: 3, stop: STOP }, TASKS, 2)).toBe(2);
    expect(shownThread({ task: "main" }, { focus: 2, stop: STOP }, TASKS, 2)).toBe(3);
    expect(shownThread({ task: "gone" }, { focus: 2, stop: STOP }, TASKS, null)).toBe(2);
  });
});

describe("emptyWords", () => {
  it("says that nothing has happened yet, and what to do", () => {
    expect(emptyWords({ task: null, steps: [] }, "stopped")).toBe(
      "Nothing has happened to any task yet. Continue, or step to the next poll.",
    );
    expect(emptyWords({ task: TASKS[0]!, steps: [] }, "running")).toBe(
      "Nothing has happened to blink_task yet: it has not been spawned.",
    );
    expect(emptyWords({ task: TASKS[0]!, steps: [1] }, "stopped")).toBeNull();
  });
});

describe("parseCycleState", () => {
  it("takes whatever was saved", () => {
    expect(parseCycleState({ task: "main" })).toEqual({ task: "main" });
    for (const saved of [undefined, null, 3, { task: 7 }])
      expect(parseCycleState(saved)).toEqual({ task: null });
  });
});
