import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nanoseconds } from "../base/brand";
import { UserError } from "../base/errors";
import { EventKind, NO_TASK, packPollEnd, packWakeSource } from "./event";
import { decodeTrace, encodeTrace, TRACE_FILE_VERSION } from "./trace-file";
import { Trace } from "./trace";

function sampleTrace(): Trace {
  const trace = new Trace();
  const place = { file: "blink/src/main.rs", line: 31 };
  const task = trace.addTask({ name: "blink_task", address: 0x2000_0010, bytes: 88, futureBytes: 40, place });
  const frames = [{ function: "blink::blink_task", place }];
  const suspension = trace.addSuspension({ place, awaiting: "Timer", frames });
  trace.exceptions[16] = "TIMER_IRQ_0";
  const at = (us: number) => nanoseconds(us * 1000);
  trace.events.append(at(100), EventKind.Spawn, task, packWakeSource({ kind: "main" }));
  trace.events.append(at(110), EventKind.PollBegin, task, 0);
  trace.events.append(at(117), EventKind.PollEnd, task, packPollEnd("pending", suspension));
  trace.events.append(at(120), EventKind.SleepBegin, NO_TASK, 0);
  trace.events.append(at(9_000_000), EventKind.SleepEnd, NO_TASK, 0);
  trace.events.append(at(9_000_001), EventKind.IrqBegin, NO_TASK, 16);
  trace.endTime = at(10_000_000);
  return trace;
}

function describeTrace(trace: Trace) {
  const rows = Array.from({ length: trace.events.length }, (_, row) => [
    trace.events.time(row),
    trace.events.kind(row),
    trace.events.task(row),
    trace.events.payload(row),
  ]);
  const { tasks, suspensions, strings, exceptions, endTime } = trace;
  return { rows, tasks, suspensions, strings, exceptions, endTime };
}

describe("trace file", () => {
  it("gives back the trace it was made from, and the same bytes again", () => {
    const trace = sampleTrace();
    const bytes = encodeTrace(trace);
    const decoded = decodeTrace(bytes);
    expect(decoded.problems).toEqual([]);
    expect(describeTrace(decoded.trace)).toEqual(describeTrace(trace));
    expect(encodeTrace(decoded.trace)).toEqual(bytes);
  });

  it("keeps the events before the place where a file was cut off, and says so", () => {
    const bytes = encodeTrace(sampleTrace());
    const { trace, problems } = decodeTrace(bytes.subarray(0, bytes.length - 8));
    expect(trace.events.length).toBe(4);
    expect(problems.map(({ what }) => what)).toEqual([
      "the file ends inside a block of events",
      "the file holds 4 of 6 events",
    ]);
    expect(trace.endTime).toBe(120_000);
  });

  it("refuses what is no trace and what a newer version wrote, in a sentence", () => {
    expect(() => decodeTrace(Uint8Array.of(1, 2, 3))).toThrow(
      "This is not a Pollscope trace; open a file that Pollscope has saved (.pollscope)",
    );
    const newer = encodeTrace(sampleTrace());
    newer[8] = TRACE_FILE_VERSION + 1;
    expect(() => decodeTrace(newer)).toThrow(
      `This trace has format version ${TRACE_FILE_VERSION + 1}, and this Pollscope reads up to ${TRACE_FILE_VERSION}; update Pollscope`,
    );
    const damaged = encodeTrace(sampleTrace());
    damaged[20] = 0;
    expect(() => decodeTrace(damaged)).toThrow("The header of this trace is damaged; record the trace again");
  });

  it("never throws anything but a UserError, whatever byte is changed", () => {
    const original = encodeTrace(sampleTrace());
    fc.assert(
      fc.property(fc.nat(original.length - 1), fc.nat(255), fc.nat(original.length), (at, value, length) => {
        const bytes = original.slice(0, Math.max(at + 1, length));
        bytes[at] = value;
        try {
          const { trace } = decodeTrace(bytes);
          describeTrace(trace);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
