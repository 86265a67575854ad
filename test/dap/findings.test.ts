import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { describe, expect, it } from "vitest";
import { type FindingsBody, KIND_WORDS, type ProtocolFinding } from "#adapter/protocol/findings";
import type { LaunchArguments } from "#adapter/protocol/launch-arguments";
import { DapClient } from "#test/helpers/dap-client";
import { markerAt } from "#test/helpers/markers";
import { goldenSession, type GoldenSession } from "./golden-session";

/** A sample with a mistake, and the filter that stops at it. */
const MISTAKES = [
  { sample: "guard-across-await-bad", filter: "guard-across-await" },
  { sample: "starvation-hog", filter: "starvation" },
  { sample: "starvation-hog", filter: "long-poll" },
  { sample: "lost-wake-bad", filter: "lost-wake" },
  { sample: "deadlock-bad", filter: "deadlock" },
  { sample: "ticker-drift-bad", filter: "timer-drift" },
  { sample: "channel-backpressure", filter: "backpressure" },
  { sample: "big-future-bad", filter: "oversized-future" },
] as const;

const PROFILES = ["dev", "release"] as const;

function program(sample: string, profile: string): string {
  const name = `${sample}-${profile}.elf`;
  const folder = ["samples/prebuilt", "test/firmware/samples-dev"].find((each) =>
    existsSync(`${each}/${name}`),
  );
  return `${process.cwd()}/${folder}/${name}`;
}

/** Filters that stop where a finding is met, and nothing else. */
function filtersOf(...wanted: readonly { readonly filterId: string; readonly condition?: string }[]): object {
  return { filters: [], filterOptions: wanted };
}

describe("a filter for a kind of finding stops where it is found", () => {
  for (const { sample, filter } of MISTAKES) {
    for (const profile of PROFILES) {
      goldenSession(`finding-${filter}-${profile}`, async (session) => {
        const { threadId = 1, description } = await session.launch(
          { program: program(sample, profile), speed: "max" },
          () => session.ask("setExceptionBreakpoints", filtersOf({ filterId: filter })).then(() => undefined),
        );
        expect(description).toBe(KIND_WORDS[filter].label);
        session.heading("exception info");
        const info = await session.ask<DebugProtocol.ExceptionInfoResponse>("exceptionInfo", { threadId });
        session.write(`${info?.exceptionId} (${info?.details?.typeName})\n${info?.description}`);
        session.heading("frames");
        await session.stack(threadId, { levels: 6 });
        session.heading("findings");
        await tellFindings(session);
      });
    }
  }
});

async function tellFindings(session: GoldenSession): Promise<readonly ProtocolFinding[]> {
  const body: unknown = await session.ask("pollscope/findings");
  const { findings } = body as FindingsBody;
  for (const { severity, kind, title, place, count, tasks } of findings) {
    const names = tasks.map(({ name }) => name).join(", ");
    session.write(`${severity} ${kind} x${count} (${names}) ${place?.path}:${place?.line}: ${title}`);
  }
  return findings;
}

async function launched(args: LaunchArguments): Promise<DapClient> {
  const client = new DapClient();
  await client.request("initialize");
  const { success, message } = await client.request("launch", { speed: "max", ...args });
  if (!success) throw new Error(message);
  return client;
}

async function breakAtPoll(client: DapClient, task: string, hit: number): Promise<void> {
  const breakpoints = [{ name: `poll:${task}`, hitCondition: String(hit) }];
  await client.request("setFunctionBreakpoints", { breakpoints });
}

/** Runs a sample up to a poll of a task, and gives what was found until then. */
async function stoppedAtPoll(
  sample: string,
  task: string,
  hit: number,
  args: LaunchArguments = {},
): Promise<{ client: DapClient; findings: readonly ProtocolFinding[] }> {
  const client = await launched({ program: program(sample, "release"), ...args });
  await breakAtPoll(client, task, hit);
  await client.request("configurationDone");
  await client.event("stopped");
  return { client, findings: await list(client) };
}

