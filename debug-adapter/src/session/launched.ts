import { join } from "node:path";
import { address, nanoseconds } from "../base/brand";
import { functionAround } from "../debuggee/code/code-lines";
import { type CodeListing, codeListing } from "../debuggee/code/code-listing";
import type { Debuggee } from "../debuggee/debuggee";
import { isAllowed as isSourceAllowing, SourceLines } from "../debuggee/findings/allowed-findings";
import { type FindingsOptions, FindingsWatch } from "../debuggee/findings/findings-watch";
import { DebuggeeKnowledge, Inspection } from "../debuggee/inspection";
import { type ScopedFrame, scopedFrame } from "../debuggee/scopes/scope";
import type { VariableList } from "../debuggee/scopes/variable";
import { coreStack } from "../debuggee/stacks/machine-stack";
import type { StackFrame } from "../debuggee/stacks/stack-frame";
import { Stepping } from "../debuggee/stepping/stepping";
import { taskStack } from "../debuggee/stacks/task-stack";
import type { TaskIndex } from "../trace/event";
import type { TaskState } from "../trace/task-state";
import type { LaunchConfiguration } from "./launch-configuration";
import { References } from "./references";
import type { Sources } from "./sources";
import { CORE_THREAD, type ThreadIds, type ThreadSubject } from "./thread-ids";
import { goneHandle, noSuchThread, NotStoppedError } from "./user-errors";

/** Variables that the client may ask for, and the frame whose names they have. */
export type VariablesHandle =
  /** Made anew each time: the client may have set something. */
  | { readonly kind: "scope"; readonly frameId: number; readonly name: string }
  | { readonly kind: "parts"; readonly frameId: number | undefined; readonly list: VariableList };

/** What a session hands out numbers for; they outlive a restart, so that none is ever given twice. */
export class SessionHandles {
  readonly frames = new References<ScopedFrame>("frame");
  readonly lists = new References<VariablesHandle>("variable");
  /** Code does not change from stop to stop: these stay. */
  readonly listings = new References<CodeListing>("listing");

  clear(): void {
    this.frames.clear();
    this.lists.clear();
  }
}

export interface LaunchedOptions {
  /** Pollscope's own folder. */
  readonly packageFolder: string;
  readonly debuggee: Debuggee;
  readonly configuration: LaunchConfiguration;
  readonly sources: Sources;
  /** When the firmware's file had last been written as it was loaded, in milliseconds. */
  readonly modified: number | undefined;
  readonly handles: SessionHandles;
  readonly threads: ThreadIds;
}

/** A debuggee in a session, and what was found out about it since it stopped. */
export class Launched {
  readonly debuggee: Debuggee;
  readonly configuration: LaunchConfiguration;
  readonly sources: Sources;
  readonly handles: SessionHandles;
  readonly threads: ThreadIds;
  readonly knowledge: DebuggeeKnowledge;
  readonly findings: FindingsWatch;
  readonly stepping: Stepping;
  readonly modified: number | undefined;
  /** Tells the client that what it shows may not be true any more. */
  onWrite: () => void = () => undefined;
  /** The path of the page about a kind of finding. */
  readonly pageOf: (kind: string) => string;
  private inspected: Promise<Inspection> | undefined;
  /** On a board, what was seen at the last stop. */
  private lastStates: readonly TaskState[] = [];
  /** Numbers of listings by where their functions begin. */
  private readonly listings = new Map<number, number>();
  private stacks = new Map<number, readonly NumberedFrame[]>();

  constructor(options: LaunchedOptions) {
    this.debuggee = options.debuggee;
    this.configuration = options.configuration;
    this.sources = options.sources;
    this.handles = options.handles;
    this.threads = options.threads;
    this.modified = options.modified;
    this.pageOf = (kind) => join(options.packageFolder, "docs", "findings", `${kind}.md`);
    // Numbers are in the order of the trace, whoever asks first.
    options.debuggee.trace.tasks.forEach((_, task) =>
      this.threads.of(task as TaskIndex, options.debuggee.trace),
    );
    this.stepping = new Stepping(options.debuggee);
    this.knowledge = new DebuggeeKnowledge(options.debuggee);
    const { thresholds, severities, guardTypes } = options.configuration;
    const lines = new SourceLines();
    const isAllowed: FindingsOptions["isAllowed"] = (finding) => isSourceAllowing(finding, lines);
    this.findings = new FindingsWatch(options.debuggee, { thresholds, severities, guardTypes, isAllowed });
    this.debuggee.runControl.onDidContinue.add(() => this.forget());
  }

  get isStopped(): boolean {
    return this.debuggee.runControl.state.kind === "stopped";
  }

  /** @throws NotStoppedError */
  requireStopped(): void {
    if (!this.isStopped) throw new NotStoppedError();
  }

