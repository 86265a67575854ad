import type { DebugProtocol } from "@vscode/debugprotocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startBoardServer } from "#test/helpers/board-server";
import { DapClient } from "#test/helpers/dap-client";
import { type FaultyLine, type LineFault, startFaultyLine } from "#test/helpers/faulty-line";

const PROGRAM = "samples/prebuilt/blink-release.elf";
const SOURCE = { path: `${process.cwd()}/samples/blink/src/main.rs` };

/** So long a test waits for an answer at most; what comes later never comes. */
const BOUND_MS = 20_000;

/** A line that has gone silent is given up soon, so that tests need not wait. */
const SHORT_PATIENCE_MS = 150;

/** Faults that no line survives. */
const FATAL: ReadonlySet<LineFault> = new Set(["closes", "goes silent"]);

const FAULTS: readonly LineFault[] = [
  "closes",
  "goes silent",
  "damages a packet",
  "sends noise beside a packet",
  "answers E01 once",
  "answers E01 from then on",
  "answers anything once",
  "is late",
  "tells of each stop twice",
];

/** The first packets are those of connecting, each of its own kind; of the rest some are tried. */
const CONNECTING = 10;
const TRIED_LATER = 14;

const faults: unknown[] = [];
const note = (error: unknown) => void faults.push(error);

beforeEach(() => {
  process.on("unhandledRejection", note);
});
afterEach(() => {
  process.off("unhandledRejection", note);
  expect(faults.splice(0)).toEqual([]);
});