async function list(client: DapClient): Promise<readonly ProtocolFinding[]> {
  return ((await client.request("pollscope/findings")).body as FindingsBody).findings;
}

describe("findings of a session", () => {
  goldenSession("findings-without-filters", async (session) => {
    await session.launch({ program: program("starvation-hog", "release"), speed: "max" }, async () => {
      const breakpoints = [{ name: "poll:blink_task", hitCondition: "3" }];
      await session.breakpoints("setFunctionBreakpoints", { breakpoints });
    });
    session.heading("findings");
    await tellFindings(session);
    session.heading("restarted");
    await session.ask("restart");
    await session.stopped();
  });

  it("are told with their place, who belongs to them, the evidence, what to do and the page", async () => {
    const { client, findings } = await stoppedAtPoll("guard-across-await-bad", "display_task", 12);
    expect(findings).toHaveLength(1);
    const [{ kind, severity, tasks, place, related, evidence, remedy, count, page, from, to }] = findings as [
      ProtocolFinding,
    ];
    expect({ kind, severity, count }).toEqual({ kind: "guard-across-await", severity: "error", count: 3 });
    const { threads } = (await client.request("threads")).body as DebugProtocol.ThreadsResponse["body"];
    expect(tasks.map(({ name }) => name)).toEqual(["measure_task", "display_task"]);
    for (const { threadId, name } of tasks) {
      expect(threads.find(({ id }) => id === threadId)!.name.startsWith(`${name} ·`)).toBe(true);
    }
    expect(markerAt({ file: place!.path, line: place!.line })).toBe("measure-conversion");
    expect(related.map(({ text }) => text)).toEqual(["guard is declared here"]);
    expect(evidence.length).toBeGreaterThan(1);
    expect(remedy).toContain("end the guard's scope");
    expect(existsSync(page)).toBe(true);
    expect(to - from).toBeGreaterThan(50e6);
    await client.request("disconnect");
  });

  it("are none after a restart", async () => {
    const { client } = await stoppedAtPoll("guard-across-await-bad", "display_task", 5);
    client.takeEvents();
    await client.request("setFunctionBreakpoints", { breakpoints: [{ name: "poll:display_task" }] });
    await client.request("restart");
    await client.event("stopped");
    const told = client.takeEvents().filter(({ event }) => event === "pollscope/findings");
    expect((told[0]!.body as FindingsBody).findings).toEqual([]);
    await client.request("disconnect");
  });

  it("come as an event as soon as there is a new one, before any stop", async () => {
    const client = await launched({ program: program("deadlock-bad", "release") });
    await client.request("configurationDone");
    await client.event("pollscope/findings");
    const told = await client.event("pollscope/findings");
    expect((told.body as FindingsBody).findings.map(({ kind }) => kind)).toEqual(["deadlock"]);
    await client.request("disconnect");
  });

  it.each(["guard-across-await-bad", "starvation-hog", "lost-wake-bad", "deadlock-bad", "ticker-drift-bad"])(
    "of %s are the same with stops at every one of them and without",
    async (sample) => {
      const at = { task: POLLED[sample]!, hit: 24 };
      const { client, findings } = await stoppedAtPoll(sample, at.task, at.hit);
      await client.request("disconnect");
      const stopping = await launched({ program: program(sample, "release") });
      const filters = Object.keys(KIND_WORDS).map((filterId) => ({ filterId }));
      await stopping.request("setExceptionBreakpoints", filtersOf(...filters));
      await breakAtPoll(stopping, at.task, at.hit);
      await stopping.request("configurationDone");
      let stops = 0;
      for (; ; stops++) {
        const { reason } = (await stopping.event("stopped")).body as DebugProtocol.StoppedEvent["body"];
        if (reason === "breakpoint") break;
        await stopping.request("continue", { threadId: 1 });
      }
      expect(stops).toBeGreaterThan(0);
      expect(await list(stopping)).toEqual(findings);
      await stopping.request("disconnect");
    },
  );
});

