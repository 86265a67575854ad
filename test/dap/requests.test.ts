import type { DebugProtocol } from "@vscode/debugprotocol";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { AwaitTreeBody } from "#adapter/protocol/await-tree";
import type { AwaitsBody, ProtocolFuture, TasksBody, WhyBody } from "#adapter/protocol/custom-requests";
import type { ExecutorBody } from "#adapter/protocol/executor";
import { REFUSED } from "#adapter/session/capabilities";
import { MOVEMENTS, QUESTIONS } from "#adapter/session/requests";
import { decodeTrace } from "#adapter/trace/trace-file";
import { suspendMarkers } from "#test/helpers/markers";
import { goldenSession, type GoldenSession } from "./golden-session";

const ROOT = process.cwd();

/** A source file of a sample, as a client names it. */
function source(path: string): DebugProtocol.Source {
  return { path: `${ROOT}/samples/${path}` };
}

/** Runs a sample until a task's poll begins for the n-th time. */
async function atPoll(session: GoldenSession, sample: string, task: string, hit: number): Promise<void> {
  await session.launch({ sample }, async () => {
    await session.breakpoints("setFunctionBreakpoints", {
      breakpoints: [{ name: `poll:${task}`, hitCondition: String(hit) }],
    });
  });
}

/** The user's own frame of a thread at a position, innermost first. */
async function ownFrame(
  session: GoldenSession,
  task: string,
  position = 0,
): Promise<DebugProtocol.StackFrame> {
  const frames = await session.framesOf(await session.threadOf(task));
  const own = frames.filter(({ presentationHint }) => presentationHint === undefined);
  return own[position]!;
}

/** Tells the await trees of all tasks, and why each is not running. */
async function tellAwaitTree(session: GoldenSession): Promise<void> {
  const body = (await session.ask("pollscope/awaitTree", { reasons: true })) as unknown as AwaitTreeBody;
  const placeWords = ({ place }: ProtocolFuture) => (place === null ? "" : ` ${place.path}:${place.line}`);
  const tell = (each: ProtocolFuture, indent: string, kept: string): void => {
    const label = each.label === null ? "" : `${each.label}: `;
    const due = each.dueAt === null ? "" : `, at ${each.dueAt}`;
    const held = each.heldBy.length === 0 ? "" : `, threads ${each.heldBy.join(" ")}`;
    const wait = each.wait === null ? "" : ` (${each.wait}${due}${held})`;
    const own = each.isOwn ? " own" : "";
    const note = each.note === null ? "" : ` [${each.note}]`;
    session.write(
      `${indent}${kept}${label}${each.name} ${each.state}${own}${wait}${placeWords(each)}${note}`,
    );
    for (const child of each.children) tell(child, `${indent}  `, "");
    for (const child of each.kept) tell(child, `${indent}  `, "kept ");
  };
  session.write(`at ${body.time}`);
  for (const { threadId, name, state, future, why } of body.tasks) {
    session.write(`${threadId} ${name} ${state}`);
    if (future !== null) tell(future, "  ", "");
    if (why === null) continue;
    session.write(`  why: ${why.kind}: ${why.verdict}`);
    for (const { text, depth, threadId: other } of why.steps)
      session.write(`  ${"  ".repeat(depth + 1)}- ${text}${other === null ? "" : ` (thread ${other})`}`);
  }
}

