import type { DebugProtocol } from "@vscode/debugprotocol";
import { it } from "vitest";
import type { LaunchArguments } from "#adapter/protocol/launch-arguments";
import { DapClient } from "#test/helpers/dap-client";
import { expectGolden } from "#test/helpers/golden";

const ROOT = process.cwd();

/** Events that every stop has, or that other tests look at. */
const UNTOLD: ReadonlySet<string> = new Set(["pollscope/state", "pollscope/findings", "stopped", "thread"]);

/**
 * A test that debugs a firmware over DAP and compares all that it was told with `test/golden/dap/NAME.txt`. The
 * comparison is made by the caller of the script, so that none can be forgotten.
 */
export function goldenSession(name: string, script: (session: GoldenSession) => Promise<void>): void {
  it(name, async () => {
    const session = new GoldenSession();
    try {
      await script(session);
    } catch (cause) {
      throw new Error(`the session failed after:\n${session.text()}`, { cause });
    } finally {
      await session.client.request("disconnect");
    }
    session.tellEvents();
    expectGolden(`dap/${name}.txt`, session.text());
  });
}

/** A debug session and the account of it. */
export class GoldenSession {
  readonly client = new DapClient();
  private readonly lines: string[] = [];

  /** The account so far; paths of this machine begin with `$ROOT`. */
  text(): string {
    return `${this.lines.join("\n").replaceAll(ROOT, "$ROOT")}\n`;
  }

  write(line: string): void {
    if (process.env["TRACE_GOLDEN"]) process.stderr.write(`${line}\n`);
    this.lines.push(line);
  }

  heading(words: string): void {
    if (this.lines.length > 0) this.lines.push("");
    this.lines.push(`== ${words}`);
  }

  /** Launches a firmware, and waits until it stands still for the first time. */
  async launch(
    args: LaunchArguments,
    configure: () => Promise<void> = () => Promise.resolve(),
  ): Promise<DebugProtocol.StoppedEvent["body"]> {
    await this.client.request("initialize", { adapterID: "pollscope", supportsInvalidatedEvent: true });
    const { success, message } = await this.client.request("launch", args);
    if (!success) throw new Error(message);
    await this.client.event("initialized");
    await configure();
    await this.client.request("configurationDone");
    return this.stopped();
  }

  /** Sends a request; a failure is told. */
  async ask<Response extends DebugProtocol.Response>(
    command: string,
    args: unknown = {},
  ): Promise<Response["body"] | undefined> {
    const response = (await this.client.request(command, args)) as Response;
    if (response.success) return response.body as Response["body"];
    this.write(`${command} is refused: ${response.message}`);
    return undefined;
  }

  /** Sets breakpoints, and tells what has become of each. */
  async breakpoints(command: string, args: object): Promise<DebugProtocol.Breakpoint[]> {
    const body = await this.ask<DebugProtocol.SetBreakpointsResponse>(command, args);
    for (const { id, verified, message, line, source } of body?.breakpoints ?? []) {
      const place = line === undefined ? "" : ` ${source?.path ?? "line"}:${line}`;
      this.write(`breakpoint #${id ?? "?"} ${verified ? "is set" : `is refused: ${message ?? ""}`}${place}`);
    }
    return body?.breakpoints ?? [];
  }

  /** Sends a request that lets the firmware run, and waits for the stop. */
  async go(command: string, args: object = { threadId: 1 }): Promise<DebugProtocol.StoppedEvent["body"]> {
    await this.ask(command, args);
    return this.stopped();
  }

  /** Waits for the next stop, and tells it with the output that came before. */
  async stopped(): Promise<DebugProtocol.StoppedEvent["body"]> {
    const event = await this.client.event("stopped", "terminated");
    if (event.event === "terminated") throw new Error("the session has ended instead of stopping");
    const { body } = event as DebugProtocol.StoppedEvent;
    this.tellEvents();
    const { reason, threadId, text, hitBreakpointIds } = body;
    const what = text === undefined ? "" : `: ${text}`;
    const ids = hitBreakpointIds === undefined ? "" : ` #${hitBreakpointIds.join(" #")}`;
    this.write(`stopped (${reason}${ids}) in thread ${threadId}${what}`);
    return body;
  }

