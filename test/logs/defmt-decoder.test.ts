import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { ProblemList } from "#adapter/base/errors";
import { DefmtFrames } from "#adapter/logs/defmt/frames";
import { type DefmtTable, readDefmtTable } from "#adapter/logs/defmt/table";
import type { LogLine } from "#adapter/logs/log-line";
import { observeLogs } from "#adapter/logs/log-observer";
import { firmwareAt, launch } from "#test/helpers/run-firmware";

// test/oracle/README.md says how what defmt's own decoder printed is renewed.

const FIRMWARE = ["defmt-log-dev", "defmt-log-release"];
const RUN = nanoseconds(1e9);

const elfPath = (name: string) => `test/firmware/defmt-log/prebuilt/${name}.elf`;

/** What the firmware has put into its channel, and what was made of it, in a second. */
async function logged(name: string): Promise<{ bytes: Uint8Array; lines: LogLine[] }> {
  const debuggee = await launch(elfPath(name));
  const bytes: number[] = [];
  const lines: LogLine[] = [];
  debuggee.onLog((line) => lines.push(line));
  const { target, firmware } = debuggee;
  observeLogs({
    target,
    ...firmware,
    problems: new ProblemList(),
    onLog: () => undefined,
    onBytes: (_, __, more) => bytes.push(...more),
  });
  await debuggee.run(RUN);
  debuggee.dispose();
  return { bytes: Uint8Array.from(bytes), lines };
}

/** A line as the oracle prints it. */
function oracleLine({ level, timestamp, place, text }: LogLine): string {
  return JSON.stringify([level, timestamp, place?.file ?? null, place?.line ?? null, text]);
}

function golden(name: string, make: () => Uint8Array): Buffer {
  const path = `test/golden/logs/${name}`;
  if (process.env["GOLDEN"] === "update") {
    mkdirSync("test/golden/logs", { recursive: true });
    writeFileSync(path, make());
  }
  expect(existsSync(path), `${path} is missing: see test/oracle/README.md`).toBe(true);
  return readFileSync(path);
}

async function tableOf(name: string): Promise<DefmtTable> {
  const { elf, program } = await firmwareAt(elfPath(name));
  return readDefmtTable(elf, program, new ProblemList())!;
}

describe("what firmware logs through defmt", () => {
  it.each(FIRMWARE)("of %s is what defmt's own decoder makes of the same bytes", async (name) => {
    const { bytes, lines } = await logged(name);
    expect(Buffer.from(bytes).equals(golden(`${name}.rtt`, () => bytes))).toBe(true);
    const expected = readFileSync(`test/golden/logs/${name}.jsonl`, "utf8").trimEnd().split("\n");
    expect(lines.map(oracleLine)).toEqual(expected);
    expect(lines.length).toBeGreaterThan(60);
  });

  it("is told in the order of time, a little after the time that the firmware says", async () => {
    const { lines } = await logged("defmt-log-release");
    // The firmware's clock starts when its timer does.
    const behind = lines.map(({ time, timestamp }) => time / 1e9 - Number(timestamp));
    const start = Math.min(...behind);
    for (const [i, { time }] of lines.entries()) {
      expect(behind[i]! - start).toBeLessThan(1e-3);
      if (i > 0) expect(time).toBeGreaterThan(lines[i - 1]!.time);
    }
  });

  it("is the same however its bytes are cut", async () => {
    const table = await tableOf("defmt-log-release");
    const bytes = readFileSync("test/golden/logs/defmt-log-release.rtt");
    const whole = new DefmtFrames(table).push(bytes);
    const frames = new DefmtFrames(table);
    expect(Array.from(bytes, (byte) => frames.push(Uint8Array.of(byte))).flat()).toEqual(whole);
  });

  it("is the same with the encoding `raw`, where nothing separates frames", async () => {
    const table = await tableOf("defmt-log-release");
    const raw: DefmtTable = { ...table, encoding: "raw" };
    const started = [...Array(0xffff).keys()].find((index) => table.entry(index)?.text === "started")!;
    const frame = [started & 255, started >>> 8, 1, 0, 0, 0, 0, 0, 0, 0];
    const frames = new DefmtFrames(raw);
    const told = [...frame, ...frame].flatMap((byte) => frames.push(Uint8Array.of(byte)));
    expect(told.map(({ text, timestamp }) => `${timestamp} ${text}`)).toEqual([
      "0.000001 started",
      "0.000001 started",
    ]);
  });
});

describe("bytes that are no frame", () => {
  it("are said to be none, and the frames after them are read", async () => {
    const table = await tableOf("defmt-log-release");
    const frames = new DefmtFrames(table);
    const bytes = readFileSync("test/golden/logs/defmt-log-release.rtt");
    const cut = Uint8Array.from([0xff, 0x01, 0x80, 0x00, ...bytes]);
    const [first, second] = frames.push(cut);
    expect(first?.text).toBe("(3 bytes that are no defmt frame of this firmware)");
    expect(second?.text).toBe("started");
  });

  it("never throw, whatever they are", async () => {
    const table = await tableOf("defmt-log-release");
    const bytes = readFileSync("test/golden/logs/defmt-log-release.rtt");
    for (const encoding of ["raw", "rzcobs"] as const) {
      const frames = new DefmtFrames({ ...table, encoding });
      for (let i = 0; i < 500; i++) {
        const damaged = Uint8Array.from(bytes);
        damaged[(i * 7919) % damaged.length]! ^= 1 << (i % 8);
        for (const { text } of frames.push(damaged.subarray(0, 200 + ((i * 31) % 3000)))) {
          expect(typeof text).toBe("string");
        }
      }
    }
  });
});