  /**
   * What is seen of the debuggee now.
   * @throws NotStoppedError
   */
  async inspection(): Promise<Inspection> {
    this.requireStopped();
    const { epoch } = this.debuggee.runControl;
    const inspection = await (this.inspected ??= this.inspect());
    if (this.debuggee.runControl.epoch !== epoch) throw new NotStoppedError();
    return inspection;
  }

  /** What could not be read once may be read when it is asked for again. */
  private async inspect(): Promise<Inspection> {
    try {
      return await Inspection.of(this.knowledge);
    } catch (error) {
      this.inspected = undefined;
      throw error;
    }
  }

  /** What the tasks do; while a board runs, what they did where it stood last. */
  async states(): Promise<readonly TaskState[]> {
    if (this.debuggee.isObserved) return this.knowledge.history.states();
    if (this.isStopped) this.lastStates = (await this.inspection()).states;
    return this.lastStates;
  }

  /**
   * What is seen of the debuggee at this instant, also while it runs: nothing of it is kept, and no number is given
   * for anything in it. It stands still until the next turn of the process's event loop.
   * @throws NotStoppedError while it runs, where the target lets nobody read its memory then
   */
  async look(): Promise<Inspection> {
    if (this.isStopped) return this.inspection();
    const { target, trace } = this.debuggee;
    if (target.memory === undefined) throw new NotStoppedError();
    trace.endTime = nanoseconds(Math.round(target.now));
    return Inspection.of(this.knowledge);
  }

  /** Something was written: looks again. Numbers that were given stand for the same things. */
  async wrote(): Promise<void> {
    await this.refresh();
    this.onWrite();
  }

  /** The number of the listing of the function that an address lies in; undefined if none does. */
  listingAt(
    at: number,
    inspection: Inspection,
  ): { readonly reference: number; readonly listing: CodeListing } | undefined {
    const { firmware } = this.debuggee;
    const start = functionAround(firmware, address(at))?.start;
    if (start === undefined) return undefined;
    let reference = this.listings.get(start);
    if (reference === undefined) {
      const listing = codeListing({ firmware, memory: inspection.reader.memory }, start);
      if (listing === undefined) return undefined;
      reference = this.handles.listings.add(listing);
      this.listings.set(start, reference);
    }
    return { reference, listing: this.handles.listings.get(reference) };
  }

  private async refresh(): Promise<void> {
    const inspection = await this.inspection();
    await inspection.refresh();
    for (const [threadId, stack] of this.stacks) {
      const frames = this.framesOf(this.subjectOf(threadId), inspection);
      const numbered = frames.map((frame, i) => {
        const id = stack[i]?.id ?? this.handles.frames.add(scopedFrame(inspection, frame));
        this.handles.frames.replace(id, scopedFrame(inspection, frame));
        return { frame, id };
      });
      this.stacks.set(threadId, numbered);
    }
  }

  /** The frames of a thread, each with its number. */
  async stackOf(threadId: number): Promise<readonly NumberedFrame[]> {
    const subject = this.subjectOf(threadId);
    const inspection = await this.inspection();
    let stack = this.stacks.get(threadId);
    if (stack === undefined) {
      stack = this.framesOf(subject, inspection).map((frame) => ({
        frame,
        id: this.handles.frames.add(scopedFrame(inspection, frame)),
      }));
      this.stacks.set(threadId, stack);
    }
    return stack;
  }

  /** The frame of a number; without one the innermost that the core executes. */
  async frame(frameId: number | undefined): Promise<ScopedFrame> {
    this.requireStopped();
    if (frameId !== undefined) return this.handles.frames.get(frameId);
    const { epoch } = this.debuggee.runControl;
    const [innermost] = await this.stackOf(CORE_THREAD);
    if (this.debuggee.runControl.epoch !== epoch) throw new NotStoppedError();
    if (innermost === undefined) throw goneHandle("frame");
    return this.handles.frames.get(innermost.id);
  }

  /** @throws UserError if there is none */
  subjectOf(threadId: number): ThreadSubject {
    const subject = this.threads.subjectOf(threadId, this.debuggee.trace);
    if (subject === undefined) throw noSuchThread(threadId);
    return subject;
  }

  private framesOf(subject: ThreadSubject, inspection: Inspection): readonly StackFrame[] {
    return subject.kind === "core" ? coreStack(inspection) : taskStack(inspection, subject.task);
  }

  /** Lets go of the debuggee; resolves when another session can have its board. */
  async dispose(): Promise<void> {
    this.forget();
    this.debuggee.dispose();
    await this.debuggee.target.released;
  }

  private forget(): void {
    this.inspected = undefined;
    this.stacks = new Map();
    this.handles.clear();
  }
}

/** A frame and the number that the client knows it by. */
export interface NumberedFrame {
  readonly frame: StackFrame;
  readonly id: number;
}
