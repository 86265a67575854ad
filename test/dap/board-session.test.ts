import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { afterEach, describe, expect, it } from "vitest";
import { FINDING_KINDS } from "#adapter/protocol/findings";
import { type BoardServer, startBoardServer } from "#test/helpers/board-server";
import { DapClient } from "#test/helpers/dap-client";
import { startFaultyLine } from "#test/helpers/faulty-line";

const PROGRAM = "samples/prebuilt/blink-release.elf";
const SOURCE = { path: `${process.cwd()}/samples/blink/src/main.rs` };
const PANICS = "test/firmware/panics/prebuilt/panics-release.elf";

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function boardWith(program: string): Promise<BoardServer> {
  const server = await startBoardServer(program);
  opened.push(server);
  return server;
}

/** A client whose session ends with the test. */
function newClient(patience?: number): DapClient {
  const client = new DapClient(patience === undefined ? {} : { patience });
  opened.push({ close: () => client.request("disconnect") });
  return client;
}

async function launched(
  gdb: string,
  { program = PROGRAM, stopOnEntry = true, client = newClient() } = {},
): Promise<DapClient> {
  await client.request("initialize", { adapterID: "pollscope" });
  const launch = await client.request("launch", { program, target: "gdb", gdb, stopOnEntry });
  expect(launch).toMatchObject({ success: true });
  await client.request("configurationDone");
  if (stopOnEntry) await client.event("stopped");
  return client;
}

async function refusalOf(command: "launch" | "attach", args: object, patience?: number): Promise<string> {
  const client = newClient(patience);
  await client.request("initialize", { adapterID: "pollscope" });
  const { success, message } = await client.request(command, args);
  expect(success).toBe(false);
  return message!;
}

const onBoard = (gdb: string, program = PROGRAM) => ({ program, target: "gdb", gdb });

async function stopOf(client: DapClient): Promise<DebugProtocol.StoppedEvent["body"]> {
  return ((await client.event("stopped")) as DebugProtocol.StoppedEvent).body;
}

describe("connecting to a board", () => {
  it("says so where nobody listens", async () => {
    const server = await boardWith(PROGRAM);
    await server.close();
    for (const command of ["launch", "attach"] as const) {
      const args = command === "launch" ? onBoard(server.gdb) : { program: PROGRAM, gdb: server.gdb };
      expect(await refusalOf(command, args)).toBe(
        `No gdb server answers at ${server.gdb} (ECONNREFUSED); start one (\`probe-rs gdb\`, OpenOCD, \`pollscope gdb-server\`), and set "gdb" to where it listens`,
      );
    }
  });

  it("says so where another debugger is connected, and connects when that has gone", async () => {
    const { gdb } = await boardWith(PROGRAM);
    const first = await launched(gdb);
    expect(await refusalOf("launch", onBoard(gdb))).toBe(
      `The gdb server at ${gdb} hangs up before it has said anything; end the other debugger that is connected to it, or check that it is a gdb server, and start debugging again`,
    );
    expect(await first.request("stackTrace", { threadId: 1 })).toMatchObject({ success: true });
    await first.request("disconnect");
    await launched(gdb);
  });

  it("says so where a server takes the call and says nothing", async () => {
    const server = createServer((socket) => opened.push({ close: () => socket.destroy() }));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    opened.push({ close: () => server.close() });
    const { port } = server.address() as { readonly port: number };
    expect(await refusalOf("launch", onBoard(`127.0.0.1:${port}`), 50)).toBe(
      `The gdb server at 127.0.0.1:${port} lets us connect and says nothing; end the other debugger that is connected to it, or check that it is a gdb server, and start debugging again`,
    );
  });

  it("says so of a server that does not tell its registers", async () => {
    const server = await boardWith(PROGRAM);
    const line = await startFaultyLine(server.port, { fault: "answers E01 from then on", at: 1 });
    opened.push(line);
    expect(await refusalOf("launch", onBoard(line.gdb))).toBe(
      "The gdb server does not say which registers its core has; use a server that describes them: probe-rs, OpenOCD, QEMU or `pollscope gdb-server`",
    );
  });

  it("compares all of the program: one byte of it, and another program", async () => {
    const { gdb } = await boardWith(PROGRAM);
    const folder = mkdtempSync(join(tmpdir(), "pollscope-"));
    opened.push({ close: () => rmSync(folder, { recursive: true }) });
    const changed = join(folder, "blink-release.elf");
    const bytes = readFileSync(PROGRAM);
    // As little as a constant that was changed and not flashed.
    const { at, offset } = middleOfText(bytes);
    bytes[offset]! ^= 1;
    writeFileSync(changed, bytes);
    const remedy =
      'flash it first (`Pollscope: Flash and Debug` does), or set "program" to the ELF file of what it runs';
    const place = `0x${at.toString(16).padStart(8, "0")}`;
    expect(await refusalOf("launch", onBoard(gdb, changed))).toBe(
      `The board does not hold blink-release.elf: they differ at ${place}; ${remedy}`,
    );
    const other = "samples/prebuilt/countdown-release.elf";
    expect(await refusalOf("attach", { program: other, gdb })).toMatch(
      /^The board does not hold countdown-release\.elf: they differ at 0x1000\w{4}; flash it first/,
    );
    // None of them has kept the server's only place.
    copyFileSync(PROGRAM, changed);
    await launched(gdb, { program: changed });
  });

  it("refuses a program for another chip before it connects", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pollscope-"));
    opened.push({ close: () => rmSync(folder, { recursive: true }) });
    const path = join(folder, "pico2.elf");
    const bytes = readFileSync(PROGRAM);
    // The build attributes name the architecture: Tag_CPU_arch (6), where 12 is ARMv6S-M and 17 ARMv8-M.main.
    const attributes = bytes.indexOf("aeabi\0", 0, "latin1");
    const tag = bytes.indexOf(Uint8Array.of(6, 12), attributes);
    expect(tag).toBeGreaterThan(attributes);
    bytes[tag + 1] = 17;
    writeFileSync(path, bytes);
    expect(await refusalOf("launch", onBoard("127.0.0.1:1", path))).toBe(
      "pico2.elf is built for armv8-m.main, and the chip of the Pico is the RP2040 (armv6-m); build it with --target thumbv6m-none-eabi and the `rp2040` feature of embassy-rp",
    );
  });
});

