import { setImmediate as nextTurn } from "node:timers/promises";
import type { DebugProtocol } from "@vscode/debugprotocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DapClient } from "#test/helpers/dap-client";
import "#test/helpers/fixed-seed";

/** What a client may send at any time, however fast. */
const COMMANDS = [
  "continue",
  "pause",
  "next",
  "stepIn",
  "stepOut",
  "pollscope/nextPoll",
  "pollscope/nextWake",
  "pollscope/endOfPoll",
  "pollscope/nextTaskEvent",
  "threads",
  "stackTrace",
  "pollscope/tasks",
] as const;

const REQUESTS = 1000;

/** Requests are sent in batches of up to this many, without waiting for the answers. */
const LARGEST_BATCH = 6;

const REFUSALS = /^notStopped$|^There is no thread 5;/;

/** Each has the core and three tasks. */
const SAMPLES = ["blink", "producer-consumer", "cancellation-bad"].flatMap((name) => [
  `${name}-dev`,
  `${name}-release`,
]);

describe(`${REQUESTS} requests in random order`, { timeout: 240_000 }, () => {
  it.each(SAMPLES)("are answered, and name no thread that is not there: %s", answersAll);
});

async function answersAll(sample: string): Promise<void> {
  const request = fc.record({
    command: fc.constantFrom(...COMMANDS),
    threadId: fc.integer({ min: 1, max: 5 }),
  });
  const batch = fc.record({
    requests: fc.array(request, { minLength: 1, maxLength: LARGEST_BATCH }),
    // Left to itself the firmware would run most of the time.
    isStanding: fc.boolean(),
  });
  const client = new DapClient();
  await client.request("initialize", { adapterID: "pollscope" });
  const launch = await client.request("launch", { sample, stopOnEntry: true });
  expect(launch).toMatchObject({ success: true });
  await client.request("configurationDone");
  const answers: DebugProtocol.Response[] = [];
  for (const { requests, isStanding } of fc.sample(batch, REQUESTS)) {
    if (answers.length >= REQUESTS) break;
    if (isStanding) await stand(client);
    const sent = requests.map(({ command, threadId }) => client.request(command, { threadId }));
    answers.push(...(await Promise.all(sent)));
  }
  for (const { success, message, command } of answers) {
    if (!success) expect(message, command).toMatch(REFUSALS);
  }
  const succeeded = answers.filter(({ success }) => success).map(({ command }) => command);
  expect([...new Set(succeeded)].sort()).toEqual([...COMMANDS].sort());
  await stand(client);
  const { body } = (await client.request("threads")) as DebugProtocol.ThreadsResponse;
  const ids = body.threads.map(({ id }) => id);
  const events = client.takeEvents();
  for (const { event, body: told } of events) {
    if (event === "stopped") expect(ids).toContain((told as DebugProtocol.StoppedEvent["body"]).threadId);
  }
  expect(events.map(({ event }) => event)).not.toContain("terminated");
  await client.request("disconnect");
}

/** Pauses until the firmware stands still: what was asked for last may only just have begun. */
async function stand(client: DapClient): Promise<void> {
  while (!(await client.request("stackTrace", { threadId: 1 })).success) {
    await client.request("pause");
    // Streams in memory would go on among themselves for ever.
    await nextTurn();
  }
}
