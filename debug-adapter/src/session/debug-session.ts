import { DebugSession, Event, InitializedEvent, TerminatedEvent, ThreadEvent } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { UserError } from "../base/errors";
import { runToMain } from "../debuggee/run-to-main";
import type { Movement } from "../debuggee/run-control/movement";
import type { Stop } from "../debuggee/run-control/stop";
import type { CustomEventName, CustomEvents } from "../protocol/custom-events";
import { checkArguments } from "./argument-shapes";
import { BreakpointMemory } from "./breakpoint-memory";
import { CAPABILITIES, NEEDS_WATCHING, REFUSED } from "./capabilities";
import { DebugConsole } from "./console";
import { type Launched, SessionHandles } from "./launched";
import { MOVEMENTS, QUESTIONS } from "./requests";
import { findingsSoFar } from "./requests/findings";
import { attach, launch, launchConfigured, modificationTime } from "./requests/launch";
import { Pace } from "../target/pace";
import type { SessionWorld } from "./session-world";
import { stopWords, whatHappened } from "./stop-words";
import { CORE_THREAD, ThreadIds } from "./thread-ids";
import {
  ExpressionFault,
  GoneHandleError,
  launchedAlready,
  NOT_STOPPED,
  notLaunched,
  NotStoppedError,
  notWatched,
  refused,
  sessionOver,
} from "./user-errors";

/** What the library says of a message that it cannot take apart; all else that it reports is of the streams. */
const UNREADABLE = "Error handling data";

/** What is other on a board than in the emulated Pico. */
const ON_A_BOARD =
  "Pollscope reads tasks, their awaits and variables from the board's memory where it stops; polls, wakes, findings and the timeline are seen in the emulated Pico only";

/** Error number of all errors that a user can act on; DAP wants one. */
const USER_ERROR = 1;

/**
 * Which thread a movement ends in: the task that is being polled, the core because that is what was stepped, or the
 * task that something has happened to.
 */
type Focus = "poll" | "core" | "event";

/** What a request comes to: the body of its response, and what is done once that has been sent. */
interface Answer {
  readonly body?: unknown;
  readonly after?: () => void;
}

/** One debug session over DAP: launches a firmware, lets it run from stop to stop, and answers questions about it. */
export class PollscopeSession extends DebugSession {
  private readonly handles = new SessionHandles();
  private readonly threads = new ThreadIds();
  private readonly breakpoints = new BreakpointMemory();
  private readonly console = new DebugConsole((output) => this.sendEvent(new Event("output", output)));
  private readonly cancelled = new Set<number>();
  private client: Partial<DebugProtocol.InitializeRequestArguments> = {};
  private current: Launched | undefined;
  private focus: Focus = "poll";
  private hasToldOfRebuild = false;
  /** Whether the client has ended the session, or the board has gone. */
  private isOver = false;
  /** Settles when what is being launched is of this session, or has been let go. */
  private loading: Promise<void> | undefined;
  /** Settles when all that this session had has been let go. */
  private released: Promise<void> = Promise.resolve();
  /** What the client was told last, as JSON. */
  private lastFindings: string | undefined;

  constructor(private readonly world: SessionWorld) {
    super();
    // The library would end the session for one message that is no JSON.
    this.removeAllListeners("error");
    this.on("error", ({ body }: { readonly body?: unknown }) => this.channelFailed(String(body)));
  }