  /** Tells the output, and other events but those that every stop has. */
  tellEvents(): void {
    for (const { event, body } of this.client.takeEvents()) {
      if (event === "output") {
        const { output, category, group, source, line } = body as DebugProtocol.OutputEvent["body"];
        if (group === "end") continue;
        const place = group === undefined || source?.path === undefined ? "" : ` (${source.path}:${line})`;
        this.write(`${category}| ${output.trimEnd()}${place}`);
      } else if (!UNTOLD.has(event)) {
        this.write(`event ${event} ${JSON.stringify(body)}`);
      }
    }
  }

  async threads(): Promise<DebugProtocol.Thread[]> {
    const body = await this.ask<DebugProtocol.ThreadsResponse>("threads");
    for (const { id, name } of body?.threads ?? []) this.write(`thread ${id}: ${name}`);
    return body?.threads ?? [];
  }

  /** The number of the thread of a task. */
  async threadOf(task: string): Promise<number> {
    const { body } = (await this.client.request("threads")) as DebugProtocol.ThreadsResponse;
    const found = body.threads.find(({ name }) => name.startsWith(`${task} ·`));
    if (found === undefined) throw new Error(`no thread of ${task}`);
    return found.id;
  }

  async stack(threadId: number, page: object = {}): Promise<DebugProtocol.StackFrame[]> {
    const body = await this.ask<DebugProtocol.StackTraceResponse>("stackTrace", { threadId, ...page });
    for (const frame of body?.stackFrames ?? []) this.write(`  ${frameLine(frame)}`);
    return body?.stackFrames ?? [];
  }

  /** The frames of a thread, without telling them. */
  async framesOf(threadId: number): Promise<DebugProtocol.StackFrame[]> {
    const { body } = (await this.client.request("stackTrace", {
      threadId,
    })) as DebugProtocol.StackTraceResponse;
    return body.stackFrames;
  }

  /** Tells the scopes of a frame, to a depth; of those that are named in `names` if it is given. */
  async scopes(
    frame: DebugProtocol.StackFrame | undefined,
    depth = 2,
    names?: readonly string[],
  ): Promise<void> {
    if (frame === undefined) throw new Error("there is no such frame");
    const body = await this.ask<DebugProtocol.ScopesResponse>("scopes", { frameId: frame.id });
    for (const { name, variablesReference, expensive } of body?.scopes ?? []) {
      if (names?.includes(name) === false) continue;
      this.write(`  ${name}${expensive ? " (on demand)" : ""}:`);
      await this.variables(variablesReference, depth, "    ");
    }
  }

  async variables(variablesReference: number, depth: number, indent = "  "): Promise<void> {
    const body = await this.ask<DebugProtocol.VariablesResponse>("variables", { variablesReference });
    for (const each of body?.variables ?? []) {
      this.write(`${indent}${each.name} = ${each.value}`);
      const isDetail = each.name === "(raw)" || depth <= 1;
      if (each.variablesReference > 0 && !isDetail) {
        await this.variables(each.variablesReference, depth - 1, `${indent}  `);
      }
    }
  }

  async evaluate(expression: string, frameId?: number, context = "watch"): Promise<void> {
    const response = (await this.client.request("evaluate", {
      expression,
      context,
      ...(frameId !== undefined && { frameId }),
    })) as DebugProtocol.EvaluateResponse;
    const said = response.success
      ? `= ${response.body.result}${response.body.type === undefined ? "" : `: ${response.body.type}`}`
      : `! ${response.message}`;
    this.write(`  ${expression} ${said}`);
  }
}

function frameLine({ name, source, line, presentationHint }: DebugProtocol.StackFrame): string {
  if (presentationHint === "label") return `-- ${name} --`;
  const origin = source?.origin === undefined ? "" : ` (${source.origin})`;
  const place = source?.path === undefined ? "" : `  ${source.path}:${line}${origin}`;
  return `${presentationHint === "subtle" ? "· " : ""}${name}${place}`;
}
