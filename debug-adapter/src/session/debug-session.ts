import { DebugSession, Event, InitializedEvent, OutputEvent, TerminatedEvent } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { UserError } from "../base/errors";
import { coreBacktrace } from "../debuggee/core-backtrace";
import type { Debuggee } from "../debuggee/debuggee";
import { nanoseconds } from "../base/brand";
import { taskStates } from "../trace/task-state";
import { launch } from "./launch";
import { awaitFrames, coreFrames, taskOfThread, toStopped, toThreads } from "./to-dap";

/** Error number of all errors that a user can act on; DAP wants one. */
const USER_ERROR = 1;

/** What this adapter answers. Anything else is refused by name, never ignored. */
const SUPPORTED: ReadonlySet<string> = new Set([
  "initialize",
  "launch",
  "configurationDone",
  "setBreakpoints",
  "threads",
  "stackTrace",
  "scopes",
  "continue",
  "pause",
  "disconnect",
  "terminate",
]);

/** One debug session over DAP: launches a firmware, runs it, and shows the core and the tasks when it stops. */
export class PollscopeSession extends DebugSession {
  private debuggee: Debuggee | undefined;
  private stopOnEntry = false;

  constructor() {
    super();
    this.setDebuggerLinesStartAt1(true);
    this.setDebuggerColumnsStartAt1(true);
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    if (SUPPORTED.has(request.command)) {
      super.dispatchRequest(request);
      return;
    }
    const response = {
      seq: 0,
      type: "response",
      request_seq: request.seq,
      command: request.command,
      success: true,
    };
    this.sendErrorResponse(
      response,
      USER_ERROR,
      `Pollscope cannot do "${request.command}" in a debug session yet.`,
    );
  }

  protected override initializeRequest(response: DebugProtocol.InitializeResponse): void {
    response.body = { supportsConfigurationDoneRequest: true, supportsTerminateRequest: true };
    this.sendResponse(response);
  }

  protected override launchRequest(response: DebugProtocol.LaunchResponse, args: unknown): void {
    this.respond(response, async () => {
      const { debuggee, stopOnEntry } = await launch(args);
      this.debuggee = debuggee;
      this.stopOnEntry = stopOnEntry;
      this.showOutput(debuggee);
      this.sendEvent(new InitializedEvent());
    });
  }

  protected override setBreakPointsRequest(
    response: DebugProtocol.SetBreakpointsResponse,
    args: DebugProtocol.SetBreakpointsArguments,
  ): void {
    const message = "Pollscope does not stop at source lines yet";
    response.body = { breakpoints: (args.breakpoints ?? []).map(() => ({ verified: false, message })) };
    this.sendResponse(response);
  }

  protected override configurationDoneRequest(response: DebugProtocol.ConfigurationDoneResponse): void {
    this.sendResponse(response);
    if (this.stopOnEntry) this.sendEvent(new Event("stopped", toStopped({ kind: "entry" })));
    else this.run();
  }

  protected override continueRequest(response: DebugProtocol.ContinueResponse): void {
    response.body = { allThreadsContinued: true };
    this.sendResponse(response);
    this.run();
  }

  protected override pauseRequest(response: DebugProtocol.PauseResponse): void {
    this.debuggee?.target.interrupt();
    this.sendResponse(response);
  }

  protected override threadsRequest(response: DebugProtocol.ThreadsResponse): void {
    this.respond(response, () => {
      const { trace, target } = this.launched();
      response.body = { threads: toThreads(trace, target.now) };
    });
  }

  protected override stackTraceRequest(
    response: DebugProtocol.StackTraceResponse,
    { threadId }: DebugProtocol.StackTraceArguments,
  ): void {
    this.respond(response, async () => {
      const stackFrames = await this.stackOf(threadId);
      response.body = { stackFrames, totalFrames: stackFrames.length };
    });
  }

  protected override scopesRequest(response: DebugProtocol.ScopesResponse): void {
    response.body = { scopes: [] };
    this.sendResponse(response);
  }

  protected override terminateRequest(response: DebugProtocol.TerminateResponse): void {
    this.end();
    this.sendResponse(response);
    this.sendEvent(new TerminatedEvent());
  }

  protected override disconnectRequest(response: DebugProtocol.DisconnectResponse): void {
    this.end();
    this.sendResponse(response);
    this.shutdown();
  }

  private launched(): Debuggee {
    if (this.debuggee === undefined)
      throw new UserError("No firmware is loaded", "send a launch request first");
    return this.debuggee;
  }

  private async stackOf(threadId: number): Promise<DebugProtocol.StackFrame[]> {
    const debuggee = this.launched();
    const task = taskOfThread(threadId);
    if (task === undefined) return coreFrames((await coreBacktrace(debuggee)).frames);
    const state = taskStates(debuggee.trace)[task];
    const suspension = state && debuggee.trace.suspension(state.suspension);
    return awaitFrames(suspension?.frames ?? []);
  }

  private run(): void {
    const { debuggee } = this;
    if (debuggee === undefined || debuggee.target.state.kind === "running") return;
    debuggee
      .run(nanoseconds(Infinity))
      .then((reason) => {
        if (this.debuggee === debuggee) this.sendEvent(new Event("stopped", toStopped(reason)));
      })
      .catch((error: unknown) => {
        this.showFault(error);
        this.sendEvent(new TerminatedEvent());
      });
  }

  /** What the firmware sends on its UARTs, and what it shows on displays. */
  private showOutput({ target }: Debuggee): void {
    target.observe({
      onUartByte: (_, _uart, byte, direction) => {
        if (direction === "transmit") this.sendEvent(new OutputEvent(String.fromCharCode(byte), "stdout"));
      },
      onDisplay: (_, part, text) =>
        this.sendEvent(new OutputEvent(`${part} shows ${JSON.stringify(text)}\n`, "console")),
    });
  }

  /** A fault of ours, with all that a report needs. */
  private showFault(error: unknown): void {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.sendEvent(new OutputEvent(`${stack}\n`, "stderr"));
  }

  private end(): void {
    this.debuggee?.dispose();
    this.debuggee = undefined;
  }

  /** Sends the response once `fill` is done, or the error it ends with as the one sentence the user sees. */
  private respond(response: DebugProtocol.Response, fill: () => void | Promise<void>): void {
    Promise.resolve()
      .then(fill)
      .then(() => this.sendResponse(response))
      .catch((error: unknown) => {
        const isUserError = error instanceof UserError;
        if (!isUserError) this.showFault(error);
        const text = isUserError ? error.message : "This is a fault of Pollscope itself; please report it.";
        this.sendErrorResponse(response, {
          id: USER_ERROR,
          format: text.replaceAll(/[{}]/g, ""),
          showUser: true,
        });
      });
  }
}
