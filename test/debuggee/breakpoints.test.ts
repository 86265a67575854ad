import { describe, expect, it } from "vitest";
import { type Nanoseconds, nanoseconds } from "#adapter/base/brand";
import type { SourceBreakpoint } from "#adapter/debuggee/breakpoints/breakpoint";
import { Debuggee } from "#adapter/debuggee/debuggee";
import type { Stop } from "#adapter/debuggee/run-control/stop";
import { EventKind } from "#adapter/trace/event";
import { suspendMarkers } from "#test/helpers/markers";
import { firmwareAt } from "#test/helpers/run-firmware";

const BLINK = "samples/blink/src/main.rs";
const markers = suspendMarkers(BLINK);

/** Lines of the sample that no marker names: their text is the name. */
const CONTRACT = markers.get("heartbeat-contract")!;
const REST = markers.get("heartbeat-rest")!;

async function blink(profile = "dev"): Promise<Debuggee> {
  return new Debuggee(await firmwareAt(`samples/prebuilt/blink-${profile}.elf`));
}

/** Goes on again and again until an instant; all stops but the last. */
async function stopsUntil({ runControl }: Debuggee, until: number): Promise<Stop[]> {
  const stops: Stop[] = [];
  for (;;) {
    const stop = await runControl.continue({ until: nanoseconds(until) });
    if (stop.cause.kind === "time") return stops;
    stops.push(stop);
  }
}

function set(debuggee: Debuggee, ...wanted: SourceBreakpoint[]) {
  return debuggee.breakpoints.setInSource(`/home/user/${BLINK}`, wanted);
}

const milliseconds = (stops: readonly { readonly time: Nanoseconds }[]) =>
  stops.map(({ time }) => Math.floor(time / 1e6));

describe("conditions", () => {
  it("are evaluated where the line is", async () => {
    const debuggee = await blink();
    set(debuggee, { line: CONTRACT, condition: "beats == 3" });
    const stops = await stopsUntil(debuggee, 5e9);
    expect(milliseconds(stops)).toEqual([2162]);
  });

  it("that fail stop and say why", async () => {
    const debuggee = await blink();
    const [status] = set(debuggee, { line: CONTRACT, condition: "breaths > 3" });
    const [stop] = await stopsUntil(debuggee, 0.3e9);
    expect(stop!.cause).toEqual({
      kind: "breakpoint",
      ids: [status!.id],
      event: "the condition `breaths > 3` failed: there is no variable or static breaths (character 1)",
    });
  });

  it("that cannot be understood are refused", async () => {
    const debuggee = await blink();
    const [status, other] = set(
      debuggee,
      { line: CONTRACT, condition: "beats ==" },
      { line: REST, hitCondition: "often" },
    );
    expect(status!.refusal).toMatch(/^`beats ==` cannot be understood: /);
    expect(other!.refusal).toMatch(/^"often" is no hit condition; write a number/);
    expect(await stopsUntil(debuggee, 2e9)).toEqual([]);
  });

  it("count hits where they hold", async () => {
    const debuggee = await blink();
    set(debuggee, { line: CONTRACT, condition: "beats % 2 == 0", hitCondition: "2" });
    expect(milliseconds(await stopsUntil(debuggee, 8e9))).toEqual([3162]);
  });
});

describe("hit conditions", () => {
  it.each([
    { hitCondition: "2", stops: [1161] },
    { hitCondition: ">= 3", stops: [2162, 3162] },
    { hitCondition: "% 2", stops: [1161, 3162] },
  ])("$hitCondition", async ({ hitCondition, stops }) => {
    const debuggee = await blink();
    set(debuggee, { line: CONTRACT, hitCondition });
    expect(milliseconds(await stopsUntil(debuggee, 4e9))).toEqual(stops);
  });
});

describe("log points", () => {
  it("say what they shall and let the firmware run on", async () => {
    const debuggee = await blink();
    const said: string[] = [];
    debuggee.breakpoints.onDidLog.add(({ text, place }) => said.push(`${place!.line}: ${text}`));
    set(debuggee, { line: CONTRACT, logMessage: "beat {beats} of {{{BEATS}}}, {lost}" });
    expect(await stopsUntil(debuggee, 2e9)).toEqual([]);
    const lost = "<there is no variable or static lost (character 1)>";
    expect(said).toEqual([`${CONTRACT}: beat 1 of {1}, ${lost}`, `${CONTRACT}: beat 2 of {2}, ${lost}`]);
  });
});