describe("requests", () => {
  goldenSession("stop-on-entry", async (session) => {
    await session.launch({ sample: "blink-dev", stopOnEntry: true });
    await session.threads();
    await session.stack(await session.threadOf("main"), { startFrame: 0, levels: 2 });
    session.write("the rest:");
    await session.stack(await session.threadOf("main"), { startFrame: 2 });
  });

  goldenSession("evaluate", async (session) => {
    await atPoll(session, "blink-dev", "blink_task", 6);
    const frame = await ownFrame(session, "heartbeat_task", 1);
    session.write(`in ${frame.name}:`);
    for (const expression of [
      "beats",
      "beats + 1",
      "BEATS",
      "blink::BEATS",
      "beats == BEATS",
      "ticker",
      "1 +",
    ]) {
      await session.evaluate(expression, frame.id);
    }
    const nap = await ownFrame(session, "heartbeat_task", 0);
    session.write(`in ${nap.name}:`);
    await session.evaluate("length", nap.id);
    await session.evaluate("length", nap.id, "clipboard");
    session.write("hover, and without a frame:");
    await session.evaluate("BEATS", frame.id, "hover");
    await session.evaluate("BEATS");
    await session.evaluate("nowhere", undefined, "hover");
  });

  // rustc's debug info gives two `pinned` of `indirect_task` one place (test/debug-info/printed-layouts.ts).
  goldenSession("shadowed-variables", async (session) => {
    const program = "test/firmware/stepping/prebuilt/stepping-dev.elf";
    await session.launch({ program }, async () => {
      const breakpoints = [{ name: "poll:indirect_task", hitCondition: "3" }];
      await session.breakpoints("setFunctionBreakpoints", { breakpoints });
    });
    const frames = await session.stack(await session.threadOf("indirect_task"));
    const frame = frames.find(({ name }) => name.includes("indirect_task"))!;
    session.write(`in ${frame.name}:`);
    await session.scopes(frame, 1, ["Locals", "State machine"]);
    await session.evaluate("first", frame.id);
  });

  goldenSession("completions", async (session) => {
    await atPoll(session, "blink-dev", "blink_task", 6);
    const frame = await ownFrame(session, "blink_task");
    for (const text of ["", "tic", "ticker.", "1 + BEA", "ticker.expires_at.t"]) {
      const body = await session.ask<DebugProtocol.CompletionsResponse>("completions", {
        text,
        column: text.length + 1,
        frameId: frame.id,
      });
      session.write(`${JSON.stringify(text)}: ${(body?.targets ?? []).map(({ label }) => label).join(", ")}`);
    }
  });

  goldenSession("set-values", async (session) => {
    await atPoll(session, "blink-dev", "blink_task", 6);
    const frame = await ownFrame(session, "heartbeat_task", 1);
    const scopes = await session.ask<DebugProtocol.ScopesResponse>("scopes", { frameId: frame.id });
    const { variablesReference } = scopes!.scopes[0]!;
    const set = async (command: string, args: object) =>
      session.write(`${command} ${JSON.stringify(await session.ask(command, args))}`);
    await set("setVariable", { variablesReference, name: "beats", value: "41 + 1" });
    await session.evaluate("beats", frame.id);
    await set("setExpression", { expression: "BEATS", value: "beats", frameId: frame.id });
    await session.evaluate("BEATS = BEATS * 2", frame.id, "repl");
    await session.evaluate("BEATS = true", frame.id, "repl");
    await session.ask("setVariable", { variablesReference, name: "beats", value: "-1" });
    await session.ask("setVariable", { variablesReference, name: "nothing", value: "1" });
    await session.ask("setExpression", { expression: "ticker", value: "1", frameId: frame.id });
    session.write("after the next two polls:");
    await session.go("pollscope/nextPoll");
    await session.go("pollscope/nextPoll");
    await session.evaluate("BEATS");
    session.write("registers:");
    const core = (await session.framesOf(1)).find(
      ({ instructionPointerReference }) => instructionPointerReference,
    );
    const all = await session.ask<DebugProtocol.ScopesResponse>("scopes", { frameId: core!.id });
    const registers = all!.scopes.find(({ name }) => name === "Registers")!.variablesReference;
    await set("setVariable", { variablesReference: registers, name: "r3", value: "0x1234" });
    await session.ask("setVariable", { variablesReference: registers, name: "r3", value: "-1i64" });
  });

  goldenSession("paged-arrays", async (session) => {
    await atPoll(session, "uart-echo", "echo_task", 1);
    await session.ask("setFunctionBreakpoints", { breakpoints: [] });
    await session.go("continue");
    const frame = await ownFrame(session, "echo_task", 1);
    await session.scopes(frame, 1, ["Locals"]);
    const scopes = await session.ask<DebugProtocol.ScopesResponse>("scopes", { frameId: frame.id });
    const locals = await session.ask<DebugProtocol.VariablesResponse>("variables", {
      variablesReference: scopes!.scopes[0]!.variablesReference,
    });
    const line = locals!.variables.find(({ name }) => name === "line")!;
    session.write(
      `line has ${line.indexedVariables} elements, is at ${line.memoryReference}, named ${line.evaluateName}`,
    );
    for (const page of [
      { filter: "indexed", start: 0, count: 3 },
      { filter: "indexed", start: 62, count: 10 },
      { filter: "named" },
    ]) {
      const body = await session.ask<DebugProtocol.VariablesResponse>("variables", {
        variablesReference: line.variablesReference,
        ...page,
      });
      session.write(`${JSON.stringify(page)}:`);
      for (const each of body!.variables)
        session.write(`  ${each.name} = ${each.value}, ${each.evaluateName}`);
    }
  });

  goldenSession("memory", async (session) => {
    await atPoll(session, "blink-release", "blink_task", 6);
    const read = async (args: object) => session.write(JSON.stringify(await session.ask("readMemory", args)));
    const found = await session.ask<DebugProtocol.EvaluateResponse>("evaluate", { expression: "BEATS" });
    const memoryReference = found!.memoryReference!;
    session.write(`BEATS is at ${memoryReference}`);
    await read({ memoryReference, count: 4 });
    session.write(JSON.stringify(await session.ask("writeMemory", { memoryReference, data: "KgAAAA==" })));
    await read({ memoryReference, count: 4 });
    await session.evaluate("BEATS");
    session.write("where memory ends, and where there is none:");
    await read({ memoryReference: "0x20041ffc", count: 8 });
    await read({ memoryReference: "0x20042000", count: 4 });
    await read({ memoryReference: "0x0", offset: -4, count: 4 });
    await session.ask("readMemory", { memoryReference: "here", count: 4 });
    await session.ask("writeMemory", { memoryReference: "0x10000000", data: "AAAA" });
  });

  goldenSession("disassembly", async (session) => {
    await atPoll(session, "blink-release", "blink_task", 3);
    const frames = await session.framesOf(await session.threadOf("blink_task"));
    const poll = frames.find(({ name }) => name === "embassy_executor::raw::TaskStorage::poll")!;
    session.write(`${poll.name}: ${poll.source?.name} (${poll.source?.origin}), line ${poll.line}`);
    const { sourceReference } = poll.source!;
    const text = await session.ask<DebugProtocol.SourceResponse>("source", {
      sourceReference,
      source: poll.source,
    });
    session.write(text!.content);
    const memoryReference = poll.instructionPointerReference!;
    const window = async (args: object) => {
      session.write(JSON.stringify(args));
      const body = await session.ask<DebugProtocol.DisassembleResponse>("disassemble", {
        memoryReference,
        ...args,
      });
      for (const each of body?.instructions ?? []) {
        const symbol = each.symbol === undefined ? "" : `${each.symbol}: `;
        const place = each.location === undefined ? "" : `  ; ${each.location.name}:${each.line}`;
        session.write(`  ${each.address} ${symbol}${each.instruction}${place}`);
      }
    };
    await window({ instructionOffset: 0, instructionCount: 40 });
    await window({ instructionOffset: -8, instructionCount: 10 });
    await window({ memoryReference: "0x0ffffffe", instructionOffset: 0, instructionCount: 2 });
    await session.ask("source", { sourceReference: 4711 });
  });

  goldenSession("breakpoints", async (session) => {
    const file = source("blink/src/main.rs");
    const markers = suspendMarkers("samples/blink/src/main.rs");
    const line = markers.get("heartbeat-rest")!;
    await session.launch({ sample: "blink-dev" }, async () => {
      await session.breakpoints("setBreakpoints", {
        source: file,
        breakpoints: [
          { line, condition: "beats == 2" },
          { line: 1 },
          { line: line + 1, condition: "beats ==" },
        ],
      });
      await session.breakpoints("setFunctionBreakpoints", {
        breakpoints: [
          { name: "blink::nap" },
          { name: "wake:blink_task", hitCondition: "3" },
          { name: "nothing" },
        ],
      });
    });
    for (let i = 0; i < 4; i++) await session.go("continue");
    await session.breakpoints("setFunctionBreakpoints", { breakpoints: [] });
    await session.go("continue");
    session.write("a log point, and data:");
    const [logPoint] = await session.breakpoints("setBreakpoints", {
      source: file,
      breakpoints: [{ line: line - 1, logMessage: "beat {beats} of {BEATS}" }],
    });
    const info = await session.ask<DebugProtocol.DataBreakpointInfoResponse>("dataBreakpointInfo", {
      name: "BEATS",
    });
    session.write(JSON.stringify(info));
    session.write(JSON.stringify(await session.ask("dataBreakpointInfo", { name: "BEATS + 1" })));
    await session.breakpoints("setDataBreakpoints", {
      breakpoints: [{ dataId: info!.dataId, condition: "BEATS > 3" }],
    });
    await session.go("continue");
    await session.evaluate("BEATS");
    await session.breakpoints("setDataBreakpoints", { breakpoints: [] });
    await session.breakpoints("setInstructionBreakpoints", {
      breakpoints: [
        { instructionReference: logPoint!.instructionReference },
        { instructionReference: "0x40000000" },
      ],
    });
    await session.go("continue");
    const body = await session.ask<DebugProtocol.BreakpointLocationsResponse>("breakpointLocations", {
      source: file,
      line: 1,
      endLine: line,
    });
    session.write(`lines that can have breakpoints: ${body!.breakpoints.map((each) => each.line).join(" ")}`);
  });

  goldenSession("task-steps", async (session) => {
    await atPoll(session, "blink-dev", "heartbeat_task", 2);
    const commands = ["pollscope/nextWake", "pollscope/nextPoll", "pollscope/endOfPoll"];
    for (const command of [...commands, ...commands.slice(1)]) {
      session.write(`${command}:`);
      await session.go(command);
    }
    const threadId = await session.threadOf("heartbeat_task");
    for (let i = 0; i < 4; i++) await session.go("pollscope/nextTaskEvent", { threadId });
    session.write("of any task:");
    for (let i = 0; i < 3; i++) await session.go("pollscope/nextTaskEvent", { threadId: 1 });
    await session.ask("pollscope/nextTaskEvent", { threadId: 99 });
  });

  goldenSession("pause-cancel-terminate", async (session) => {
    await atPoll(session, "blink-release", "heartbeat_task", 2);
    await session.ask("setFunctionBreakpoints", { breakpoints: [] });
    await session.go("pollscope/endOfPoll");
    await session.ask("continue", { threadId: 1 });
    session.write("while it runs:");
    await session.ask("stackTrace", { threadId: 1 });
    await session.ask("next", { threadId: 1 });
    await session.go("pause");
    await session.ask("pause", { threadId: 1 });
    session.write("what is still to be answered can be cancelled:");
    const [cancelled] = await Promise.all([
      session.client.request("stackTrace", { threadId: 1 }),
      session.client.request("cancel", { requestId: session.client.lastSequence }),
    ]);
    session.write(`stackTrace: ${cancelled.message}`);
    await session.ask("terminate");
    await session.client.event("terminated");
    session.write("terminated");
    await session.ask("threads");
  });

  goldenSession("refused", async (session) => {
    await session.launch({ sample: "blink-release", stopOnEntry: true });
    for (const command of [...Object.keys(REFUSED), "startDebugging"]) {
      await session.ask(command, { threadId: 1, frameId: 1 });
    }
  });

  goldenSession("steps", async (session) => {
    await atPoll(session, "blink-dev", "heartbeat_task", 2);
    await session.ask("setFunctionBreakpoints", { breakpoints: [] });
    const threadId = await session.threadOf("heartbeat_task");
    const where = async () => {
      const own = await ownFrame(session, "heartbeat_task");
      session.write(`  ${own.name} line ${own.line}`);
    };
    await where();
    for (const command of [
      ...Array.from({ length: 7 }, () => "next"),
      ...["stepIn", "next", "next", "stepIn", "stepIn", "stepOut"],
    ]) {
      session.write(`${command}:`);
      await session.go(command, { threadId });
      await where();
    }
    session.write("next by instruction:");
    await session.go("next", { threadId, granularity: "instruction" });
    await where();
  });

  goldenSession("tasks-why-awaits", async (session) => {
    await atPoll(session, "deadlock-bad", "blink_task", 6);
    const tasks = (await session.ask("pollscope/tasks")) as unknown as TasksBody;
    session.write(JSON.stringify(tasks, undefined, 1));
    for (const { threadId, name } of tasks.tasks) {
      const why = (await session.ask("pollscope/why", { threadId })) as unknown as WhyBody;
      session.write(`${name}: ${why.verdict}`);
      for (const { text, place, threadId: other, depth } of why.steps) {
        session.write(
          `${"  ".repeat(depth + 1)}${text}${place === null ? "" : ` ${place.path}:${place.line}`}${other === null ? "" : ` (thread ${other})`}`,
        );
      }
    }
    await session.ask("pollscope/why", { threadId: 77 });
    const awaits = (await session.ask("pollscope/awaits")) as unknown as AwaitsBody;
    for (const { path, line, tasks: at } of awaits.places) {
      session.write(`${path}:${line}`);
      for (const each of at) session.write(`  ${JSON.stringify(each)}`);
    }
  });

  goldenSession("await-tree", async (session) => {
    const program = "test/firmware/suspended/prebuilt/suspended-combinators-release.elf";
    await session.launch({ program }, async () => {
      const breakpoints = [{ name: "poll:join_task", hitCondition: "2" }];
      await session.breakpoints("setFunctionBreakpoints", { breakpoints });
    });
    await session.go("pollscope/endOfPoll");
    await tellAwaitTree(session);
    session.write("its timers:");
    const { timers } = (await session.ask("pollscope/executor")) as unknown as ExecutorBody;
    session.write(JSON.stringify(timers, undefined, 1));
    await session.ask("pollscope/awaitTree", {});
  });

  goldenSession("await-tree-with-holders", async (session) => {
    await atPoll(session, "deadlock-bad", "blink_task", 6);
    await tellAwaitTree(session);
    session.write("without reasons:");
    const body = (await session.ask("pollscope/awaitTree", { reasons: false })) as unknown as AwaitTreeBody;
    session.write(body.tasks.map(({ name, why }) => `${name}: ${why?.verdict ?? "not asked"}`).join(", "));
  });

  goldenSession("executor", async (session) => {
    await atPoll(session, "producer-consumer-dev", "consumer_task", 3);
    const tell = async () =>
      session.write(JSON.stringify(await session.ask("pollscope/executor"), undefined, 1));
    await tell();
    await session.go("pollscope/nextWake");
    await tell();
  });

  goldenSession("executor-by-hand", async (session) => {
    await atPoll(session, "countdown-round-robin-dev", "letters", 3);
    session.write(JSON.stringify(await session.ask("pollscope/executor"), undefined, 1));
  });

  goldenSession("timeline", async (session) => {
    await atPoll(session, "blink-release", "blink_task", 3);
    const body = (await session.ask("pollscope/timeline", { question: "tracks", args: {} })) as unknown;
    session.write(JSON.stringify(body, undefined, 1));
  });

  goldenSession("save-trace", async (session) => {
    await atPoll(session, "blink-release", "blink_task", 3);
    const folder = mkdtempSync(join(tmpdir(), "pollscope-save-"));
    try {
      const path = join(folder, "blink.pollscope");
      const saved: unknown = await session.ask("pollscope/saveTrace", { path, form: "trace" });
      const bytes = readFileSync(path);
      expect(saved).toEqual({ byteSize: bytes.length });
      const { trace, problems } = decodeTrace(bytes);
      session.write(`${trace.events.length} events to ${trace.endTime} ns, ${problems.length} problems`);
      const perfetto = join(folder, "blink.perfetto-trace");
      expect(await session.ask("pollscope/saveTrace", { path: perfetto, form: "perfetto" })).toEqual({
        byteSize: readFileSync(perfetto).length,
      });
      await session.ask("pollscope/saveTrace", { path: "blink.pollscope", form: "trace" });
      await session.ask("pollscope/saveTrace", { path, form: "csv" });
      await session.ask("pollscope/saveTrace", { path: "/nowhere/blink.pollscope", form: "trace" });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  goldenSession("loaded-sources", async (session) => {
    await session.launch({ sample: "blink-release", stopOnEntry: true });
    const body = await session.ask<DebugProtocol.LoadedSourcesResponse>("loadedSources");
    for (const { path } of body!.sources) session.write(path!);
  });

  goldenSession("restart", async (session) => {
    await atPoll(session, "blink-dev", "heartbeat_task", 3);
    await session.threads();
    await session.evaluate("BEATS");
    const [frame] = await session.framesOf(1);
    session.write("restart:");
    await session.go("restart");
    await session.threads();
    await session.evaluate("BEATS");
    await session.ask("scopes", { frameId: frame!.id });
  });

  goldenSession("stale-and-wrong", async (session) => {
    await atPoll(session, "blink-release", "blink_task", 3);
    const frame = await ownFrame(session, "heartbeat_task");
    const scopes = await session.ask<DebugProtocol.ScopesResponse>("scopes", { frameId: frame.id });
    const { variablesReference } = scopes!.scopes[0]!;
    await session.go("pollscope/nextPoll");
    await session.ask("scopes", { frameId: frame.id });
    await session.ask("variables", { variablesReference });
    await session.ask("setVariable", { variablesReference, name: "x", value: "1" });
    await session.evaluate("BEATS", frame.id);
    await session.ask("stackTrace", { threadId: 99 });
    await session.ask("variables", { variablesReference: 0 });
    await session.ask("exceptionInfo", { threadId: 1 });
    await session.ask("launch", { sample: "blink" });
  });
});

describe("the golden sessions", () => {
  /** What is about the session itself. */
  const LIFECYCLE = [
    "initialize",
    "launch",
    "configurationDone",
    "continue",
    "pause",
    "restart",
    "cancel",
    "terminate",
    "disconnect",
  ];

  it("send every request that is answered", () => {
    const folder = "test/dap";
    const scripts = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, "utf8"));
    const golden = scripts.filter((text) => text.includes("goldenSession(")).join("\n");
    const commands = [...LIFECYCLE, ...Object.keys(QUESTIONS), ...Object.keys(MOVEMENTS)];
    expect(commands.filter((command) => !golden.includes(`"${command}"`))).toEqual([]);
  });
});
