import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { perfettoTrace } from "#adapter/trace/perfetto/export-perfetto";
import type { Trace } from "#adapter/trace/trace";
import { demoTrace, HOSTILE_NAME, longTrace } from "#test/e2e/fixtures/traces";

/** A Python that has Perfetto's own classes: `pip install perfetto protobuf`, or POLLSCOPE_PERFETTO_PYTHON names one. */
const PYTHON = process.env["POLLSCOPE_PERFETTO_PYTHON"] ?? "python3";
const hasPerfetto =
  spawnSync(PYTHON, ["-c", "import perfetto.protos.perfetto.trace.perfetto_trace_pb2"]).status === 0;

function bytesOf(trace: Trace): Uint8Array {
  return Buffer.concat([...perfettoTrace(trace, "demo")]);
}

/** The fields of a message by the encoding alone (protobuf.dev, "Encoding"): number and value. */
function fieldsOf(bytes: Uint8Array): { readonly field: number; readonly value: number | Uint8Array }[] {
  const fields: { field: number; value: number | Uint8Array }[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const kind = tag & 7;
    let value: number | Uint8Array;
    if (kind === 0) value = varint();
    else if (kind === 1) {
      value = Number(new DataView(bytes.buffer, bytes.byteOffset + at, 8).getBigUint64(0, true));
      at += 8;
    } else if (kind === 2) {
      const length = varint();
      value = bytes.subarray(at, at + length);
      at += length;
    } else throw new Error(`no such kind of field: ${kind}`);
    fields.push({ field: tag >>> 3, value });
  }
  return fields;
}

describe("a trace for Perfetto", () => {
  it("is a message of packets, each with a sequence, that ends where it ends", () => {
    const packets = fieldsOf(bytesOf(demoTrace()));
    expect(packets.every(({ field }) => field === 1)).toBe(true);
    for (const { value } of packets) {
      const sequence = fieldsOf(value as Uint8Array).find(({ field }) => field === 10);
      expect(sequence?.value).toBeGreaterThan(0);
    }
  });

  it("comes in pieces, however long the trace is", () => {
    const pieces = [...perfettoTrace(longTrace(60_000), "busy")];
    expect(pieces.length).toBeGreaterThan(2);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(2 << 20);
    expect(fieldsOf(Buffer.concat(pieces)).length).toBeGreaterThan(60_000);
  });

  const title = "holds, as Perfetto's own classes read it, every slice, level, byte and wake";
  if (!hasPerfetto) {
    const reason = "no Python has the package perfetto";
    console.warn(`SKIPPED: ${title}: ${reason}`);
    it.skip(`${title}: ${reason}`, () => undefined);
    return;
  }

  it(title, () => {
    const folder = mkdtempSync(join(tmpdir(), "pollscope-perfetto-"));
    try {
      const file = join(folder, "demo.perfetto-trace");
      writeFileSync(file, bytesOf(demoTrace()));
      const { status, stdout, stderr } = spawnSync(PYTHON, ["test/timeline/perfetto-oracle.py", file], {
        encoding: "utf8",
      });
      expect(stderr).toBe("");
      expect(status).toBe(0);
      const { tracks, counts, flows } = JSON.parse(stdout) as {
        tracks: string[];
        counts: Record<string, number>;
        flows: number;
      };
      expect(tracks.slice(0, 3)).toEqual(["demo", "core", "sample_task"]);
      expect(tracks).toContain(HOSTILE_NAME);
      expect(counts["sample_task: slice_begin poll"]).toBe(21);
      expect(counts["show_task: slice_begin poll"]).toBe(5);
      expect(counts["main: slice_begin poll"]).toBe(1);
      expect(counts["TIMER_IRQ_0: instant wake sample_task"]).toBe(20);
      expect(counts["TIMER_IRQ_0: slice_begin handler"]).toBe(20);
      expect(counts["GP25: counter"]).toBe(4);
      // All wakes, and the spawns of the two tasks that are polled after them.
      expect(flows).toBe(24 + 2);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