describe("breakpoints of a place", () => {
  it("are all reported, and the place is left when the firmware goes on", async () => {
    const debuggee = await blink();
    const ids = set(debuggee, { line: CONTRACT }, { line: CONTRACT, condition: "beats > 1" }).map(
      ({ id }) => id,
    );
    const stops = await stopsUntil(debuggee, 3e9);
    expect(stops.map(({ cause }) => cause)).toEqual([
      { kind: "breakpoint", ids: [ids[0]] },
      { kind: "breakpoint", ids },
      { kind: "breakpoint", ids },
    ]);
    expect(stops.map(({ task }) => debuggee.trace.tasks[task!]!.name)).toEqual(
      Array(3).fill("heartbeat_task"),
    );
  });

  it("keep their ids and counts while they are asked for in the same way, and are gone when not", async () => {
    const debuggee = await blink();
    const [kept, other] = set(debuggee, { line: CONTRACT, hitCondition: "2" }, { line: REST });
    expect(milliseconds(await stopsUntil(debuggee, 1e9))).toEqual([261]);
    const again = set(debuggee, { line: CONTRACT, hitCondition: "2" });
    expect(again[0]!.id).toBe(kept!.id);
    expect(milliseconds(await stopsUntil(debuggee, 2e9))).toEqual([1161]);
    const [renewed] = set(debuggee, { line: REST });
    expect([kept!.id, other!.id]).not.toContain(renewed!.id);
    expect(set(debuggee)).toEqual([]);
    expect(await stopsUntil(debuggee, 4e9)).toEqual([]);
  });

  it("can be set while the firmware runs", async () => {
    const debuggee = await blink();
    const running = debuggee.runControl.continue();
    await new Promise((resolve) => setImmediate(resolve));
    expect(debuggee.runControl.state).toEqual({ kind: "running" });
    const [status] = set(debuggee, { line: CONTRACT });
    expect((await running).cause).toEqual({ kind: "breakpoint", ids: [status!.id] });
  });
});

describe.each(["dev", "release"])("function breakpoints (%s)", (profile) => {
  it.each(["nap", "blink::nap"])("%s: once for each future, when it is polled first", async (name) => {
    const debuggee = await blink(profile);
    const [status] = debuggee.breakpoints.setFunctions([{ name }]);
    expect(status!.refusal).toBeUndefined();
    const stops = await stopsUntil(debuggee, 2e9);
    const naps = stops.map(({ time }) => Math.round((time - stops[0]!.time) / 10e6) * 10);
    expect(naps).toEqual([0, 30, 130, 1030, 1130]);
  });

  it("the body of a task", async () => {
    const debuggee = await blink(profile);
    debuggee.breakpoints.setFunctions([{ name: "blink_task" }]);
    const stops = await stopsUntil(debuggee, 2e9);
    expect(stops.map(({ task }) => debuggee.trace.tasks[task!]?.name)).toEqual(["blink_task"]);
  });

  it("interrupt handlers by the linker's name", async () => {
    const debuggee = await blink(profile);
    debuggee.breakpoints.setFunctions([{ name: "TIMER_IRQ_0" }]);
    const stops = await stopsUntil(debuggee, 0.4e9);
    const { events } = debuggee.trace;
    const entries = Array.from({ length: events.length }, (_, row) => row).filter(
      (row) => events.kind(row) === EventKind.IrqBegin,
    );
    expect(stops).toHaveLength(entries.length);
  });

  it("that do not exist are refused", async () => {
    const debuggee = await blink(profile);
    const [status] = debuggee.breakpoints.setFunctions([{ name: "snooze" }]);
    expect(status).toMatchObject({ refusal: "the firmware has no code of a function snooze", addresses: [] });
  });
});

describe.each(["dev", "release"])("breakpoints of tasks (%s)", (profile) => {
  it.each([
    { name: "poll:blink_task", kind: EventKind.PollBegin, task: "blink_task" },
    { name: "wake:heartbeat_task", kind: EventKind.Wake, task: "heartbeat_task" },
    { name: "spawn:*", kind: EventKind.Spawn, task: undefined },
  ])("$name stops at each", async ({ name, kind, task }) => {
    const debuggee = await blink(profile);
    debuggee.breakpoints.setFunctions([{ name }]);
    const stops = await stopsUntil(debuggee, 1.5e9);
    const { events, tasks } = debuggee.trace;
    const rows = Array.from({ length: events.length }, (_, row) => row).filter((row) => {
      return events.kind(row) === kind && (task === undefined || tasks[events.task(row)]!.name === task);
    });
    expect(rows.length).toBeGreaterThan(2);
    expect(stops.map(({ time }) => time)).toHaveLength(rows.length);
  });

  it("say what happened", async () => {
    const debuggee = await blink(profile);
    debuggee.breakpoints.setFunctions([{ name: "poll:heartbeat_task", hitCondition: "3" }]);
    const [stop] = await stopsUntil(debuggee, 1e9);
    expect(stop!.cause).toMatchObject({
      event: expect.stringMatching(
        /^poll 3 of heartbeat_task begins, woken by TIMER_IRQ_0 at 0\.2\d\d \d\d\d \d\d\d s$/,
      ) as string,
    });
    expect(debuggee.trace.tasks[stop!.task!]!.name).toBe("heartbeat_task");
  });

  it("of no task are refused by the names there are", async () => {
    const debuggee = await blink(profile);
    const [status] = debuggee.breakpoints.setFunctions([{ name: "wake:printer" }]);
    expect(status!.refusal).toMatch(/^there is no task printer; the tasks are .*heartbeat_task/);
  });
});

