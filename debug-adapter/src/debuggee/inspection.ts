import type { Place } from "../futures/suspension";
import type { FunctionIdentity } from "../symbols/function";
import type { SourceFile, SourcePlace } from "../symbols/source-files";
import type { MemoryView } from "../target/target";
import type { TaskIndex } from "../trace/event";
import type { TaskState } from "../trace/task-state";
import type { Backtrace, Frame } from "../unwind/backtrace";
import { copyMemory } from "../values/memory-copy";
import { ValueReader } from "../values/reader";
import { symbolsOf } from "../values/symbol-lookup";
import { type BoardTasks, boardTasks } from "./board-states";
import { unwinderOf } from "./core-backtrace";
import type { Debuggee } from "./debuggee";
import { type InspectedTask, inspectTasksIn, TASK_MEMORY } from "./inspect-tasks";
import { FrameNames } from "./stacks/frame-names";
import type { StillMachine } from "./still-machine";
import { type PollSection, pollSections } from "./stacks/poll-sections";
import { TaskHistory } from "./task-history";
import { WakePlaces } from "./wake-places";
import { searchWakers, type WakersOfTasks } from "./why-not-running/search-wakers";

/** What is known of a debuggee for as long as it is debugged, and is worked out once. */
export class DebuggeeKnowledge {
  readonly history: TaskHistory;
  readonly names: FrameNames;
  readonly wakePlaces: WakePlaces;
  private files: ReadonlyMap<string, SourceFile> | undefined;
  private taskBodies: ReadonlySet<string> | undefined;

  constructor(readonly debuggee: Debuggee) {
    this.history = new TaskHistory(debuggee.trace);
    this.wakePlaces = new WakePlaces(debuggee);
    this.names = new FrameNames(debuggee.firmware.program);
  }

  /** A source file of the program by its path. */
  file(path: string): SourceFile | undefined {
    this.files ??= new Map(this.debuggee.firmware.program.files.all.map((each) => [each.path, each]));
    return this.files.get(path);
  }

  /** Whether a function polls the future of a task. */
  isTaskBody({ name }: FunctionIdentity): boolean {
    this.taskBodies ??= new Set(
      this.debuggee.firmware.program.asyncFunctions.tasks.flatMap(({ body }) =>
        body === undefined ? [] : [body.name],
      ),
    );
    return this.taskBodies.has(name);
  }
}

/**
 * What is seen of a debuggee that stands still: its memory is copied, and everything else made of that copy when it is
 * first asked for. It is true until the debuggee goes on; after something was written it has to be refreshed.
 */
export class Inspection {
  readonly reader: ValueReader;
  private readonly memory: MemoryView = {
    read: (at, length) => this.copy.read(at, length),
    readUint: (at, size) => this.copy.readUint(at, size),
  };
  private backtraceRead: Backtrace | undefined;
  private tasksRead: readonly InspectedTask[] | undefined;
  private boardTasksRead: BoardTasks | undefined;
  private sectionsRead: readonly PollSection[] | undefined;
  private wakersFound: Promise<WakersOfTasks> | undefined;

  private copy: MemoryView;

  private constructor(
    readonly knowledge: DebuggeeKnowledge,
    copy: MemoryView,
    private registers: Uint32Array,
  ) {
    this.copy = copy;
    this.reader = new ValueReader(this.memory, symbolsOf(knowledge.debuggee.firmware.program));
  }

  /** Looks at a debuggee that stands still. */
  static async of(knowledge: DebuggeeKnowledge): Promise<Inspection> {
    const { target } = knowledge.debuggee;
    return new Inspection(knowledge, await copyMemory(target, TASK_MEMORY), await target.readRegisters());
  }

  /** Looks again. Values that were made before are read anew as well. */
  async refresh(): Promise<void> {
    const { target } = this.debuggee;
    this.copy = await copyMemory(target, TASK_MEMORY);
    this.registers = await target.readRegisters();
    this.backtraceRead = undefined;
    this.tasksRead = undefined;
    this.boardTasksRead = undefined;
    this.sectionsRead = undefined;
    this.wakersFound = undefined;
  }