/** A byte in the middle of an ELF's `.text`: its address, and where the file has it. */
function middleOfText(elf: Buffer): { readonly at: number; readonly offset: number } {
  const [sections, size, count, names] = [
    elf.readUInt32LE(32),
    elf.readUInt16LE(46),
    elf.readUInt16LE(48),
    elf.readUInt16LE(50),
  ] as const;
  const texts = elf.readUInt32LE(sections + names * size + 16);
  for (let i = 0; i < count; i++) {
    const header = sections + i * size;
    const name = texts + elf.readUInt32LE(header);
    if (elf.toString("latin1", name, name + 6) !== ".text\0") continue;
    const half = elf.readUInt32LE(header + 20) >>> 1;
    return { at: elf.readUInt32LE(header + 12) + half, offset: elf.readUInt32LE(header + 16) + half };
  }
  throw new Error("the ELF has no .text");
}

describe("a session with a board", () => {
  it("pauses it while it runs, and again", async () => {
    const { gdb, target } = await boardWith(PROGRAM);
    const client = await launched(gdb);
    for (let round = 0; round < 3; round++) {
      const before = target.now;
      await client.request("continue", { threadId: 1 });
      await client.request("pause", { threadId: 1 });
      expect(await stopOf(client)).toMatchObject({ reason: "pause" });
      expect(target.state.kind).toBe("stopped");
      expect(target.now).toBeGreaterThanOrEqual(before);
      expect(await client.request("stackTrace", { threadId: 1 })).toMatchObject({ success: true });
    }
  });

  it("pauses a step that would take long", async () => {
    const { gdb } = await boardWith(PROGRAM);
    const client = await launched(gdb);
    for (const command of ["next", "stepIn", "stepOut"]) {
      await client.request(command, { threadId: 1 });
      await client.request("pause", { threadId: 1 });
      expect(["pause", "step"]).toContain((await stopOf(client)).reason);
      expect(await client.request("threads")).toMatchObject({ success: true });
    }
  });

  it.each(["disconnect", "terminate"])("lets the board run on: %s", async (command) => {
    const { gdb, target } = await boardWith(PROGRAM);
    for (const isRunning of [true, false]) {
      const client = await launched(gdb);
      await client.request("setBreakpoints", { source: SOURCE, breakpoints: [{ line: 46 }] });
      if (isRunning) await client.request("continue", { threadId: 1 });
      const before = target.now;
      await client.request(command);
      if (command === "terminate") {
        await client.event("terminated");
        expect(await client.request("threads")).toMatchObject({ success: false });
        // Who has been told that the session is over ends the adapter: the board has to run by then.
        await client.request("disconnect");
      }
      expect(target.now).toBeGreaterThan(before);
    }
  });

  it("lets the board run on when the client goes without a word", async () => {
    const { gdb, target } = await boardWith(PROGRAM);
    const client = await launched(gdb, { client: new DapClient() });
    const before = target.now;
    client.hangUp();
    while (target.now === before) await nextTurn();
  });

  it("leaves no board behind when it ends while it connects", async () => {
    const { gdb } = await boardWith(PROGRAM);
    const client = newClient();
    await client.request("initialize", { adapterID: "pollscope" });
    const launch = client.request("launch", onBoard(gdb));
    const ended = client.request("disconnect");
    expect(await launch).toMatchObject({
      success: false,
      message: "The session has ended; start debugging again",
    });
    expect(await ended).toMatchObject({ success: true });
    await launched(gdb);
  });

  it("restarts a board that runs, at its start, with its breakpoints", async () => {
    const { gdb, target } = await boardWith(PROGRAM);
    const client = await launched(gdb);
    const entry = target.now;
    for (let round = 0; round < 3; round++) {
      await client.request("setBreakpoints", { source: SOURCE, breakpoints: [{ line: 46 }] });
      await client.request("continue", { threadId: 1 });
      expect(await stopOf(client)).toMatchObject({ reason: "breakpoint" });
      if (round > 0) await client.request("continue", { threadId: 1 });
      expect(await client.request("restart")).toMatchObject({ success: true });
      client.takeEvents();
      expect(await stopOf(client)).toMatchObject({ reason: "entry" });
      expect(target.now).toBe(entry);
    }
  });

  it("ends where a restart finds the board gone", async () => {
    const server = await boardWith(PROGRAM);
    const line = await startFaultyLine(server.port);
    opened.push(line);
    const client = await launched(line.gdb);
    await client.request("continue", { threadId: 1 });
    line.refuseOthers();
    expect((await client.request("restart")).message).toMatch(
      /^No gdb server answers at .* \(ECONNREFUSED\); start one/,
    );
    await client.event("terminated");
    expect(await client.request("threads")).toMatchObject({ success: false });
  });

  it("is looked at as it is by who attaches", async () => {
    const { gdb, target } = await boardWith(PROGRAM);
    const first = await launched(gdb, { stopOnEntry: false });
    await first.request("disconnect");
    const reached = target.now;
    expect(reached).toBeGreaterThan(0);
    const client = newClient();
    await client.request("initialize", { adapterID: "pollscope" });
    expect(await client.request("attach", { program: PROGRAM, gdb })).toMatchObject({ success: true });
    await client.request("configurationDone");
    expect(await stopOf(client)).toMatchObject({ reason: "pause" });
    expect(target.now).toBe(reached);
  });
});

