import { describe, expect, it } from "vitest";
import type { TaskIndex } from "../trace/event";
import { type ActivePoll, ActivePolls } from "./active-polls";

function poll(task: number, returnAddress: number, stackPointer: number): ActivePoll {
  return { task: task as TaskIndex, returnAddress, stackPointer, exceptionDepth: 0 };
}

describe("ActivePolls", () => {
  it("ends polls from the innermost out", () => {
    const polls = new ActivePolls();
    polls.begin(poll(1, 0x100, 0x2000));
    polls.begin(poll(2, 0x200, 0x1f00));
    expect(polls.innermost?.task).toBe(2);
    expect(polls.end(0x200, 0x1f00)?.task).toBe(2);
    expect(polls.end(0x100, 0x2000)?.task).toBe(1);
    expect(polls.innermost).toBeUndefined();
    expect(polls.end(0x100, 0x2000)).toBeUndefined();
  });

  it("knows a return by its stack pointer too: the same loop may run in two executors", () => {
    const polls = new ActivePolls();
    polls.begin(poll(1, 0x100, 0x2000));
    polls.begin(poll(2, 0x100, 0x1f00));
    expect(polls.end(0x100, 0x2000)).toBeUndefined();
    expect(polls.end(0x100, 0x1f00)?.task).toBe(2);
    expect(polls.end(0x100, 0x2000)?.task).toBe(1);
  });

  it("forgets polls whose frame a new poll has taken", () => {
    const polls = new ActivePolls();
    polls.begin(poll(1, 0x100, 0x2000));
    polls.begin(poll(2, 0x200, 0x1f00));
    polls.begin(poll(3, 0x100, 0x2000));
    expect(polls.end(0x100, 0x2000)?.task).toBe(3);
    expect(polls.innermost).toBeUndefined();
  });

  it("forgets everything when it is cleared", () => {
    const polls = new ActivePolls();
    polls.begin(poll(1, 0x100, 0x2000));
    polls.clear();
    expect(polls.end(0x100, 0x2000)).toBeUndefined();
  });
});
