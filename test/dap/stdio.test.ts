import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { DebugClient } from "@vscode/debugadapter-testsupport";
import { beforeAll, describe, expect, it } from "vitest";
import { buildBundle } from "#test/cli/pollscope";

const BUNDLE = "dist/debug-adapter.js";

/** A client on the streams of a process that somebody else has started. */
class StreamClient extends DebugClient {
  constructor({ stdin, stdout }: { readonly stdin: Writable; readonly stdout: Readable }) {
    super("node", "", "pollscope");
    this.connect(stdout, stdin);
  }
}

/** The bundles as users get them, over the streams that an editor uses. */
describe("the built debug adapter", () => {
  beforeAll(() => {
    buildBundle("debug-adapter");
    buildBundle("pollscope");
  });

  it.each([
    ["as VS Code starts it", [BUNDLE]],
    ["as `pollscope dap`", ["dist/pollscope.js", "dap"]],
  ])("debugs a sample from its start to its end, %s", async (_, args) => {
    const adapter = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    const client = new StreamClient(adapter);
    const { body } = await client.initializeRequest();
    expect(body?.supportsConfigurationDoneRequest).toBe(true);
    await Promise.all([
      client.waitForEvent("initialized"),
      client.launchRequest({ sample: "blink-release", stopOnEntry: true } as never),
    ]);
    const [stop] = await Promise.all([client.waitForEvent("stopped"), client.configurationDoneRequest()]);
    expect(stop).toMatchObject({ body: { reason: "entry" } });
    const { body: threads } = await client.threadsRequest();
    expect(threads.threads.map(({ name }) => name)).toEqual(["core 0 · polling main", "main · running"]);
    const exit = once(adapter, "exit");
    await client.disconnectRequest();
    expect((await exit)[0]).toBe(0);
  });

  it.each([
    ["closes the adapter's input", (adapter: ChildProcess) => adapter.stdin!.end()],
    [
      "is killed, and reads no more",
      (adapter: ChildProcess) => {
        adapter.stdout!.destroy();
        adapter.stdin!.destroy();
      },
    ],
    ["ends the adapter", (adapter: ChildProcess) => adapter.kill("SIGTERM")],
    ["kills the adapter", (adapter: ChildProcess) => adapter.kill("SIGKILL")],
  ])("leaves no process when the editor %s while firmware runs", async (_, end) => {
    for (const args of [[BUNDLE], ["dist/pollscope.js", "dap"]]) {
      const adapter = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
      const client = new StreamClient(adapter);
      await client.initializeRequest();
      await Promise.all([
        client.waitForEvent("initialized"),
        client.launchRequest({ sample: "blink-release" } as never),
      ]);
      await client.configurationDoneRequest();
      expect((await client.threadsRequest()).success).toBe(true);
      const exit = once(adapter, "exit");
      end(adapter);
      await exit;
      expect(() => process.kill(adapter.pid!, 0)).toThrow("ESRCH");
    }
  });

  it("ends when the editor goes away without a word", async () => {
    const adapter = spawn(process.execPath, [BUNDLE], { stdio: ["pipe", "ignore", "inherit"] });
    const exit = once(adapter, "exit");
    adapter.stdin.end();
    expect((await exit)[0]).toBe(0);
  });
});
