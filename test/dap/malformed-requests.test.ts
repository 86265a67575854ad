import type { DebugProtocol } from "@vscode/debugprotocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Shape, shapeOf } from "#adapter/session/argument-shapes";
import { MOVEMENTS, QUESTIONS } from "#adapter/session/requests";
import { DapClient } from "#test/helpers/dap-client";
import "#test/helpers/fixed-seed";

const INTERNAL_FAULT = /fault of Pollscope/;

/** Requests that end the session have tests of their own. */
const COMMANDS = [
  ...Object.keys(QUESTIONS),
  ...Object.keys(MOVEMENTS),
  "initialize",
  "launch",
  "configurationDone",
  "continue",
  "pause",
  "restart",
  "cancel",
  "attach",
  "made/up",
];

/** Names that mean something in the arguments of one request or another. */
const MEMBERS =
  "threadId frameId variablesReference expression context value name text column line endLine memoryReference offset count start filter data instructionOffset instructionCount source sourceReference lines breakpoints filters dataId instructionReference accessType condition hitCondition logMessage path requestId granularity startFrame levels bytes asAddress";

const TEXTS = fc.constantFrom(
  ...[
    "1",
    "x",
    "BEATS",
    "BEATS = 1",
    "self.",
    "0x20000000",
    "0x20000000+4",
    "0x20000000+4294967296",
    "0xffffffff",
  ],
  ...[
    "poll:blink_task",
    "panic",
    "repl",
    "instruction",
    "indexed",
    "named",
    "clipboard",
    "write",
    "main",
    "{x}",
    ">= 5",
  ],
  ...["AAAA", "[4294967295]", "(raw)", `${process.cwd()}/samples/blink/src/main.rs`],
);

const NUMBERS = fc.constantFrom(
  1,
  2,
  3,
  4,
  5,
  8,
  0,
  -1,
  1e9,
  2 ** 53 - 1,
  -(2 ** 53) + 1,
  2 ** 31,
  2 ** 32,
  2 ** 32 - 1,
);

const PROPER = fc.oneof(TEXTS, NUMBERS);

const { any: anything } = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    PROPER,
    fc.jsonValue({ maxDepth: 2 }),
    fc.array(tie("members"), { maxLength: 2 }),
    tie("members"),
  ),
  members: fc.dictionary(fc.constantFrom(...MEMBERS.split(" ")), tie("any"), { maxKeys: 12 }),
}));

/** Arguments of the right shape, with values that make no sense. */
function shaped(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case "text":
      return fc.oneof(TEXTS, fc.string());
    case "flag":
      return fc.boolean();
    case "number":
      return fc.oneof(NUMBERS, fc.maxSafeInteger()).map((number) => Math.max(number, shape.least));
    case "list":
      return fc.array(shaped(shape.of), { maxLength: 3 });
    case "object": {
      const members = Object.entries({ ...shape.required, ...shape.optional });
      const arbitraries = Object.fromEntries(members.map(([name, each]) => [name, shaped(each)]));
      return fc.record(arbitraries, { requiredKeys: Object.keys(shape.required) });
    }
  }
}

function argumentsOf(command: string): fc.Arbitrary<unknown> {
  const shape = shapeOf(command);
  return shape === undefined ? anything : fc.oneof({ arbitrary: shaped(shape), weight: 3 }, anything);
}

async function stoppedSession(): Promise<DapClient> {
  const client = new DapClient();
  await client.request("initialize", { adapterID: "pollscope" });
  await client.request("launch", { sample: "blink-dev", stopOnEntry: true });
  await client.request("configurationDone");
  await client.event("stopped");
  return client;
}

/** Stops the firmware, and has the client ask for what it would show, so that there are frames and variables. */
async function stand(client: DapClient): Promise<void> {
  await client.request("pause");
  const stack = await client.request("stackTrace", { threadId: 1 });
  const frames = stack.success ? (stack as DebugProtocol.StackTraceResponse).body.stackFrames : [];
  for (const { id } of frames.slice(0, 1)) await client.request("scopes", { frameId: id });
}

