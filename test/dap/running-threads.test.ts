import { setImmediate as nextTurn } from "node:timers/promises";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { expect, it } from "vitest";
import type { AwaitTreeBody } from "#adapter/protocol/await-tree";
import type { ExecutorBody } from "#adapter/protocol/executor";
import { DapClient } from "#test/helpers/dap-client";

it("says what threads are doing only while they stand still, and lets the client ask again when they run", async () => {
  const client = new DapClient();
  const names = async () =>
    ((await client.request("threads")).body as DebugProtocol.ThreadsResponse["body"]).threads.map(
      ({ name }) => name,
    );
  await client.request("initialize", { adapterID: "pollscope" });
  await client.request("launch", { sample: "blink-dev", stopOnEntry: true });
  await client.request("setFunctionBreakpoints", { breakpoints: [{ name: "poll:blink_task" }] });
  await client.request("configurationDone");
  await client.event("stopped");
  await client.request("continue", { threadId: 1 });
  await client.event("stopped");
  expect(await names()).toEqual(expect.arrayContaining(["blink_task · running", "main · ended"]));
  await client.request("setFunctionBreakpoints", { breakpoints: [] });
  client.takeEvents();

  await client.request("continue", { threadId: 1 });
  expect((await client.event("thread")).body).toEqual({ reason: "started", threadId: 1 });
  expect((await names()).sort()).toEqual(["blink_task", "core 0", "heartbeat_task", "main"]);
  await client.request("disconnect");
});

it("shows await trees and executors of the instant at which it is asked, while they run", async () => {
  const client = new DapClient();
  await client.request("initialize", { adapterID: "pollscope" });
  await client.request("launch", { sample: "blink-dev", stopOnEntry: true });
  await client.request("configurationDone");
  await client.event("stopped");
  await client.request("continue", { threadId: 1 });
  const times: number[] = [];
  while (times.length < 3) {
    // Streams in memory leave the machine no turn of their own accord.
    await nextTurn();
    const tree = (await client.request("pollscope/awaitTree", { reasons: true })).body as AwaitTreeBody;
    const executor = (await client.request("pollscope/executor")).body as ExecutorBody;
    if (tree.tasks.length < 3 || tree.time === times.at(-1)) continue;
    times.push(tree.time);
    expect(executor.time).toBeGreaterThanOrEqual(tree.time);
    expect(executor.whole?.duration).toBe(Math.round(executor.time));
    for (const { state, future, why } of tree.tasks) {
      expect(future === null).toBe(state === "running" || state === "ended");
      expect(why).toBeNull();
    }
  }
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect((await client.request("pollscope/tasks")).message).toBe("notStopped");
  await client.request("disconnect");
});
