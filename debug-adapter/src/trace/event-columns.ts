import { nanoseconds, type Nanoseconds } from "../base/brand";
import type { EventKind, TaskIndex } from "./event";

/** Bytes one event takes in a sealed chunk: time 4, payload 4, task 2, kind 1. */
export const BYTES_PER_EVENT = 11;

/** Rows after which a chunk is sealed. */
export const CHUNK_ROWS = 1 << 16;

/** A chunk also ends when its time, which is kept relative to its first event, would not fit 32 bits (4.29 s). */
const MAX_CHUNK_SPAN = 0xffff_ffff;

/** Rows that can no longer change. One buffer holds all four columns, widest first so that each is aligned. */
export interface SealedChunk {
  readonly firstRow: number;
  readonly rows: number;
  readonly baseTime: Nanoseconds;
  /** Time after `baseTime`, in nanoseconds. */
  readonly times: Uint32Array;
  readonly payloads: Uint32Array;
  readonly tasks: Uint16Array;
  readonly kinds: Uint8Array;
}

/**
 * The events of a trace in the order in which they happened, as append-only typed columns.
 *
 * Rows are appended to an open chunk of full size; a sealed chunk is a right-sized copy. Reading a row finds its
 * chunk by binary search and remembers it, so that reading in order costs one comparison a row.
 */
export class EventColumns {
  private readonly chunks: SealedChunk[] = [];
  private open = emptyChunk(CHUNK_ROWS);
  private openFirstRow = 0;
  private openRows = 0;
  private openBaseTime = 0;
  private lastTime = 0;
  private cursor = 0;

  /** Number of rows. */
  get length(): number {
    return this.openFirstRow + this.openRows;
  }

  /** Bytes of memory that the columns use, the open chunk included. */
  get byteLength(): number {
    return this.openFirstRow * BYTES_PER_EVENT + CHUNK_ROWS * BYTES_PER_EVENT;
  }

  /** Adds an event. Time must not go back; it is rounded to whole nanoseconds. */
  append(time: Nanoseconds, kind: EventKind, task: TaskIndex, payload: number): void {
    const rounded = Math.max(Math.round(time), this.lastTime);
    this.lastTime = rounded;
    if (this.openRows === CHUNK_ROWS || (this.openRows > 0 && rounded - this.openBaseTime > MAX_CHUNK_SPAN)) {
      this.seal();
    }
    if (this.openRows === 0) this.openBaseTime = rounded;
    const row = this.openRows++;
    this.open.times[row] = rounded - this.openBaseTime;
    this.open.kinds[row] = kind;
    this.open.tasks[row] = task;
    this.open.payloads[row] = payload;
  }

  /** Closes the open chunk, so that `sealedChunks` holds every row. */
  seal(): void {
    if (this.openRows === 0) return;
    const rows = this.openRows;
    const columns = emptyChunk(rows);
    columns.times.set(this.open.times.subarray(0, rows));
    columns.payloads.set(this.open.payloads.subarray(0, rows));
    columns.tasks.set(this.open.tasks.subarray(0, rows));
    columns.kinds.set(this.open.kinds.subarray(0, rows));
    this.chunks.push({
      firstRow: this.openFirstRow,
      rows,
      baseTime: nanoseconds(this.openBaseTime),
      ...columns,
    });
    this.openFirstRow += rows;
    this.openRows = 0;
  }

  /** The chunks that can no longer change, in order. */
  get sealedChunks(): readonly SealedChunk[] {
    return this.chunks;
  }

  /** Adds a chunk read from a file. Only before the first append. */
  addSealedChunk(baseTime: Nanoseconds, buffer: ArrayBuffer, rows: number): void {
    this.chunks.push({ firstRow: this.openFirstRow, rows, baseTime, ...columnsOf(buffer, rows) });
    this.openFirstRow += rows;
    this.lastTime = baseTime + (rows === 0 ? 0 : this.chunks.at(-1)!.times[rows - 1]!);
  }

  time(row: number): Nanoseconds {
    const chunk = this.chunkOf(row);
    return nanoseconds(
      chunk === undefined
        ? this.openBaseTime + this.open.times[row - this.openFirstRow]!
        : chunk.baseTime + chunk.times[row - chunk.firstRow]!,
    );
  }

  kind(row: number): EventKind {
    const chunk = this.chunkOf(row);
    const kinds = chunk === undefined ? this.open.kinds : chunk.kinds;
    return kinds[row - (chunk?.firstRow ?? this.openFirstRow)] as EventKind;
  }

  task(row: number): TaskIndex {
    const chunk = this.chunkOf(row);
    const tasks = chunk === undefined ? this.open.tasks : chunk.tasks;
    return tasks[row - (chunk?.firstRow ?? this.openFirstRow)] as TaskIndex;
  }

  payload(row: number): number {
    const chunk = this.chunkOf(row);
    const payloads = chunk === undefined ? this.open.payloads : chunk.payloads;
    return payloads[row - (chunk?.firstRow ?? this.openFirstRow)]!;
  }

  /** The first row at or after a time, or `length` if there is none. */
  rowAt(time: Nanoseconds): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.time(middle) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The sealed chunk of a row, or undefined for a row of the open chunk. */
  private chunkOf(row: number): SealedChunk | undefined {
    if (row >= this.openFirstRow) return undefined;
    const current = this.chunks[this.cursor];
    if (current !== undefined && row >= current.firstRow && row < current.firstRow + current.rows)
      return current;
    let low = 0;
    let high = this.chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.chunks[middle]!.firstRow <= row) low = middle;
      else high = middle - 1;
    }
    this.cursor = low;
    return this.chunks[low];
  }
}

type Columns = Pick<SealedChunk, "times" | "payloads" | "tasks" | "kinds">;

function emptyChunk(rows: number): Columns {
  return columnsOf(new ArrayBuffer(rows * BYTES_PER_EVENT), rows);
}

/** The four columns as views of one buffer of `rows * BYTES_PER_EVENT` bytes. */
function columnsOf(buffer: ArrayBuffer, rows: number): Columns {
  return {
    times: new Uint32Array(buffer, 0, rows),
    payloads: new Uint32Array(buffer, rows * 4, rows),
    tasks: new Uint16Array(buffer, rows * 8, rows),
    kinds: new Uint8Array(buffer, rows * 10, rows),
  };
}