describe("a malformed request", () => {
  it.each([
    ["evaluate", {}, 'The client sent a "evaluate" request whose expression is missing; it has to be a text'],
    [
      "evaluate",
      { expression: 7 },
      'The client sent a "evaluate" request whose expression is 7; it has to be a text',
    ],
    [
      "evaluate",
      { expression: "1", frameId: 999 },
      "There is no frame 999; use a number that Pollscope has given",
    ],
    [
      "evaluate",
      [],
      'The client sent a "evaluate" request whose arguments is a list; it has to be an object',
    ],
    [
      "setBreakpoints",
      {},
      'The client sent a "setBreakpoints" request whose source is missing; it has to be an object',
    ],
    [
      "setBreakpoints",
      { source: { path: "x.rs" }, breakpoints: [{ line: 1 }, { line: -3 }] },
      'The client sent a "setBreakpoints" request whose breakpoints[1].line is -3; it has to be a whole number from 1 on',
    ],
    [
      "readMemory",
      { memoryReference: "0x20000000", count: -1 },
      'The client sent a "readMemory" request whose count is -1; it has to be a whole number from 0 on',
    ],
    [
      "disassemble",
      { memoryReference: "0x20000000", instructionCount: 1.5 },
      'The client sent a "disassemble" request whose instructionCount is 1.5; it has to be a whole number from 0 on',
    ],
    [
      "scopes",
      { frameId: "1" },
      'The client sent a "scopes" request whose frameId is a text; it has to be a whole number',
    ],
    ["scopes", { frameId: 999 }, "There is no frame 999; use a number that Pollscope has given"],
    [
      "variables",
      { variablesReference: 999 },
      "There is no variable 999; use a number that Pollscope has given",
    ],
    ["stackTrace", { threadId: 999 }, "There is no thread 999; ask for the threads again"],
    ["next", { threadId: 999 }, "There is no thread 999; ask for the threads again"],
    ["pollscope/nextPoll", { threadId: 999 }, "There is no thread 999; ask for the threads again"],
    [
      "pollscope/why",
      null,
      'The client sent a "pollscope/why" request whose threadId is missing; it has to be a whole number',
    ],
  ])("%s %j is told what is wrong with it", async (command, args, sentence) => {
    const client = await stoppedSession();
    const response = (await client.request(command, args)) as DebugProtocol.ErrorResponse;
    expect(response).toMatchObject({ success: false });
    expect(response.message).toBe(sentence);
    expect(await client.request("threads")).toMatchObject({ success: true });
    await client.request("disconnect");
  });

  it("that is no JSON, or no message, is left out, and the session lives on", async () => {
    const client = await stoppedSession();
    client.takeEvents();
    for (const text of ["{", "null", "7", "[]", "\0"])
      client.sendRaw(`Content-Length: ${text.length}\r\n\r\n${text}`);
    client.sendRaw("Content-Length: nonsense\r\n\r\n");
    expect(await client.request("threads")).toMatchObject({ success: true });
    const told = client.takeEvents().map(({ body }) => (body as DebugProtocol.OutputEvent["body"]).output);
    expect(new Set(told)).toEqual(new Set(["A message of the client is no DAP request; it is left out\n"]));
    await client.request("disconnect");
  });
});

describe("the table of argument shapes", () => {
  it("has every request that looks at its arguments", () => {
    for (const [command, answer] of [...Object.entries(QUESTIONS), ...Object.entries(MOVEMENTS)]) {
      const isMovement = Object.hasOwn(MOVEMENTS, command);
      expect(shapeOf(command) !== undefined, command).toBe(isMovement || answer.length > 1);
    }
  });
});

it("any JSON as the arguments of any request is answered, and never by a fault of our own", async () => {
  const client = await stoppedSession();
  const request = fc.constantFrom(...COMMANDS).chain((command) =>
    fc.record({
      command: fc.constant(command),
      args: argumentsOf(command),
      // Left to itself the firmware would run most of the time.
      isStanding: fc.boolean(),
    }),
  );
  for (const { command, args, isStanding } of fc.sample(request, 1500)) {
    if (isStanding) await stand(client);
    const { success, message } = await client.request(command, args);
    const account = `${command} ${JSON.stringify(args)}`;
    if (!success) expect(message, account).toMatch(/\S/);
    expect(message ?? "", account).not.toMatch(INTERNAL_FAULT);
    if (command === "restart" && success) await client.request("pause");
  }
  expect(client.takeEvents().filter(({ event }) => event === "terminated")).toEqual([]);
  expect(await client.request("threads")).toMatchObject({ success: true });
  await client.request("disconnect");
});
