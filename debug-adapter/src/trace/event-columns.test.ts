import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nanoseconds } from "../base/brand";
import { type EventKind, type TaskIndex } from "./event";
import { CHUNK_ROWS, EventColumns } from "./event-columns";

interface Row {
  time: number;
  kind: EventKind;
  task: TaskIndex;
  payload: number;
}

function columnsOf(rows: readonly Row[]): EventColumns {
  const columns = new EventColumns();
  for (const row of rows) columns.append(nanoseconds(row.time), row.kind, row.task, row.payload);
  return columns;
}

function rowsOf(columns: EventColumns): Row[] {
  return Array.from({ length: columns.length }, (_, row) => ({
    time: columns.time(row),
    kind: columns.kind(row),
    task: columns.task(row),
    payload: columns.payload(row),
  }));
}

const rows = fc
  .array(
    fc.record({
      delta: fc.oneof(fc.nat(1000), fc.nat(0xffff_ffff), fc.constant(10_000_000_000)),
      kind: fc.nat(11) as fc.Arbitrary<EventKind>,
      task: fc.nat(0xffff) as unknown as fc.Arbitrary<TaskIndex>,
      payload: fc.nat(0xffff_ffff),
    }),
    { maxLength: 300 },
  )
  .map((list) => {
    let time = 0;
    return list.map(({ delta, ...rest }) => ({ time: (time += delta), ...rest }));
  });

describe("EventColumns", () => {
  it("gives back what was appended, in order, sealed or not", () => {
    fc.assert(
      fc.property(rows, fc.boolean(), (expected, isSealed) => {
        const columns = columnsOf(expected);
        if (isSealed) columns.seal();
        expect(rowsOf(columns)).toEqual(expected);
      }),
    );
  });

  it("keeps rows across a full chunk, in 11 bytes each", () => {
    const columns = new EventColumns();
    const count = CHUNK_ROWS * 2 + 5;
    for (let i = 0; i < count; i++) columns.append(nanoseconds(i * 8), 2, (i % 7) as TaskIndex, i);
    columns.seal();
    expect(columns.sealedChunks.map((chunk) => chunk.rows)).toEqual([CHUNK_ROWS, CHUNK_ROWS, 5]);
    const bytes = columns.sealedChunks.reduce((sum, chunk) => sum + chunk.times.buffer.byteLength, 0);
    expect(bytes).toBe(count * 11);
    expect(columns.payload(CHUNK_ROWS + 3)).toBe(CHUNK_ROWS + 3);
    expect(columns.time(count - 1)).toBe((count - 1) * 8);
  });

  it("finds the first row at or after a time", () => {
    fc.assert(
      fc.property(rows, fc.nat(2e12), (list, time) => {
        const found = columnsOf(list).rowAt(nanoseconds(time));
        const expected = list.findIndex((row) => row.time >= time);
        expect(found).toBe(expected < 0 ? list.length : expected);
      }),
    );
  });

  it("never lets time run backwards", () => {
    const columns = columnsOf([
      { time: 100, kind: 0, task: 0 as TaskIndex, payload: 0 },
      { time: 90, kind: 1, task: 0 as TaskIndex, payload: 0 },
    ]);
    expect(columns.time(1)).toBe(100);
  });
});