  get debuggee(): Debuggee {
    return this.knowledge.debuggee;
  }

  get backtrace(): Backtrace {
    return (this.backtraceRead ??= unwinderOf(this.debuggee.firmware).unwind(this.registers, this.memory));
  }

  /** By row in the trace. */
  get tasks(): readonly InspectedTask[] {
    return (this.tasksRead ??= this.inspectTasks());
  }

  /** Which frames of the backtrace belong to which poll, innermost first. */
  get pollSections(): readonly PollSection[] {
    return (this.sectionsRead ??= this.findSections());
  }

  /** What it was made of, for those who look at tasks in their own way. */
  get still(): StillMachine {
    return { memory: this.memory, registers: this.registers, states: this.states };
  }

  /** Of all tasks, by row in the trace. */
  get states(): readonly TaskState[] {
    const { debuggee, knowledge } = this;
    if (debuggee.isObserved) return knowledge.history.states();
    return this.boardTasks.states;
  }

  /** Who holds the wakers of the tasks; all of RAM is searched. */
  wakers(): Promise<WakersOfTasks> {
    return (this.wakersFound ??= searchWakers(this.debuggee));
  }

  /** Where a task was woken last; undefined if it was not, or that is not known. */
  lastWakePlace(task: TaskIndex): SourcePlace | undefined {
    return this.knowledge.wakePlaces.placeOf(task, this.memory);
  }

  /** A place as the await tree has it, with what is known of its file. */
  placeOf(place: Place | null): SourcePlace | undefined {
    const file = place === null ? undefined : this.knowledge.file(place.file);
    return place === null || file === undefined ? undefined : { file, line: place.line, column: 0 };
  }

  private inspectTasks(): InspectedTask[] {
    const [section] = this.pollSections;
    const untouched = section !== undefined && this.isBeginning(section) ? section.task : undefined;
    return inspectTasksIn(this.debuggee, this.memory, { states: this.states, untouched });
  }

  /** Whether not one instruction of a poll has been executed. */
  isBeginning({ entry }: PollSection): boolean {
    const { machine, pc } = this.backtrace.frames[entry]!;
    return entry === 0 && this.debuggee.firmware.program.functions.at(machine.lookupPc)?.address === pc;
  }

  private get boardTasks(): BoardTasks {
    return (this.boardTasksRead ??= boardTasks(this.debuggee, this.backtrace, this.memory));
  }

  private findSections(): PollSection[] {
    const { embassy, handWritten, isObserved } = this.debuggee;
    if (!isObserved) {
      const polls = this.boardTasks.polls.filter(({ task }) => task !== undefined);
      const entries = new Set(polls.map(({ entry }) => this.backtrace.frames[entry]));
      const tasks = polls.map(({ task }) => task!);
      return pollSections(this.backtrace.frames, tasks, {
        isEntry: (frame) => entries.has(frame),
        isEntryOwn: false,
      });
    }
    const polled = this.knowledge.history.polledTasks();
    const isEntryOwn = embassy === undefined;
    if (isEntryOwn) {
      const isEntry = ({ function: called }: Frame, task: TaskIndex) =>
        called !== undefined && called.row === handWritten?.futures.at(task)?.pollRow;
      return pollSections(this.backtrace.frames, polled, { isEntry, isEntryOwn });
    }
    const entries = new Set<number>(embassy.pollFunctions);
    const { functions } = this.debuggee.firmware.program;
    const isEntry = ({ kind, isInlined, machine }: Frame) => {
      if (kind === "exception" || isInlined) return false;
      const owner = functions.at(machine.lookupPc);
      return owner !== undefined && entries.has(owner.address);
    };
    return pollSections(this.backtrace.frames, polled, { isEntry, isEntryOwn });
  }
}