describe("what only a watched run tells", () => {
  it("is refused in a sentence", async () => {
    const { gdb } = await boardWith(PROGRAM);
    const client = await launched(gdb);
    const questions = [
      ["pollscope/timeline", { question: "overview", args: {} }],
      ["pollscope/saveTrace", { path: "trace.json", form: "json" }],
      ["pollscope/pollCycle", { threadId: 1 }],
      ["pollscope/stateMachines", {}],
      ["pollscope/stateMachine", { threadId: 1 }],
      ["pollscope/board", {}],
      ["pollscope/input", { kind: "press", pin: 15 }],
      ["pollscope/nextWake", { threadId: 1 }],
      ["pollscope/nextTaskEvent", { threadId: 1 }],
    ] as const;
    for (const [command, args] of questions) {
      const { success, message } = await client.request(command, args);
      expect({ command, success }).toEqual({ command, success: false });
      expect(message, command).toMatch(
        /^(?:On a board nobody sees what happens while it runs|There is no board to be seen or touched here|A wake is a store to the task, [^;]*); [^\n]+$/,
      );
    }
  });

  it("stops at no finding, and says so of each filter", async () => {
    const { gdb } = await boardWith(PROGRAM);
    const client = await launched(gdb);
    const response = await client.request("setExceptionBreakpoints", {
      filters: ["panic", "hardFault", ...FINDING_KINDS],
      filterOptions: [{ filterId: "typo" }],
    });
    const message =
      "on a board findings are not seen; debug in the emulated Pico, where every poll and wake is";
    expect(response.body).toEqual({
      breakpoints: [
        { verified: true },
        { verified: true },
        ...FINDING_KINDS.map(() => ({ verified: false, message })),
        { verified: false, message: "there is no exception filter typo" },
      ],
    });
  });
});

