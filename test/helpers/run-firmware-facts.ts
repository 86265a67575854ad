import { address } from "#adapter/base/brand";
import { markerAt } from "./markers";
import type { FirmwareRun, RunEvent } from "./run-firmware";

/** TIMERAWL (RP2040 datasheet 4.6.5): microseconds since the firmware has started the timer's clock. */
const TIMER_RAW_LOW = 0x4005_4028;

/** When the firmware's own clock began, in the trace's time: virtual time counts from power-on. */
export async function clockStart({ debuggee }: FirmwareRun): Promise<number> {
  return debuggee.target.now - (await readWord(debuggee, TIMER_RAW_LOW)) * 1000;
}

/** The `u32` of a static of the firmware. */
export async function readStatic({ debuggee }: FirmwareRun, name: string): Promise<number> {
  return readWord(debuggee, debuggee.firmware.program.statics.named(name)!.address);
}

async function readWord({ target }: FirmwareRun["debuggee"], at: number): Promise<number> {
  const bytes = await target.readMemory(address(at), 4);
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

/** The events of one kind of one task. */
export function eventsOfTask(
  { events }: FirmwareRun,
  task: string,
  event: RunEvent["event"],
): readonly RunEvent[] {
  return events.filter((each) => each.task === task && each.event === event);
}

/** The markers where a task was suspended, in order: of each suspension the innermost in the task's own crate. */
export function suspensions(run: FirmwareRun, task: string): string[] {
  const pending = eventsOfTask(run, task, "poll-end").filter(({ result }) => result === "pending");
  return pending.map(({ place }) => (place ? markerAt(place) : "unknown"));
}

/** The markers along each await chain of a task, outermost first; what is not of the sample is left out. */
export function chains(run: FirmwareRun, task: string): string[] {
  const pending = eventsOfTask(run, task, "poll-end").filter(({ result }) => result === "pending");
  return pending.map(({ chain }) =>
    chain!.flatMap((place) => (place?.file.includes("samples/") ? [markerAt(place)] : [])).join(" > "),
  );
}

/** How often each wake source is met, as `task: source`. */
export function wakeSources({ events }: FirmwareRun): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { event, task, source } of events) {
    if (event === "wake") counts[`${task}: ${source}`] = (counts[`${task}: ${source}`] ?? 0) + 1;
  }
  return counts;
}

/** Times between neighbours. */
export function distances(events: readonly RunEvent[]): number[] {
  return events.slice(1).map(({ time }, i) => time - events[i]!.time);
}

/** What a display has shown, in order. */
export function displayed({ events }: FirmwareRun): string[] {
  return events.flatMap(({ event, text }) => (event === "display" ? [text!] : []));
}

/** What the chip has sent on its UART. */
export function sent({ events }: FirmwareRun): string {
  return events
    .filter(({ event, direction }) => event === "uart" && direction === "transmit")
    .map(({ text }) => text)
    .join("");
}

/** From a task's wake or spawn to its next poll, in nanoseconds, longest first. */
export function waits(run: FirmwareRun, task: string): number[] {
  const found: number[] = [];
  let readySince: number | undefined;
  for (const { event, task: of, time } of run.events) {
    if (of !== task) continue;
    if (event === "wake" || event === "spawn") readySince ??= time;
    if (event !== "poll-begin" || readySince === undefined) continue;
    found.push(time - readySince);
    readySince = undefined;
  }
  return found.sort((a, b) => b - a);
}

/** From the begin to the end of each poll of a task, longest first. */
export function pollLengths(run: FirmwareRun, task: string): number[] {
  const begins = eventsOfTask(run, task, "poll-begin");
  return eventsOfTask(run, task, "poll-end")
    .map(({ time }, i) => time - begins[i]!.time)
    .sort((a, b) => b - a);
}
