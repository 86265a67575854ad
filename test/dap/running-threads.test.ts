import type { DebugProtocol } from "@vscode/debugprotocol";
import { expect, it } from "vitest";
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
