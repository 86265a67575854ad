import type { DebugProtocol } from "@vscode/debugprotocol";
import { describe, expect, it } from "vitest";
import { DapClient } from "#test/helpers/dap-client";
import { firmwareFiles } from "#test/helpers/firmware";

function firmware(name: string): string {
  return firmwareFiles().find((path) => path.endsWith(`/${name}.elf`))!;
}

async function launched(args: object): Promise<DapClient> {
  const client = new DapClient();
  await client.request("initialize", { adapterID: "pollscope" });
  const response = await client.request("launch", args);
  expect(response).toMatchObject({ success: true });
  await client.event("initialized");
  await client.request("configurationDone");
  return client;
}

async function threadNames(client: DapClient): Promise<string[]> {
  const { body } = (await client.request("threads")) as DebugProtocol.ThreadsResponse;
  return body.threads.map(({ name }) => name);
}

describe("debug session", () => {
  it("stops at the entry if asked, with the core in the reset handler", async () => {
    const client = await launched({ program: firmware("blink-release"), stopOnEntry: true });
    expect((await client.event("stopped")).body).toMatchObject({ reason: "entry", threadId: 1 });
    const { body } = (await client.request("stackTrace", {
      threadId: 1,
    })) as DebugProtocol.StackTraceResponse;
    expect(body.stackFrames.map(({ name }) => name)).toEqual(["Reset"]);
    expect(await threadNames(client)).toEqual(["core 0"]);
    await client.request("disconnect");
  });

  it("runs until a firmware sleeps for good, and shows each task with its await chain", async () => {
    const client = await launched({ program: firmware("uart-echo-release") });
    expect((await client.event("stopped")).body).toMatchObject({
      reason: "pause",
      description: "Asleep for good: no timer is set, and no input is to come",
    });
    const names = await threadNames(client);
    expect(names[1]).toMatch(/^main · ended for /);
    expect(names[2]).toMatch(/^echo_task · suspended for .*, main\.rs:\d+$/);
    const { body } = (await client.request("stackTrace", {
      threadId: 3,
    })) as DebugProtocol.StackTraceResponse;
    expect(body.stackFrames.map(({ name }) => name).slice(-2)).toEqual([
      "uart_echo::read_line",
      "uart_echo::echo_task",
    ]);
    await client.request("disconnect");
  });

  it("shows what the firmware sends on its UART", async () => {
    const client = await launched({ program: firmware("uart-echo-release") });
    let text = "";
    while (!text.endsWith("\n")) {
      const { body } = (await client.event("output")) as DebugProtocol.OutputEvent;
      text += body.output;
    }
    expect(text).toBe("Ready. Type a line.\r\n");
    await client.request("disconnect");
  });

  it("shows the core's whole stack, down to where the program begins", async () => {
    const client = await launched({ program: firmware("uart-echo-release") });
    await client.event("stopped");
    const { body } = (await client.request("stackTrace", {
      threadId: 1,
    })) as DebugProtocol.StackTraceResponse;
    const names = body.stackFrames.map(({ name }) => name);
    expect(names[0]).toContain("Executor::run");
    expect(names.at(-1)).toBe("Reset");
    await client.request("disconnect");
  });

  it("pauses a running firmware and lets it go on", async () => {
    const client = await launched({ program: firmware("blink-release") });
    await client.request("pause", { threadId: 1 });
    expect((await client.event("stopped")).body).toMatchObject({ reason: "pause", allThreadsStopped: true });
    await client.request("continue", { threadId: 1 });
    await client.request("pause", { threadId: 1 });
    await client.event("stopped");
    await client.request("disconnect");
  });

  it.each([
    [{}, 'The launch configuration names no firmware; set "program" to the path of an ELF file'],
    [{ program: "nowhere.elf" }, "There is no file nowhere.elf; build the project first, or check the path"],
    [
      { program: "x.elf", parts: "led" },
      '"parts" of the launch configuration is no list of texts; write "parts": ["..."]',
    ],
  ])("refuses to launch %j in a sentence", async (args, sentence) => {
    const client = new DapClient();
    const response = (await client.request("launch", args)) as DebugProtocol.ErrorResponse;
    expect(response.success).toBe(false);
    expect(response.body.error).toMatchObject({ format: sentence, showUser: true });
  });

  it("refuses what it cannot do by name, and answers everything", async () => {
    const client = new DapClient();
    expect(await client.request("stepBack")).toMatchObject({
      success: false,
      message: 'Pollscope cannot do "stepBack" in a debug session yet.',
    });
    expect(await client.request("threads")).toMatchObject({ success: false });
    const breakpoints = await client.request("setBreakpoints", { breakpoints: [{ line: 3 }] });
    expect(breakpoints.body).toEqual({
      breakpoints: [{ verified: false, message: "Pollscope does not stop at source lines yet" }],
    });
  });
});