  /** The requests that are about the session itself; all others are about what it has launched. */
  private readonly lifecycle: Readonly<Record<string, (args: never) => Answer | Promise<Answer>>> = {
    initialize: (args) => this.initialize(args),
    launch: (args) => this.launch(args, launch),
    attach: (args) => this.launch(args, attach),
    configurationDone: () => this.configured(),
    continue: () => this.goOn(),
    pause: () => this.pause(),
    restart: () => this.restart(),
    terminate: () => ({ after: () => this.terminate() }),
    disconnect: () => this.disconnect(),
    cancel: (args) => this.cancel(args),
  };

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    const response: DebugProtocol.Response = {
      seq: 0,
      type: "response",
      request_seq: request.seq,
      command: request.command,
      success: true,
    };
    Promise.resolve()
      .then(() => this.answer(request))
      .then(({ body, after }) => {
        if (this.cancelled.delete(request.seq)) this.sendFailure(response, "cancelled");
        else this.sendResponse(body === undefined ? response : { ...response, body });
        after?.();
      })
      .catch((error: unknown) => this.sendError(response, error));
  }

  /** A message could not be read, or the streams to the client are broken. */
  private channelFailed(what: string): void {
    if (what.startsWith(UNREADABLE))
      this.console.note("A message of the client is no DAP request; it is left out");
    else this.shutdown();
  }

  private async answer({ command, arguments: args }: DebugProtocol.Request): Promise<Answer> {
    // What a launch request says has a check of its own, in the words of a configuration.
    const isBeginning = command === "launch" || command === "attach";
    const given = (isBeginning ? args : checkArguments(command, args)) as never;
    const own = Object.hasOwn(this.lifecycle, command) ? this.lifecycle[command] : undefined;
    if (own !== undefined) return own(given);
    const question = Object.hasOwn(QUESTIONS, command) ? QUESTIONS[command] : undefined;
    if (question !== undefined) {
      if (NEEDS_WATCHING.has(command) && !this.launched().debuggee.isObserved) throw notWatched();
      this.breakpoints.note(command, given);
      return { body: await question(this.launched(), given) };
    }
    const movementOf = Object.hasOwn(MOVEMENTS, command) ? MOVEMENTS[command] : undefined;
    if (movementOf !== undefined) {
      const launched = this.stopped();
      const movement = movementOf(launched, given);
      const { threadId } = given as { readonly threadId: number };
      launched.subjectOf(threadId);
      const focus = isTaskStep(command) ? "event" : threadId === CORE_THREAD ? "core" : "poll";
      const isOurs = isTaskStep(command);
      return {
        after: () => {
          if (isOurs) this.sendContinued(threadId);
          this.move(launched, movement, focus);
        },
      };
    }
    const reason = Object.hasOwn(REFUSED, command) ? REFUSED[command] : undefined;
    throw refused(command, reason ?? "it is no request that Pollscope knows");
  }

  private initialize(args: DebugProtocol.InitializeRequestArguments): Answer {
    this.client = args;
    if (args.linesStartAt1 === false || args.columnsStartAt1 === false || args.pathFormat === "uri") {
      throw new UserError(
        "Pollscope counts lines and columns from 1, and names files by their paths",
        'send "linesStartAt1": true, "columnsStartAt1": true and "pathFormat": "path"',
      );
    }
    return { body: CAPABILITIES };
  }

  private async launch(args: unknown, begin: typeof launch): Promise<Answer> {
    if (this.current !== undefined || this.loading !== undefined) throw launchedAlready();
    await this.load(() => begin(args, this.world, { handles: this.handles, threads: this.threads }));
    return { after: () => this.sendEvent(new InitializedEvent()) };
  }

  /** Makes what is launched the debuggee of this session; if that ends meanwhile, nobody keeps the board. */
  private async load(launching: () => Promise<Launched>): Promise<Launched> {
    if (this.isOver) throw sessionOver();
    const loaded = launching().then(async (launched) => {
      if (!this.isOver) {
        this.take(launched);
        return launched;
      }
      await launched.dispose();
      throw sessionOver();
    });
    const settle = () => (this.loading = undefined);
    this.loading = loaded.then(settle, settle);
    return loaded;
  }

  /** Makes a debuggee that was launched the one of this session. */
  private take(launched: Launched): void {
    this.current = launched;
    this.hasToldOfRebuild = false;
    const { debuggee } = launched;
    const { runControl } = debuggee;
    runControl.onDidContinue.add(() => this.sendCustomEvent("pollscope/state", { kind: "running" }));
    runControl.onDidStop.add(
      (stop) => void this.announce(launched, stop).catch((error: unknown) => this.fail(launched, error)),
    );
    debuggee.breakpoints.onDidLog.add(({ time, text }) => this.console.line(time, text, "console"));
    launched.onWrite = () => {
      if (this.client.supportsInvalidatedEvent === true)
        this.sendEvent(new Event("invalidated", { areas: ["all"] }));
    };
    launched.findings.onDidFind.add((finding) => {
      this.console.finding(finding);
      this.tellFindings(launched);
    });
    this.lastFindings = undefined;
    this.tellFindings(launched);
    this.console.follow(debuggee);
    this.console.problems(debuggee.problems);
    if (!debuggee.isObserved) this.console.note(ON_A_BOARD);
    debuggee.target.onLost = (why) => {
      if (this.current !== launched) return;
      this.console.failure(why);
      this.terminate();
    };
  }

  private configured(): Answer {
    const launched = this.launched();
    return {
      after: () => {
        this.renewThreads(CORE_THREAD);
        this.begin(launched);
      },
    };
  }

  /** Lets the firmware run for the first time. */
  private begin(launched: Launched): void {
    const { stopOnEntry, board } = launched.configuration;
    if (stopOnEntry) this.move(launched, runToMain(launched.debuggee), "poll");
    // Who attaches wants to see what the program is doing now.
    else if (board?.isReset === false) this.move(launched, () => Promise.resolve({ kind: "pause" }), "poll");
    else this.run(launched);
  }

  private goOn(): Answer {
    const launched = this.launched();
    const body = { allThreadsContinued: true };
    if (!launched.isStopped) return { body };
    this.renewThreads(CORE_THREAD);
    return { body, after: () => this.run(launched) };
  }

  private pause(): Answer {
    const launched = this.launched();
    return { after: () => void launched.debuggee.runControl.pause().catch(() => undefined) };
  }

  private async restart(): Promise<Answer> {
    const launched = await this.launchAgain(this.launched());
    const changed = this.breakpoints.setAgain(launched);
    for (const breakpoint of changed)
      this.sendEvent(new Event("breakpoint", { reason: "changed", breakpoint }));
    return {
      after: () => {
        this.sendContinued(CORE_THREAD);
        this.begin(launched);
        this.renewThreads(NO_THREAD);
      },
    };
  }

  private async launchAgain(before: Launched): Promise<Launched> {
    const { configuration } = before;
    const kept = { handles: this.handles, threads: this.threads };
    const isOnBoard = configuration.board !== undefined;
    // A board has one debugger at a time; without one there is no session any more.
    if (isOnBoard) await this.letGo();
    try {
      return await this.load(async () => {
        const launched = await launchConfigured(configuration, this.world, kept);
        if (!isOnBoard) await before.dispose();
        if (before.modified !== launched.modified) {
          const { path } = launched.debuggee.firmware;
          this.console.note(`${path} has been built anew since it was loaded; this is the new one`);
        }
        return launched;
      });
    } catch (error) {
      if (isOnBoard && !this.isOver) this.terminate();
      throw error;
    }
  }

  /** Tells the client of a run that none of DAP's own requests implies, so that it can offer to pause it. */
  private sendContinued(threadId: number): void {
    this.sendEvent(new Event("continued", { threadId, allThreadsContinued: true }));
  }

  private terminate(): void {
    void this.end();
    this.sendEvent(new TerminatedEvent());
  }

  private async disconnect(): Promise<Answer> {
    await this.end();
    return { after: () => this.shutdown() };
  }

  /** A client that has gone leaves no board halted behind it. */
  override shutdown(): void {
    void this.end().then(() => super.shutdown());
  }

  /** A response that is still to come says that it was cancelled; one that was sent is left alone. */
  private cancel({ requestId }: DebugProtocol.CancelArguments): Answer {
    if (requestId !== undefined) this.cancelled.add(requestId);
    return {};
  }

  private run(launched: Launched): void {
    this.focus = "poll";
    const { speed } = launched.configuration;
    const pace = speed === "max" ? {} : { pace: new Pace(speed, this.world.clock) };
    launched.debuggee.runControl.continue(pace).catch((error: unknown) => this.fail(launched, error));
  }

  /**
   * What the client was told that the threads are doing is not true any more: this makes it ask for them again. VS Code
   * drops what it is about to do with a thread that is said to have started: behind a "continued", the core would stay
   * paused there.
   */
  private renewThreads(started: number): void {
    this.sendEvent(new ThreadEvent("started", started));
  }

  private move(launched: Launched, movement: Movement, focus: Focus): void {
    this.focus = focus;
    launched.debuggee.runControl.perform(movement).catch((error: unknown) => this.fail(launched, error));
  }

  /** Tells the client that the firmware stands still. */
  private async announce(launched: Launched, stop: Stop): Promise<void> {
    if (this.current !== launched) return;
    const words = stopWords(stop);
    const { reason, label, text } = words;
    this.console.flush(stop.time);
    await launched.findings.look();
    this.console.problems(launched.debuggee.problems);
    await this.tellOfRebuild(launched);
    if (!launched.isStopped) return;
    const threadId = await this.threadOf(launched, stop).catch(coreWhereUnread);
    if (threadId === undefined) return;
    const { cause } = stop;
    this.sendEvent(
      new Event("stopped", {
        reason,
        threadId,
        allThreadsStopped: true,
        ...(label !== undefined && { description: label }),
        ...(text !== undefined && { text }),
        ...(cause.kind === "breakpoint" && { hitBreakpointIds: cause.ids }),
      }),
    );
    this.sendCustomEvent("pollscope/state", {
      kind: "stopped",
      time: stop.time,
      threadId,
      text: whatHappened(words),
    });
    this.tellFindings(launched);
  }

  /** Tells the client all findings, if they are not as they were when it was told last. */
  private tellFindings(launched: Launched): void {
    const body = findingsSoFar(launched);
    const text = JSON.stringify(body.findings);
    if (text === this.lastFindings) return;
    this.lastFindings = text;
    this.sendCustomEvent("pollscope/findings", body);
  }

  /** The thread that a stop is about. */
  private async threadOf(launched: Launched, stop: Stop): Promise<number> {
    const { cause } = stop;
    const { trace, isObserved } = launched.debuggee;
    const isStep = cause.kind === "step";
    const happened = isStep && this.focus === "event" ? launched.knowledge.history.lastTask() : undefined;
    if (happened !== undefined) return launched.threads.of(happened, trace);
    const task = isObserved ? stop.task : (await launched.inspection()).pollSections[0]?.task;
    // Most findings are known when the poll of the task that they are about is over.
    const [found] = cause.kind === "finding" && task === undefined ? cause.finding.tasks : [];
    if (found !== undefined) return launched.threads.of(found, trace);
    if (task === undefined || (isStep && this.focus === "core")) return CORE_THREAD;
    const { pollSections } = await launched.inspection();
    const isInterrupted = (pollSections[0]?.interruptedBy.length ?? 0) > 0;
    return isInterrupted ? CORE_THREAD : launched.threads.of(task, trace);
  }

  private async tellOfRebuild({ debuggee, modified }: Launched): Promise<void> {
    const now = await modificationTime(debuggee.firmware.path);
    if (this.hasToldOfRebuild || now === modified) return;
    this.hasToldOfRebuild = true;
    this.console.note(
      `${debuggee.firmware.path} has changed since it was loaded; this session goes on with what was loaded, restart it for the new one`,
    );
  }

  private launched(): Launched {
    if (this.current === undefined) throw notLaunched();
    return this.current;
  }

  private stopped(): Launched {
    const launched = this.launched();
    launched.requireStopped();
    return launched;
  }

  /** A fault of ours while the firmware ran: the session ends, and says why. */
  private fail(launched: Launched, error: unknown): void {
    // What has been let go has no more to say.
    if (this.current !== launched) return;
    if (error instanceof UserError) {
      // The firmware stands where it stood, and can go on once the user has seen to it.
      this.console.failure(error);
      return;
    }
    this.console.fault(error);
    this.terminate();
  }

  /** Resolves when another can have the board, however often it is called. */
  private end(): Promise<void> {
    this.isOver = true;
    return this.letGo();
  }

  private letGo(): Promise<void> {
    const launched = this.current;
    this.current = undefined;
    const all = async () => {
      await Promise.all([this.released, this.loading, launched?.dispose()]);
    };
    this.released = all().catch((error: unknown) => this.console.fault(error));
    return this.released;
  }

  private sendCustomEvent<Name extends CustomEventName>(name: Name, body: CustomEvents[Name]): void {
    this.sendEvent(new Event(name, body));
  }

  private sendError(response: DebugProtocol.Response, error: unknown): void {
    if (error instanceof NotStoppedError) {
      this.sendFailure(response, NOT_STOPPED);
      return;
    }
    const isUsers = error instanceof UserError || error instanceof ExpressionFault;
    if (!isUsers) this.console.fault(error);
    const text = isUsers ? error.message : "This is a fault of Pollscope itself; please report it.";
    // In a format braces stand for variables, of which there are none.
    const format = text.replaceAll(/[{}]/g, "");
    this.sendErrorResponse(response, {
      id: USER_ERROR,
      format,
      showUser: !(error instanceof GoneHandleError) && isShown(response.command),
    });
  }

  private sendFailure(response: DebugProtocol.Response, message: string): void {
    this.sendResponse(Object.assign(response, { success: false, message }));
  }
}

/**
 * The client has to know that the core stands, also where its memory cannot be read; it is told so when it looks. Of
 * what has gone on meanwhile there is nothing to tell.
 */
function coreWhereUnread(error: unknown): number | undefined {
  if (error instanceof NotStoppedError) return undefined;
  if (error instanceof UserError) return CORE_THREAD;
  throw error;
}

function isTaskStep(command: string): boolean {
  return command.startsWith("pollscope/");
}

/** Stands for no thread where only the list of threads is to be asked for. */
const NO_THREAD = 0;

/** What was typed or asked for shows its errors where it stands; anything else wants a message of its own. */
function isShown(command: string): boolean {
  return ![
    "evaluate",
    "completions",
    "setExpression",
    "setVariable",
    "dataBreakpointInfo",
    // Panels show by themselves what they are told.
    "pollscope/awaitTree",
    "pollscope/board",
    "pollscope/executor",
    "pollscope/input",
    "pollscope/pollCycle",
    "pollscope/stateMachine",
    "pollscope/stateMachines",
    "pollscope/timeline",
  ].includes(command);
}