describe("what the user says of findings", () => {
  it("a condition names the tasks that a filter is about", async () => {
    const client = await launched({ program: program("guard-across-await-bad", "release") });
    const set = (condition: string) =>
      client.request("setExceptionBreakpoints", filtersOf({ filterId: "guard-across-await", condition }));
    expect((await set("nobody")).body).toEqual({
      breakpoints: [{ verified: false, message: "there is no task nobody" }],
    });
    expect((await set("display_task")).body).toEqual({ breakpoints: [{ verified: true }] });
    await breakAtPoll(client, "display_task", 4);
    await client.request("configurationDone");
    // It is measure_task that keeps the guard.
    const first = (await client.event("stopped")).body as DebugProtocol.StoppedEvent["body"];
    expect(first.reason).toBe("breakpoint");
    expect((await set("display_task, measure_task")).body).toEqual({ breakpoints: [{ verified: true }] });
    await client.request("continue", { threadId: 1 });
    const second = (await client.event("stopped")).body as DebugProtocol.StoppedEvent["body"];
    expect(second.reason).toBe("exception");
    await client.request("disconnect");
  });

  it("a filter that there is not is refused", async () => {
    const client = await launched({ program: program("blink", "release") });
    const answer = await client.request("setExceptionBreakpoints", filtersOf({ filterId: "typos" }));
    expect(answer.body).toEqual({
      breakpoints: [{ verified: false, message: "there is no exception filter typos" }],
    });
    await client.request("disconnect");
  });

  it("thresholds of the launch configuration decide what is one", async () => {
    const { client, findings } = await stoppedAtPoll("starvation-hog", "blink_task", 4, {
      thresholds: { starvation: "1s", tasks: { check_task: { longPoll: "1s" } } },
    });
    expect(findings.map(({ kind }) => kind)).toEqual([]);
    await client.request("disconnect");
  });

  it("severities of the launch configuration are what is told; what is off neither is told nor stops", async () => {
    const graver = await stoppedAtPoll("starvation-hog", "blink_task", 4, {
      findings: { starvation: "error" },
    });
    expect(graver.findings.map(({ kind, severity }) => `${severity} ${kind}`)).toEqual(["error starvation"]);
    await graver.client.request("disconnect");
    const client = await launched({
      program: program("starvation-hog", "release"),
      findings: { starvation: "off", "long-poll": "off" },
    });
    await client.request("setExceptionBreakpoints", filtersOf({ filterId: "starvation" }));
    await breakAtPoll(client, "blink_task", 4);
    await client.request("configurationDone");
    const stop = await client.event("stopped");
    expect((stop.body as DebugProtocol.StoppedEvent["body"]).reason).toBe("breakpoint");
    expect(await list(client)).toEqual([]);
    await client.request("disconnect");
  });

  it("a comment in the source allows one", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pollscope-allow-"));
    cpSync("samples/guard-across-await", join(folder, "guard-across-await"), { recursive: true });
    const file = join(folder, "guard-across-await/src/bin/bad.rs");
    const marked = readFileSync(file, "utf8").replace(
      "// @suspend measure-conversion",
      "// pollscope: allow(guard-across-await)",
    );
    writeFileSync(file, marked);
    const sourceMap = { "/pollscope/samples": folder };
    const { client, findings } = await stoppedAtPoll("guard-across-await-bad", "display_task", 5, {
      sourceMap,
    });
    expect(findings).toEqual([]);
    await client.request("disconnect");
    rmSync(folder, { recursive: true });
  });
});

/** A task of each sample that goes on being polled. */
const POLLED: Readonly<Record<string, string>> = {
  "guard-across-await-bad": "display_task",
  "starvation-hog": "blink_task",
  "lost-wake-bad": "heartbeat_task",
  "deadlock-bad": "blink_task",
  "ticker-drift-bad": "measure_task",
};
