import type { DebugProtocol } from "@vscode/debugprotocol";
import { describe, expect, it } from "vitest";
import { DapClient } from "#test/helpers/dap-client";

/** Requests of DAP by the capability that a client looks at before it sends them. */
const BY_CAPABILITY: Readonly<Record<string, readonly string[]>> = {
  supportsConfigurationDoneRequest: ["configurationDone"],
  supportsFunctionBreakpoints: ["setFunctionBreakpoints"],
  supportsEvaluateForHovers: ["evaluate"],
  supportsStepBack: ["stepBack", "reverseContinue"],
  supportsSetVariable: ["setVariable"],
  supportsRestartFrame: ["restartFrame"],
  supportsGotoTargetsRequest: ["gotoTargets", "goto"],
  supportsStepInTargetsRequest: ["stepInTargets"],
  supportsCompletionsRequest: ["completions"],
  supportsModulesRequest: ["modules"],
  supportsRestartRequest: ["restart"],
  supportsExceptionInfoRequest: ["exceptionInfo"],
  supportsLoadedSourcesRequest: ["loadedSources"],
  supportsTerminateThreadsRequest: ["terminateThreads"],
  supportsSetExpression: ["setExpression"],
  supportsTerminateRequest: ["terminate"],
  supportsDataBreakpoints: ["dataBreakpointInfo", "setDataBreakpoints"],
  supportsReadMemoryRequest: ["readMemory"],
  supportsWriteMemoryRequest: ["writeMemory"],
  supportsDisassembleRequest: ["disassemble"],
  supportsCancelRequest: ["cancel"],
  supportsBreakpointLocationsRequest: ["breakpointLocations"],
  supportsInstructionBreakpoints: ["setInstructionBreakpoints"],
};

/** Requests that every client may send. */
const ALWAYS = [
  "threads",
  "stackTrace",
  "scopes",
  "variables",
  "evaluate",
  "continue",
  "next",
  "stepIn",
  "stepOut",
  "pause",
  "setBreakpoints",
  "setExceptionBreakpoints",
  "source",
];

/** What is asked of everything: enough for some requests, and wrong for others. */
const ARGUMENTS = {
  threadId: 1,
  frameId: 1,
  variablesReference: 1,
  expression: "1",
  value: "1",
  name: "x",
  text: "x",
  column: 1,
  memoryReference: "0x20000000",
  data: "",
  count: 4,
  offset: 0,
  instructionOffset: 0,
  instructionCount: 1,
  source: {},
  sourceReference: 1,
  line: 1,
  breakpoints: [],
  filters: [],
};

async function launched(): Promise<{ client: DapClient; capabilities: DebugProtocol.Capabilities }> {
  const client = new DapClient();
  const { body } = (await client.request("initialize")) as DebugProtocol.InitializeResponse & {
    body: object;
  };
  await client.request("launch", { sample: "blink-release", stopOnEntry: true });
  await client.request("configurationDone");
  await client.event("stopped");
  return { client, capabilities: body };
}

describe("capabilities", () => {
  it("say of every request whether it is answered", async () => {
    const { client, capabilities } = await launched();
    const wrong: string[] = [];
    for (const [capability, commands] of Object.entries(BY_CAPABILITY)) {
      const isClaimed = (capabilities as Record<string, unknown>)[capability] === true;
      for (const command of commands) {
        // These two end what the others are asked of; they have tests of their own.
        if (command === "terminate" || command === "restart") continue;
        const { message }: DebugProtocol.Response = await client.request(command, ARGUMENTS);
        const isRefused = (message ?? "").startsWith('Pollscope cannot do "');
        const isAlways = ALWAYS.includes(command);
        if (isRefused === isClaimed && !isAlways) wrong.push(`${capability}: ${command} ${message ?? ""}`);
      }
    }
    expect(wrong).toEqual([]);
    await client.request("disconnect");
  });

  it("claim nothing that this test does not know", async () => {
    const { client, capabilities } = await launched();
    const others = new Set([
      // Arguments and fields of requests that are always there.
      "supportsConditionalBreakpoints",
      "supportsExceptionFilterOptions",
      "supportsHitConditionalBreakpoints",
      "supportsLogPoints",
      "supportsDataBreakpointBytes",
      "supportsSteppingGranularity",
      "supportsDelayedStackTraceLoading",
      "supportsClipboardContext",
      "supportTerminateDebuggee",
    ]);
    const claimed = Object.entries(capabilities).filter(([, value]) => value === true);
    expect(
      claimed.map(([name]) => name).filter((name) => !(name in BY_CAPABILITY) && !others.has(name)),
    ).toEqual([]);
    await client.request("disconnect");
  });

  it("leave no request without an answer, whatever its arguments", async () => {
    const { client } = await launched();
    const commands = [
      ...Object.values(BY_CAPABILITY).flat(),
      ...ALWAYS,
      "locations",
      "startDebugging",
      "made/up",
      "__proto__",
    ];
    for (const command of commands.filter(
      (each) => !/^(?:terminate|restart|continue|next|step)/.test(each),
    )) {
      for (const args of [undefined, null, 7, [], {}]) {
        const { success, message } = await client.request(command, args);
        if (!success) expect(message, command).toMatch(/\S/);
      }
    }
    await client.request("disconnect");
  });

  it("are all refused before there is a firmware, in a sentence", async () => {
    const client = new DapClient();
    for (const command of [
      "threads",
      "evaluate",
      "setBreakpoints",
      "continue",
      "pause",
      "restart",
      "pollscope/tasks",
    ]) {
      expect(await client.request(command, ARGUMENTS)).toMatchObject({
        success: false,
        message: "No firmware is loaded; send a launch or attach request first",
      });
    }
    await client.request("disconnect");
  });

  it("refuse clients that count from 0 or name files by URI", async () => {
    const client = new DapClient();
    expect(await client.request("initialize", { linesStartAt1: false })).toMatchObject({ success: false });
    expect(await client.request("initialize", { pathFormat: "uri" })).toMatchObject({ success: false });
    await client.request("disconnect");
  });
});
