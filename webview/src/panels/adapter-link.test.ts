import { describe, expect, it } from "vitest";
import { AdapterLink } from "./adapter-link";
import type { FromPanel } from "./messages";

function connected() {
  const posted: FromPanel[] = [];
  const link = new AdapterLink((message) => posted.push(message));
  link.follow(1);
  return { posted, link };
}

describe("questions to the adapter", () => {
  it("get the answer with their number, in whatever order answers come", async () => {
    const { posted, link } = connected();
    const tasks = link.ask("pollscope/tasks", undefined);
    const why = link.ask("pollscope/why", { threadId: 2 });
    expect(posted).toEqual([
      { kind: "ask", run: 1, id: 1, command: "pollscope/tasks", args: undefined },
      { kind: "ask", run: 1, id: 2, command: "pollscope/why", args: { threadId: 2 } },
    ]);
    link.replied(2, { verdict: "timer due in 1 ms", steps: [] });
    link.replied(1, { time: 5, tasks: [] });
    await expect(tasks).resolves.toEqual({ time: 5, tasks: [] });
    await expect(why).resolves.toMatchObject({ verdict: "timer due in 1 ms" });
  });

  it("are refused with the adapter's sentence", async () => {
    const { link } = connected();
    const tasks = link.ask("pollscope/tasks", undefined);
    link.refused(1, "The firmware runs.");
    await expect(tasks).rejects.toMatchObject({ name: "Refusal", sentence: "The firmware runs." });
  });

  it("of an earlier session are refused when another is followed, and answers for them come to nothing", async () => {
    const { link } = connected();
    const tasks = link.ask("pollscope/tasks", undefined);
    link.follow(2);
    link.replied(1, { time: 5, tasks: [] });
    await expect(tasks).rejects.toMatchObject({ sentence: "The session has ended." });
  });
});
