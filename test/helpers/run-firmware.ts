import { type Nanoseconds, nanoseconds } from "#adapter/base/brand";
import { parseDuration } from "#adapter/base/duration";
import { Debuggee } from "#adapter/debuggee/debuggee";
import { type Firmware, loadFirmware } from "#adapter/debuggee/firmware";
import { parseParts } from "#adapter/debuggee/parts";
import { parsePress, parseStimulus, parseTyping } from "#adapter/debuggee/stimulus";
import type { StopReason } from "#adapter/target/target";
import {
  EVENT_NAMES,
  type EventName,
  NO_TASK,
  type PollResult,
  type LockChange,
  unpackDisplay,
  unpackLock,
  unpackPin,
  unpackPollEnd,
  unpackUart,
  unpackWakeSource,
} from "#adapter/trace/event";
import type { SourcePlace, Trace } from "#adapter/trace/trace";

/** What to do with a firmware. Times are written as on the command line: `250ms`, `15@1.2s`. */
export interface RunOptions {
  readonly for: string;
  readonly presses?: readonly string[];
  readonly types?: readonly string[];
  /** Inputs of any kind, as a launch configuration writes them. */
  readonly stimuli?: readonly string[];
  readonly parts?: readonly string[];
}

/** A firmware that has run. */
export interface FirmwareRun {
  readonly debuggee: Debuggee;
  readonly trace: Trace;
  readonly events: readonly RunEvent[];
  readonly stop: StopReason;
}

/** An event of a trace with everything in words; only the fields that its kind has are there. */
export interface RunEvent {
  readonly time: number;
  readonly event: EventName;
  readonly task?: string;
  /** Of a spawn or wake: `irq TIMER_IRQ_0`, `task sink_task`, `self`, `main`. */
  readonly source?: string;
  readonly result?: PollResult;
  /** Of a pending poll's end. */
  readonly place?: SourcePlace | null;
  readonly awaiting?: string | null;
  /** Of a pending poll's end: the places of the await chain, outermost first. */
  readonly chain?: readonly (SourcePlace | null)[];
  readonly exception?: string;
  readonly pin?: number;
  readonly isHigh?: boolean;
  readonly text?: string;
  readonly direction?: "transmit" | "receive";
  readonly lock?: LockChange;
}

const firmwares = new Map<string, Promise<Firmware>>();

/** A firmware by its path, read once per test file. */
export function firmwareAt(path: string): Promise<Firmware> {
  let firmware = firmwares.get(path);
  if (firmware === undefined) {
    firmware = loadFirmware(path);
    firmwares.set(path, firmware);
  }
  return firmware;
}

/** A firmware in a Pico, with the inputs of `options`, at power-on. */
export async function launch(path: string, options: Omit<RunOptions, "for"> = {}): Promise<Debuggee> {
  return new Debuggee(await firmwareAt(path), {
    parts: parseParts(options.parts ?? []),
    inputs: [
      ...(options.presses ?? []).map(parsePress),
      ...(options.types ?? []).map(parseTyping),
      ...(options.stimuli ?? []).map(parseStimulus),
    ],
  });
}

/** Runs a firmware from power-on for some virtual time. */
export async function runFirmware(path: string, options: RunOptions): Promise<FirmwareRun> {
  const debuggee = await launch(path, options);
  const stop = await debuggee.run(instant(options.for));
  return { debuggee, trace: debuggee.trace, events: eventsOf(debuggee.trace), stop };
}

/** Virtual time from its written form. */
export function instant(text: string): Nanoseconds {
  const time = parseDuration(text);
  if (time === undefined) throw new Error(`${text} is no length of time`);
  return nanoseconds(time);
}

/** All events of a trace in words. */
export function eventsOf(trace: Trace): RunEvent[] {
  return Array.from({ length: trace.events.length }, (_, row) => eventAt(trace, row));
}

function eventAt(trace: Trace, row: number): RunEvent {
  const { events } = trace;
  const event = EVENT_NAMES[events.kind(row)];
  const task = events.task(row);
  const common = {
    time: events.time(row),
    event,
    ...(task === NO_TASK ? {} : { task: trace.tasks[task]!.name }),
  };
  return { ...common, ...detailsOf(trace, event, events.payload(row)) };
}

function detailsOf(trace: Trace, event: EventName, payload: number): Partial<RunEvent> {
  switch (event) {
    case "spawn":
    case "wake":
      return { source: sourceText(trace, payload) };
    case "poll-end":
      return pollEnd(trace, payload);
    case "irq-begin":
    case "irq-end":
      return { exception: trace.exceptionName(payload) };
    case "pin":
      return unpackPin(payload);
    case "uart": {
      const { byte, direction } = unpackUart(payload);
      return { text: String.fromCharCode(byte), direction };
    }
    case "display":
      return { text: trace.string(unpackDisplay(payload).text) };
    case "lock": {
      const { change, lock } = unpackLock(payload);
      return { text: trace.string(lock), lock: change };
    }
    case "poll-begin":
    case "task-end":
    case "sleep-begin":
    case "sleep-end":
      return {};
  }
}

function sourceText(trace: Trace, payload: number): string {
  const source = unpackWakeSource(payload);
  switch (source.kind) {
    case "irq":
      return `irq ${trace.exceptionName(source.exception)}`;
    case "task":
      return `task ${trace.tasks[source.task]!.name}`;
    case "self":
    case "main":
      return source.kind;
  }
}

function pollEnd(trace: Trace, payload: number): Partial<RunEvent> {
  const { result, suspension } = unpackPollEnd(payload);
  if (result !== "pending") return { result };
  const known = trace.suspension(suspension);
  return {
    result,
    place: known?.place ?? null,
    awaiting: known?.awaiting ?? null,
    chain: known?.frames.map(({ place }) => place) ?? [],
  };
}
