import { type Nanoseconds, nanoseconds } from "../base/brand";
import { Listeners } from "../base/listeners";
import { type Problem, ProblemList } from "../base/errors";
import { formatInstant } from "../base/duration";
import type { PartSpec } from "../chip/parts/part-spec";
import { type LoadImage, loadImage } from "../elf/load-image";
import { type EmbassyLayout, findEmbassyLayout } from "../executor/embassy/layout";
import { describeSlot, slotsOf } from "../executor/embassy/task-slots";
import type { HandWrittenObserver } from "../executor/hand-written/observer";
import { TaskEvents } from "../executor/task-events";
import type { LogLine, LogListener } from "../logs/log-line";
import { observeLogs } from "../logs/log-observer";
import { EmulatedTarget, type TimedInput } from "../target/emulated-target";
import type { Removable, StopReason, Target } from "../target/target";
import { Trace } from "../trace/trace";
import { withPressedButtons } from "./board/pressed-buttons";
import { Breakpoints } from "./breakpoints/breakpoints";
import { explainHalt } from "./breakpoints/core-halt";
import type { Firmware } from "./firmware";
import { MachineRecorder } from "./machine-recorder";
import { type ObservedExecutor, observeExecutor } from "./observe-executor";
import { checkForPico, EXCEPTION_NAMES } from "./pico";
import { RunControl } from "./run-control/run-control";
import { StopReports } from "./run-control/stop-reports";

export interface DebuggeeOptions {
  readonly parts?: readonly PartSpec[];
  /** What happens to the board, and when. A press of a pin without a button wires one there. */
  readonly inputs?: readonly TimedInput[];
  /** Whether to watch the executor; off only to measure what watching costs. */
  readonly isObserved?: boolean;
  /** A board that holds the firmware, in place of an emulated Pico. What happens in it is seen where it stands only. */
  readonly board?: Target;
}

/** A firmware in an emulated Pico, watched, or on a board: everything for one run, built and owned here. */
export class Debuggee {
  readonly target: Target;
  readonly trace = new Trace();
  /** Where tasks' events are told as they happen. */
  readonly taskEvents = new TaskEvents(this.trace);
  /** Lets it go from stop to stop, for a debugger; `run` is for those who only want the trace. */
  readonly runControl: RunControl;
  /** What is wired to the board. */
  readonly parts: readonly PartSpec[];
  /** Whether all that tasks do is seen and in the trace; else their states are read from memory at each stop. */
  readonly isObserved: boolean;
  /** How Embassy is laid out in the firmware; undefined if it has no Embassy, or nobody looks at its tasks. */
  readonly embassy: EmbassyLayout | undefined;
  /** What is seen of executors written by hand; undefined if the firmware has Embassy's, or is not observed. */
  readonly handWritten: HandWrittenObserver | undefined;
  private readonly logs = new Listeners<LogLine>();
  private breakpointsMade: Breakpoints | undefined;
  /** Where those who look at the run while it goes on ask for a stop. */
  readonly stopReports = new StopReports();
  /** Called when the core sleeps for good. */
  onStuck: () => Promise<void> = () => Promise.resolve();
  private readonly problemList = new ProblemList();

  /** @throws UserError if the firmware does not fit the chip, or an input the board */
  constructor(
    readonly firmware: Firmware,
    options: DebuggeeOptions = {},
  ) {
    const inputs = options.inputs ?? [];
    const image = loadImage(firmware.elf);
    checkForPico(firmware.elf, image);
    this.parts = withPressedButtons(options.parts ?? [], inputs);
    this.isObserved = options.board === undefined && (options.isObserved ?? true);
    this.target =
      options.board ??
      new EmulatedTarget({
        image: image.chunks.map(({ physicalAddress, bytes }) => ({ address: physicalAddress, bytes })),
        parts: this.parts,
        inputs,
      });
    Object.assign(this.trace.exceptions, EXCEPTION_NAMES);
    this.runControl = new RunControl({
      target: this.target,
      taskEvents: this.taskEvents,
      reports: this.stopReports,
      explain: (reason) => explainHalt(reason, this.target, firmware.program),
      onStuck: () => this.onStuck(),
    });
    const executor = this.isObserved ? this.observe(image) : options.board ? this.listTasks() : {};
    this.embassy = executor.embassy;
    this.handWritten = executor.handWritten;
  }

  /** Where the user wants it to stop. */
  get breakpoints(): Breakpoints {
    const { firmware, target, taskEvents, stopReports: reports, embassy } = this;
    const areTasksFoundLater = this.handWritten !== undefined;
    const source = { firmware, target, taskEvents, reports, embassy, areTasksFoundLater };
    return (this.breakpointsMade ??= new Breakpoints(source));
  }

  /** What could not be understood, or went wrong in the machine, so far. */
  get problems(): Problem[] {
    return [...this.firmware.elf.problems, ...this.firmware.program.problems, ...this.problemList.list()];
  }

  /**
   * Runs until `until`, or until something stops the machine. The trace goes on where it was.
   * A machine that can never go on sleeps until `until`, which is what a real one does.
   */
  async run(until: Nanoseconds, signal?: AbortSignal): Promise<StopReason> {
    const reason = await this.target.resume({ until, ...(signal && { signal }) });
    // The machine may pass `until` by part of an instruction; a machine that is stuck would have slept until then.
    const hasReachedEnd = reason.kind === "time" || (reason.kind === "stuck" && Number.isFinite(until));
    this.trace.endTime = nanoseconds(Math.round(hasReachedEnd ? until : this.target.now));
    return reason;
  }

  /** Tells each message that the firmware sends over RTT, by defmt or as text, as it is sent. UART text is in the trace. */
  onLog(listener: LogListener): Removable {
    return this.logs.add(listener);
  }

  dispose(): void {
    this.target.dispose();
  }

  /** The tasks that there may be, where nobody watches them. */
  private listTasks(): ObservedExecutor {
    const embassy = findEmbassyLayout(this.firmware.program, this.problemList);
    if (embassy === undefined) {
      this.problemList.add("tasks", "on a board tasks are seen only of firmware with Embassy's executor");
      return {};
    }
    for (const { header, pool, slot } of slotsOf(embassy))
      this.trace.addTask(describeSlot(embassy, header, pool, slot));
    return { embassy };
  }

  private observe(image: LoadImage): ObservedExecutor {
    this.target.observe(new MachineRecorder(this.trace));
    this.target.observe({
      onUnimplemented: (time, register, access) => {
        const what = `is not emulated (first ${access} at ${formatInstant(time)} s)`;
        this.problemList.add(register, what);
      },
      onBoardFault: (time, source, what) =>
        this.problemList.add(source, `${what} (at ${formatInstant(time)} s)`),
      onReset: (time) =>
        this.problemList.add("reset", `the firmware has reset the chip at ${formatInstant(time)} s`),
    });
    const { target, firmware, taskEvents: events, problemList: problems } = this;
    const { elf, program } = firmware;
    observeLogs({ target, elf, program, problems, onLog: (line) => this.logs.tell(line) });
    return observeExecutor({ target, firmware, image, events, problems });
  }
}