describe("breakpoints of tasks that an executor written by hand polls", () => {
  it("may be set before the tasks are known", async () => {
    const debuggee = new Debuggee(await firmwareAt("samples/prebuilt/countdown-dev.elf"));
    const [status] = debuggee.breakpoints.setFunctions([{ name: "poll:*" }]);
    expect(status!.refusal).toBeUndefined();
    const { cause, task } = await debuggee.runControl.continue({ until: nanoseconds(1e9) });
    expect(cause).toMatchObject({ kind: "breakpoint", ids: [status!.id] });
    expect(cause).toMatchObject({ event: expect.stringMatching(/^poll 1 of \w+ begins/) as string });
    expect(debuggee.trace.tasks[task!]).toBeDefined();
  });
});

describe("data breakpoints", () => {
  it.each(["dev", "release"])("stop behind each write, and say what it was (%s)", async (profile) => {
    const debuggee = await blink(profile);
    const [beats] = debuggee.firmware.program.statics.matching(({ name }) => name === "blink::BEATS");
    const address = beats!.address;
    const [status] = debuggee.breakpoints.setData([{ address, byteSize: 4, access: "write" }]);
    expect(status!.refusal).toBeUndefined();
    const at = `0x${address.toString(16)}`;
    const stops = await stopsUntil(debuggee, 2e9);
    expect(stops.map(({ cause }) => (cause.kind === "breakpoint" ? cause.event : cause.kind))).toEqual([
      `4 bytes at ${at} become 1 (it was 0)`,
      `4 bytes at ${at} become 2 (it was 1)`,
    ]);
  });

  it("do not tell of what the runtime clears before `main`", async () => {
    const debuggee = await blink();
    const [beats] = debuggee.firmware.program.statics.matching(({ name }) => name === "blink::BEATS");
    let writes = 0;
    debuggee.target.addTracepoint({
      where: { kind: "write", address: beats!.address, length: 4 },
      collect: [],
      onHit: () => ++writes < 0,
    });
    debuggee.breakpoints.setData([{ address: beats!.address, byteSize: 4, access: "write" }]);
    const [stop] = await stopsUntil(debuggee, 2e9);
    expect(stop!.cause).toMatchObject({ event: expect.stringContaining("become 1 (it was 0)") as string });
    // The write that clears it, and the one behind which the firmware has been stopped.
    expect(writes).toBeGreaterThanOrEqual(2);
  });

  it("have conditions and messages that see the value behind the write", async () => {
    const debuggee = await blink();
    const [beats] = debuggee.firmware.program.statics.matching(({ name }) => name === "blink::BEATS");
    const data = { address: beats!.address, byteSize: 4, access: "write" } as const;
    const said: string[] = [];
    debuggee.breakpoints.onDidLog.add(({ text }) => said.push(text));
    debuggee.breakpoints.setData([
      { ...data, condition: "BEATS > 1" },
      { ...data, logMessage: "now {BEATS}" },
    ]);
    const [stop] = await stopsUntil(debuggee, 2e9);
    expect(stop!.cause).toMatchObject({ event: expect.stringContaining("become 2 (it was 1)") as string });
    expect(said).toEqual(["now 1", "now 2"]);
  });

  it("of loads, or of no memory, are refused", async () => {
    const debuggee = await blink();
    const refusals = debuggee.breakpoints
      .setData([
        { address: 0x2000_0000, byteSize: 4, access: "read" },
        { address: 0x2000_0000, byteSize: 4, access: "readWrite" },
        { address: 0x6000_0000, byteSize: 4, access: "write" },
      ])
      .map(({ refusal }) => refusal);
    const loads = "only writes of data can be watched; loads are not reported by the target";
    expect(refusals).toEqual([loads, loads, "there is no memory at 0x60000000"]);
  });
});

describe("instruction breakpoints", () => {
  it("do not read variables where the function has no frame yet", async () => {
    const debuggee = await blink();
    const { program } = debuggee.firmware;
    const [from] = program.functions.withPath("embassy_time::duration::Duration::from_millis");
    debuggee.breakpoints.setInstructions([{ address: from!.address, condition: "millis == 30" }]);
    const [stop] = await stopsUntil(debuggee, 0.2e9);
    expect(stop!.cause).toMatchObject({
      event: expect.stringContaining("the function is still being entered") as string,
    });
  });

  it("stop before the instruction, each time", async () => {
    const debuggee = await blink();
    const [line] = set(debuggee, { line: CONTRACT });
    set(debuggee);
    const address = Math.min(...debuggee.firmware.program.lines.addressesOf(line!.place!.file, CONTRACT - 1));
    const [status] = debuggee.breakpoints.setInstructions([
      { address: address | 1 },
      { address: 0x5000_0000 },
    ]);
    expect(status).toMatchObject({ refusal: undefined, place: { line: CONTRACT - 1 }, addresses: [address] });
    expect(milliseconds(await stopsUntil(debuggee, 2e9))).toEqual([161, 1161]);
  });
});