describe("firmware that fails on a board", () => {
  const CASES = [
    {
      failure: "a panic",
      number: 0,
      text: /^panic: sensor 7 failed: CRC is wrong$/,
      marker: "@panic formatted",
    },
    { failure: "a hard fault", number: 7, text: /^hard fault: /, marker: "@fault read-nowhere" },
  ] as const;
  const FILTERS = { filters: ["panic", "hardFault"] };

  async function aboutToFail(number: number): Promise<{ client: DapClient; target: BoardServer["target"] }> {
    const { gdb, target } = await boardWith(PANICS);
    const client = await launched(gdb, { program: PANICS });
    expect(await client.request("setExceptionBreakpoints", FILTERS)).toMatchObject({
      body: { breakpoints: [{ verified: true }, { verified: true }] },
    });
    const written = await client.request("evaluate", {
      expression: `POLLSCOPE_CASE = ${number}`,
      context: "repl",
    });
    expect(written).toMatchObject({ success: true });
    return { client, target };
  }

  async function expectTold(
    client: DapClient,
    { threadId, text }: DebugProtocol.StoppedEvent["body"],
    wanted: (typeof CASES)[number],
  ): Promise<void> {
    expect(text).toMatch(wanted.text);
    const { body } = (await client.request("exceptionInfo", {
      threadId,
    })) as DebugProtocol.ExceptionInfoResponse;
    const cases = readFileSync("test/firmware/panics/src/cases.rs", "utf8").split("\n");
    const line = cases.findIndex((each) => each.includes(wanted.marker)) + 1;
    expect(line).toBeGreaterThan(0);
    expect(body.description).toContain(`cases.rs:${line}`);
  }

  it.each(CASES)("stops at $failure, and says what and where", async (wanted) => {
    const { client } = await aboutToFail(wanted.number);
    await client.request("continue", { threadId: 1 });
    const stop = await stopOf(client);
    expect(stop.reason).toBe("exception");
    await expectTold(client, stop, wanted);
  });

  it.each(CASES)("may miss $failure beside three breakpoints, and goes on", async (wanted) => {
    const { client, target } = await aboutToFail(wanted.number);
    // In the vector table, which nobody executes.
    const breakpoints = [0x1000_0110, 0x1000_0120, 0x1000_0130].map((at) => ({
      instructionReference: `0x${at.toString(16)}`,
    }));
    expect(await client.request("setInstructionBreakpoints", { breakpoints })).toMatchObject({
      body: { breakpoints: breakpoints.map(() => ({ verified: true })) },
    });
    const failed = target.now + FAILS_WITHIN;
    await client.request("continue", { threadId: 1 });
    const stopped = stopOf(client);
    let stop: DebugProtocol.StoppedEvent["body"] | undefined;
    void stopped.then((body) => (stop = body));
    while (stop === undefined && target.now < failed) await nextTurn();
    if (stop === undefined) await client.request("pause");
    stop = await stopped;
    const { body } = (await client.request("stackTrace", {
      threadId: 1,
    })) as DebugProtocol.StackTraceResponse;
    const names = body.stackFrames.map(({ name }) => name).join("\n");
    if (stop.reason === "exception") await expectTold(client, stop, wanted);
    else {
      expect(stop.reason).toBe("pause");
      // It stands where the program has put an end to itself.
      expect(names).toMatch(/HardFault|panic/);
      expect(await client.request("exceptionInfo", { threadId: 1 })).toMatchObject({
        success: false,
        message: "No exception has stopped the firmware; see the reason of the stop",
      });
    }
    expect(await client.request("setInstructionBreakpoints", { breakpoints: [] })).toMatchObject({
      success: true,
    });
  });
});

/** Virtual time after which the firmware has failed: it waits for a millisecond before. */
const FAILS_WITHIN = 20e6;
