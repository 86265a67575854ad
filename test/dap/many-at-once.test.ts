import { readFileSync } from "node:fs";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { describe, expect, it } from "vitest";
import { DapClient } from "#test/helpers/dap-client";

async function launched(sample: string): Promise<DapClient> {
  const client = new DapClient();
  await client.request("initialize", { adapterID: "pollscope" });
  expect(await client.request("launch", { sample, stopOnEntry: true })).toMatchObject({ success: true });
  await client.request("configurationDone");
  await client.event("stopped");
  return client;
}

/** Everything a client is told on the way through some polls, the virtual times included. */
async function account(client: DapClient, stops: number): Promise<string[]> {
  const lines: string[] = [];
  for (let stop = 0; stop < stops; stop++) {
    await client.request("pollscope/nextPoll", { threadId: 1 });
    const { body } = (await client.event("stopped")) as DebugProtocol.StoppedEvent;
    const { threadId } = body;
    const { body: stack } = (await client.request("stackTrace", {
      threadId,
    })) as DebugProtocol.StackTraceResponse;
    const tasks = await client.request("pollscope/tasks");
    expect(tasks).toMatchObject({ success: true });
    lines.push(JSON.stringify([body.text, stack.stackFrames, tasks.body]));
  }
  return lines;
}

describe("two sessions in one process", () => {
  it("run at the same time, and each tells what it tells alone", async () => {
    const samples = ["blink-dev", "deadlock-bad"];
    const alone: string[][] = [];
    for (const sample of samples) {
      const client = await launched(sample);
      alone.push(await account(client, 12));
      await client.request("disconnect");
    }
    const clients = await Promise.all(samples.map(launched));
    const together = await Promise.all(clients.map((client) => account(client, 12)));
    expect(together).toEqual(alone);
    // The end of one is not the end of the other.
    await clients[0]!.request("disconnect");
    expect(await account(clients[1]!, 1)).toHaveLength(1);
    expect(await clients[0]!.request("threads")).toMatchObject({ success: false });
    await clients[1]!.request("disconnect");
  });
});

describe("a hundred breakpoints", () => {
  it("are set at once, stop where they are, and are gone when they are no longer asked for", async () => {
    const client = await launched("blink-dev");
    const path = `${process.cwd()}/samples/blink/src/main.rs`;
    const lineCount = readFileSync(path, "utf8").split("\n").length;
    const located = await client.request("breakpointLocations", {
      source: { path },
      line: 1,
      endLine: lineCount,
    });
    const { body: locations } = located as DebugProtocol.BreakpointLocationsResponse;
    const lines = locations.breakpoints.map(({ line }) => line);
    expect(lines.length).toBeGreaterThan(10);
    const wanted = Array.from({ length: 100 }, (_, i) => ({ line: lines[i % lines.length]! }));
    const set = async (breakpoints: readonly { line: number }[]) =>
      (
        (await client.request("setBreakpoints", {
          source: { path },
          breakpoints,
        })) as DebugProtocol.SetBreakpointsResponse
      ).body.breakpoints;
    const answers = await set(wanted);
    expect(answers.map(({ verified, line }) => ({ verified, line }))).toEqual(
      wanted.map(({ line }) => ({ verified: true, line })),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(100);
    expect(await set(wanted)).toEqual(answers);

    await client.request("continue", { threadId: 1 });
    const { body: stop } = (await client.event("stopped")) as DebugProtocol.StoppedEvent;
    expect(stop.reason).toBe("breakpoint");
    const hit = answers.filter(({ id }) => stop.hitBreakpointIds!.includes(id!));
    expect(new Set(hit.map(({ line }) => line)).size).toBe(1);
    expect(hit).toHaveLength(answers.filter(({ line }) => line === hit[0]!.line).length);
    const threadId = stop.threadId!;
    const { body: stack } = (await client.request("stackTrace", {
      threadId,
    })) as DebugProtocol.StackTraceResponse;
    expect(stack.stackFrames.find(({ source }) => source?.path === path)?.line).toBe(hit[0]!.line);

    expect(await set([])).toEqual([]);
    await client.request("continue", { threadId: 1 });
    await client.request("pause", { threadId: 1 });
    expect(((await client.event("stopped")) as DebugProtocol.StoppedEvent).body.reason).toBe("pause");
    await client.request("disconnect");
  });
});
