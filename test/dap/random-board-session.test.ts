import { setImmediate as nextTurn } from "node:timers/promises";
import type { DebugProtocol } from "@vscode/debugprotocol";
import fc from "fast-check";
import { expect, it } from "vitest";
import { startBoardServer } from "#test/helpers/board-server";
import { DapClient } from "#test/helpers/dap-client";
import "#test/helpers/fixed-seed";

/** What a client may send at any time, however fast; a board answers some only where it stands. */
const COMMANDS = [
  "continue",
  "pause",
  "next",
  "stepIn",
  "stepOut",
  "pollscope/nextPoll",
  "pollscope/endOfPoll",
  "pollscope/nextWake",
  "threads",
  "stackTrace",
  "pollscope/tasks",
  "pollscope/why",
  "pollscope/stateMachines",
  "setBreakpoints",
  "evaluate",
] as const;

/** Requests that a board refuses in any case. */
const NEVER: ReadonlySet<string> = new Set(["pollscope/stateMachines", "pollscope/nextWake"]);

const REQUESTS = 1000;

/** Requests are sent in batches of up to this many, without waiting for the answers. */
const LARGEST_BATCH = 5;

const SOURCE = { path: `${process.cwd()}/samples/blink/src/main.rs` };

const REFUSALS =
  /^notStopped$|^There is no thread 5;|^On a board nobody sees|^A wake is a store|^BEATS |^The firmware is running; pause it first$/;

it(`${REQUESTS} requests in random order to a board are answered`, async () => {
  const server = await startBoardServer("samples/prebuilt/blink-release.elf");
  const client = new DapClient();
  try {
    await client.request("initialize", { adapterID: "pollscope" });
    const launch = { program: "samples/prebuilt/blink-release.elf", target: "gdb", gdb: server.gdb };
    expect(await client.request("launch", { ...launch, stopOnEntry: true })).toMatchObject({ success: true });
    await client.request("configurationDone");
    const answers = await ask(client);
    for (const { success, message, command } of answers) {
      if (!success) expect(message, command).toMatch(REFUSALS);
    }
    const succeeded = new Set(answers.filter(({ success }) => success).map(({ command }) => command));
    expect([...succeeded].sort()).toEqual(COMMANDS.filter((each) => !NEVER.has(each)).sort());
    await stand(client);
    const { body } = (await client.request("threads")) as DebugProtocol.ThreadsResponse;
    const ids = body.threads.map(({ id }) => id);
    const events = client.takeEvents();
    for (const { event, body: told } of events) {
      if (event === "stopped") expect(ids).toContain((told as DebugProtocol.StoppedEvent["body"]).threadId);
    }
    expect(events.map(({ event }) => event)).not.toContain("terminated");
    const failures = events
      .map(({ body: told }) => told as Partial<DebugProtocol.OutputEvent["body"]> | undefined)
      .filter((told) => told?.category === "stderr");
    expect(failures).toEqual([]);
  } finally {
    await client.request("disconnect");
    await server.close();
  }
});

async function ask(client: DapClient): Promise<DebugProtocol.Response[]> {
  const request = fc.record({
    command: fc.constantFrom(...COMMANDS),
    threadId: fc.integer({ min: 1, max: 5 }),
    line: fc.constantFrom(32, 46, 56),
  });
  const batch = fc.record({
    requests: fc.array(request, { minLength: 1, maxLength: LARGEST_BATCH }),
    // Left to itself the firmware would run most of the time.
    isStanding: fc.boolean(),
  });
  const answers: DebugProtocol.Response[] = [];
  for (const { requests, isStanding } of fc.sample(batch, REQUESTS)) {
    if (answers.length >= REQUESTS) break;
    if (isStanding) await stand(client);
    const sent = requests.map(({ command, threadId, line }) =>
      client.request(command, argumentsOf(command, threadId, line)),
    );
    answers.push(...(await Promise.all(sent)));
  }
  return answers;
}

function argumentsOf(command: (typeof COMMANDS)[number], threadId: number, line: number): object {
  if (command === "setBreakpoints") return { source: SOURCE, breakpoints: [{ line }] };
  if (command === "evaluate") return { expression: "BEATS" };
  return { threadId };
}

/** Pauses until the firmware stands still: what was asked for last may only just have begun. */
async function stand(client: DapClient): Promise<void> {
  for (;;) {
    const { success, message } = await client.request("stackTrace", { threadId: 1 });
    if (success) return;
    expect(message).toBe("notStopped");
    await client.request("pause");
    // Streams in memory would go on among themselves for ever.
    await nextTurn();
  }
}