/** A promise that has to settle. */
async function settled<Value>(promise: Promise<Value>, what: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} never came`)), BOUND_MS);
  });
  try {
    return await Promise.race([promise, bound]);
  } finally {
    clearTimeout(timer);
  }
}

/** A session with a board that may fail at any moment, and what it has come to. */
class FaultySession {
  readonly client: DapClient;
  readonly refusals: string[] = [];
  isOver = false;

  constructor(patience: number | undefined) {
    this.client = new DapClient(patience === undefined ? {} : { patience });
  }

  async ask(command: string, args: object = {}): Promise<DebugProtocol.Response> {
    const response = await settled(this.client.request(command, args), `the answer to ${command}`);
    if (!response.success) this.refusals.push(response.message!);
    return response;
  }

  /** Asks for something that ends with a stop; the session may end instead. */
  async go(command: string, args: object = { threadId: 1 }): Promise<void> {
    const { success } = await this.ask(command, args);
    if (success) await this.stop(`a stop after ${command}`);
  }

  async stop(what: string): Promise<void> {
    if (this.isOver) return;
    const { event } = await settled(this.client.event("stopped", "terminated"), what);
    this.isOver = event === "terminated";
  }

  /** Looks at all that the client shows at a stop. */
  async look(): Promise<void> {
    await this.ask("threads");
    const stack = await this.ask("stackTrace", { threadId: 1 });
    if (!stack.success) return;
    const [frame] = (stack as DebugProtocol.StackTraceResponse).body.stackFrames;
    if (frame === undefined) return;
    const scopes = await this.ask("scopes", { frameId: frame.id });
    if (!scopes.success) return;
    for (const { variablesReference } of (scopes as DebugProtocol.ScopesResponse).body.scopes)
      await this.ask("variables", { variablesReference });
    await this.ask("evaluate", { expression: "BEATS", frameId: frame.id });
    await this.ask("pollscope/why", { threadId: 1 });
  }

  /** Debugs a board from its start to the end of the session. */
  async debug(gdb: string): Promise<void> {
    await this.ask("initialize", { adapterID: "pollscope" });
    const launch = { program: PROGRAM, target: "gdb", gdb, stopOnEntry: true };
    const { success } = await this.ask("launch", launch);
    if (success) {
      await this.ask("setBreakpoints", { source: SOURCE, breakpoints: [{ line: 46 }] });
      await this.ask("setExceptionBreakpoints", { filters: ["panic", "hardFault"] });
      await this.go("configurationDone");
      await this.look();
      await this.go("continue");
      await this.look();
      await this.go("next", { threadId: 1, granularity: "instruction" });
      await this.go("next", { threadId: 1 });
      await this.ask("setBreakpoints", { source: SOURCE, breakpoints: [] });
      await this.ask("continue", { threadId: 1 });
      await this.go("pause");
      await this.look();
    }
    await this.ask("threads");
    expect(await this.ask("disconnect")).toMatchObject({ success: true });
  }

  /** What was said on the Debug Console about things that did not work. */
  get failures(): string[] {
    return this.client.takeEvents().flatMap(({ event, body }) => {
      this.isOver ||= event === "terminated";
      const { category, output } = (body ?? {}) as Partial<DebugProtocol.OutputEvent["body"]>;
      return event === "output" && category === "stderr" ? [output!] : [];
    });
  }
}

/** What is said of a line that is lost. */
const LOST =
  /^The gdb server at 127\.0\.0\.1:\d+ (?:has gone|does not answer any more|hangs up before|lets us connect)/;

/** One sentence with what is wrong, and what to do about it. */
const SENTENCE = /^(?:[A-Z][^\n]*; [^\n]+|notStopped)$/;

async function withFault(
  fault: LineFault,
  run: (line: FaultyLine, session: FaultySession) => Promise<void>,
  at?: number,
): Promise<{ readonly session: FaultySession; readonly packets: number; readonly failures: string[] }> {
  const server = await startBoardServer(PROGRAM);
  const line = await startFaultyLine(server.port, at === undefined ? undefined : { fault, at });
  const session = new FaultySession(fault === "goes silent" ? SHORT_PATIENCE_MS : undefined);
  try {
    await run(line, session);
    const failures = session.failures;
    for (const refusal of session.refusals) expect(refusal).toMatch(SENTENCE);
    for (const failure of failures) expect(failure.trimEnd()).toMatch(SENTENCE);
    return { session, packets: line.packets, failures };
  } finally {
    await line.close();
    await server.close();
  }
}

describe("a board whose line fails at some packet of a session", () => {
  let packets = 0;

  it("has a session that goes well if it does not", async () => {
    const result = await withFault("is late", (line, session) => session.debug(line.gdb));
    expect(result.session.refusals).toEqual([]);
    expect(result.failures).toEqual([]);
    expect(result.session.isOver).toBe(false);
    packets = result.packets;
    expect(packets).toBeGreaterThan(2 * CONNECTING);
  });

  it.each(FAULTS)("%s", async (fault) => {
    const later = Array.from({ length: TRIED_LATER }, (_, i) =>
      Math.round(CONNECTING + ((i + 1) * (packets - CONNECTING)) / (TRIED_LATER + 1)),
    );
    const tried = [...Array.from({ length: CONNECTING }, (_, i) => i + 1), ...later];
    for (const at of tried) {
      try {
        const { session, failures } = await withFault(fault, (line, each) => each.debug(line.gdb), at);
        if (FATAL.has(fault)) {
          const isTold = (each: string) => LOST.test(each);
          // Before it has begun, a session ends with the answer to its launch.
          expect(session.isOver || session.refusals.some(isTold)).toBe(true);
          expect(failures.filter(isTold)).toHaveLength(session.isOver ? 1 : 0);
        }
        if (fault === "is late") expect([...session.refusals, ...failures]).toEqual([]);
      } catch (cause) {
        throw new Error(`${fault} at packet ${at} of ${packets}`, { cause });
      }
    }
  });
});

describe("a board whose line fails at a moment of a session", () => {
  /** Runs a firmware that nothing stops, and does something then. */
  async function whileRunning(session: FaultySession, gdb: string): Promise<void> {
    await session.ask("initialize", { adapterID: "pollscope" });
    await session.ask("launch", { program: PROGRAM, target: "gdb", gdb, stopOnEntry: true });
    await session.go("configurationDone");
    await session.ask("continue", { threadId: 1 });
  }

  async function expectOver(session: FaultySession): Promise<void> {
    await session.stop("the end of the session");
    expect(session.isOver).toBe(true);
    expect(await session.ask("threads")).toMatchObject({
      message: "No firmware is loaded; send a launch or attach request first",
    });
    expect(await session.ask("disconnect")).toMatchObject({ success: true });
  }

  it("ends the session when it closes while the program runs", async () => {
    const { failures } = await withFault("closes", async (line, session) => {
      await whileRunning(session, line.gdb);
      line.fail("closes");
      await expectOver(session);
    });
    expect(failures).toEqual([expect.stringMatching(/ has gone; check that the probe is plugged in/)]);
  });

  it("ends the session when it closes while the program stands, and nobody asks for anything", async () => {
    const { failures } = await withFault("closes", async (line, session) => {
      await whileRunning(session, line.gdb);
      await session.go("pause");
      line.fail("closes");
      await expectOver(session);
    });
    expect(failures).toHaveLength(1);
  });

  it.each(["pause", "restart"])("ends the session when it is silent to a %s", async (command) => {
    const { failures, session } = await withFault("goes silent", async (line, each) => {
      await whileRunning(each, line.gdb);
      line.fail("goes silent");
      await each.ask(command);
      await expectOver(each);
    });
    expect([...failures, ...session.refusals].filter((each) => LOST.test(each))).toHaveLength(1);
  });

  it("lets a client go that is done with a silent server", async () => {
    await withFault("goes silent", async (line, session) => {
      await whileRunning(session, line.gdb);
      line.fail("goes silent");
      expect(await session.ask("disconnect")).toMatchObject({ success: true });
    });
  });

  // What else is shown at a stop has been read when the stop was told.
  it.each(["next", "readMemory"])("ends when it is silent to %s", async (command) => {
    await withFault("goes silent", async (line, session) => {
      await whileRunning(session, line.gdb);
      await session.go("pause");
      line.fail("goes silent");
      await session.ask(command, { threadId: 1, memoryReference: "0x20000000", count: 4 });
      await expectOver(session);
    });
  });

  it("goes on after something has been refused once", async () => {
    const { failures, session } = await withFault("answers E01 once", async (line, each) => {
      await whileRunning(each, line.gdb);
      await each.go("pause");
      line.fail("answers E01 once");
      await each.go("next", { threadId: 1, granularity: "instruction" });
      expect(await each.ask("stackTrace", { threadId: 1 })).toMatchObject({ success: true });
      await each.go("next", { threadId: 1, granularity: "instruction" });
      expect(await each.ask("disconnect")).toMatchObject({ success: true });
    });
    expect(session.isOver).toBe(false);
    expect(session.refusals).toEqual([]);
    expect(failures.length).toBeLessThanOrEqual(1);
  });
});
