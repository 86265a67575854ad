import { nanoseconds } from "#adapter/base/brand";
import { Debuggee } from "#adapter/debuggee/debuggee";
import { loadFirmware } from "#adapter/debuggee/firmware";
import { seconds } from "#adapter/chip/rp2040/rp2040";
import { EVENT_NAMES, type EventKind, type TaskIndex } from "#adapter/trace/event";
import { EventColumns } from "#adapter/trace/event-columns";
import type { Trace } from "#adapter/trace/trace";
import { encodeTrace } from "#adapter/trace/trace-file";
import { digits, type Line, quantity } from "./line";
import { inTurns, median, medianRatio, secondsOf } from "./measure";

const EVENTS = 3_000_000;
const ROUNDS = 7;
const BYTES_GOAL = 12;

interface EventObject {
  readonly time: number;
  readonly kind: EventKind;
  readonly task: number;
  readonly payload: number;
}

/** Nanoseconds and bytes of memory per appended event, against an array of objects. */
export async function appendSpeed(): Promise<Line[]> {
  const bytes = { columns: 0, objects: 0 };
  const times = await inTurns(
    {
      columns: async () => {
        const before = memoryInUse();
        const columns = new EventColumns();
        const spent = await secondsOf(() => appendColumns(columns));
        bytes.columns = memoryInUse() - before;
        if (columns.length !== EVENTS) throw new Error("events are missing");
        return spent;
      },
      objects: async () => {
        const before = memoryInUse();
        const objects: EventObject[] = [];
        const spent = await secondsOf(() => appendObjects(objects));
        bytes.objects = memoryInUse() - before;
        if (objects.length !== EVENTS) throw new Error("events are missing");
        return spent;
      },
    },
    ROUNDS,
  );
  const ns = (spent: readonly number[]) => quantity((median(spent) / EVENTS) * 1e9, "ns");
  const perEvent = { columns: bytes.columns / EVENTS, objects: bytes.objects / EVENTS };
  return [
    {
      what: "trace: append an event",
      ours: ns(times.columns),
      yardstick: `array of objects ${ns(times.objects)}`,
      ratio: `${digits(medianRatio(times.columns, times.objects))} x`,
      goal: "< 1 x",
      isMet: medianRatio(times.columns, times.objects) < 1,
    },
    {
      what: "  memory per event",
      ours: quantity(perEvent.columns, "bytes"),
      yardstick: `array of objects ${quantity(perEvent.objects, "bytes")}`,
      ratio: `${digits(perEvent.columns / perEvent.objects)} x`,
      goal: `<= ${BYTES_GOAL} bytes`,
      isMet: perEvent.columns <= BYTES_GOAL,
    },
  ];
}

/** Bytes of a trace file per event, against the events as JSON, one a line. */
export async function fileSize(path: string): Promise<Line[]> {
  const debuggee = new Debuggee(await loadFirmware(path));
  await debuggee.run(seconds(20));
  const { trace } = debuggee;
  const ours = encodeTrace(trace).length / trace.events.length;
  const json = jsonBytes(trace) / trace.events.length;
  return [
    {
      what: `  file, per event (${digits(trace.events.length)} events)`,
      ours: quantity(ours, "bytes"),
      yardstick: `JSON lines ${quantity(json, "bytes")}`,
      ratio: `${digits(ours / json)} x`,
      goal: `<= ${BYTES_GOAL} bytes`,
      isMet: ours <= BYTES_GOAL,
    },
  ];
}

function appendColumns(columns: EventColumns): void {
  for (let i = 0; i < EVENTS; i++) {
    columns.append(nanoseconds(i * 1000), kindOf(i), (i & 7) as TaskIndex, i);
  }
}

function appendObjects(objects: EventObject[]): void {
  for (let i = 0; i < EVENTS; i++) objects.push({ time: i * 1000, kind: kindOf(i), task: i & 7, payload: i });
}

function kindOf(row: number): EventKind {
  return (row % EVENT_NAMES.length) as EventKind;
}

function memoryInUse(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function jsonBytes({ events, tasks }: Trace): number {
  let bytes = 0;
  for (let row = 0; row < events.length; row++) {
    const line = {
      time_ns: events.time(row),
      event: EVENT_NAMES[events.kind(row)],
      task: tasks[events.task(row)]?.name,
      payload: events.payload(row),
    };
    bytes += JSON.stringify(line).length + 1;
  }
  return bytes;
}
