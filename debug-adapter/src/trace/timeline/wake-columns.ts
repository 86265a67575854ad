import { type TaskIndex, unpackWakeSource } from "../event";

const FIRST_CAPACITY = 64;

/** No poll has followed yet, or nothing is known of where it came from. */
export const NONE = 0xffff_ffff;

/** Wakes and spawns in the order of the trace, each with the poll that it has led to. */
export class WakeColumns {
  private rowColumn = new Uint32Array(FIRST_CAPACITY);
  private pollColumn = new Uint32Array(FIRST_CAPACITY);
  private used = 0;
  /** Per task the first wake that no poll has followed yet. */
  private readonly open = new Map<TaskIndex, number>();

  get length(): number {
    return this.used;
  }

  get byteLength(): number {
    return this.rowColumn.byteLength + this.pollColumn.byteLength;
  }

  addWake(task: TaskIndex, row: number): void {
    if (this.used === this.rowColumn.length) this.grow();
    this.rowColumn[this.used] = row;
    this.pollColumn[this.used] = NONE;
    if (!this.open.has(task)) this.open.set(task, this.used);
    this.used++;
  }

  /** A poll of the task begins: it is what its open wake has led to. */
  addPoll(task: TaskIndex, row: number): void {
    const wake = this.open.get(task);
    if (wake === undefined) return;
    this.pollColumn[wake] = row;
    this.open.delete(task);
  }

  /** The row of the trace at which wake `index` happened. */
  row(index: number): number {
    return this.rowColumn[index]!;
  }

  /** The row at which the poll began that it has led to; NONE if there is none (yet), or an earlier wake led to it. */
  pollRow(index: number): number {
    return this.pollColumn[index]!;
  }

  /** The first wake at or after a row of the trace. */
  firstFrom(row: number): number {
    let low = 0;
    let high = this.used;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.rowColumn[middle]! < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private grow(): void {
    const rows = new Uint32Array(this.used * 2);
    const polls = new Uint32Array(this.used * 2);
    rows.set(this.rowColumn);
    polls.set(this.pollColumn);
    this.rowColumn = rows;
    this.pollColumn = polls;
  }
}

/** Whether a wake's payload names the task itself. */
export function isSelfWake(task: TaskIndex, payload: number): boolean {
  const source = unpackWakeSource(payload);
  return source.kind === "self" || (source.kind === "task" && source.task === task);
}
