import { copyFileSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DapClient } from "#test/helpers/dap-client";

const BEFORE = "samples/prebuilt/blink-dev.elf";
const AFTER = "test/firmware/samples-dev/deadlock-bad-dev.elf";

async function threadNames(client: DapClient): Promise<string[]> {
  const { body } = (await client.request("threads")) as DebugProtocol.ThreadsResponse;
  return body.threads.map(({ name }) => name.replace(/ · .*/, "")).sort();
}

function notes(client: DapClient): string[] {
  return client
    .takeEvents()
    .filter(({ event }) => event === "output")
    .map(({ body }) => (body as DebugProtocol.OutputEvent["body"]).output)
    .filter((output) => output.includes(".elf"));
}

describe("an ELF file that is built anew while it is debugged", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "pollscope-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is told of once, at the next stop, and loaded by a restart", async () => {
    const program = join(folder, "firmware.elf");
    copyFileSync(BEFORE, program);
    // As if it had been built long ago, so that no file system takes both for written at once.
    utimesSync(program, 1, 1);
    const client = new DapClient();
    await client.request("initialize", { adapterID: "pollscope" });
    expect(await client.request("launch", { program, stopOnEntry: true })).toMatchObject({ success: true });
    await client.request("setFunctionBreakpoints", { breakpoints: [{ name: "poll:blink_task" }] });
    await client.request("configurationDone");
    await client.event("stopped");
    expect(notes(client)).toEqual([]);

    copyFileSync(AFTER, program);
    await client.request("continue", { threadId: 1 });
    await client.event("stopped");
    expect(notes(client)).toEqual([
      `${program} has changed since it was loaded; this session goes on with what was loaded, restart it for the new one\n`,
    ]);
    expect(await threadNames(client)).toEqual(["blink_task", "core 0", "heartbeat_task", "main"]);
    await client.request("continue", { threadId: 1 });
    await client.event("stopped");
    expect(notes(client)).toEqual([]);

    expect(await client.request("restart")).toMatchObject({ success: true });
    await client.event("stopped");
    expect(notes(client)).toEqual([
      `${program} has been built anew since it was loaded; this is the new one\n`,
    ]);
    await client.request("continue", { threadId: 1 });
    await client.event("stopped");
    expect(await threadNames(client)).toEqual(
      expect.arrayContaining(["core 0", "blink_task", "upload_task"]),
    );
    await client.request("disconnect");
  });

  it("may be gone when the session is restarted: the old one is still there", async () => {
    const program = join(folder, "firmware.elf");
    copyFileSync(BEFORE, program);
    const client = new DapClient();
    await client.request("initialize", { adapterID: "pollscope" });
    await client.request("launch", { program, stopOnEntry: true });
    await client.request("configurationDone");
    await client.event("stopped");
    rmSync(program);
    const { success, message } = await client.request("restart");
    expect(success).toBe(false);
    expect(message).toContain(program);
    expect(message).not.toContain("fault of Pollscope");
    expect(await threadNames(client)).toEqual(["core 0", "main"]);
    await client.request("disconnect");
  });
});
