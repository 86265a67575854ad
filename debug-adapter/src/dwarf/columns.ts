/** A column of unsigned 32-bit numbers whose length is not known beforehand. */
export class GrowingColumn {
  private values: Uint32Array;
  private used = 0;

  constructor(capacity = 1024) {
    this.values = new Uint32Array(capacity);
  }

  get length(): number {
    return this.used;
  }

  push(value: number): void {
    if (this.used === this.values.length) this.grow();
    this.values[this.used++] = value;
  }

  at(index: number): number {
    return this.values[index]!;
  }

  /** Forgets the values from `length` on. */
  truncate(length: number): void {
    this.used = Math.min(this.used, length);
  }

  /** Values `start` to `end` (exclusive), without copying. */
  slice(start: number, end: number): Uint32Array {
    return this.values.subarray(start, Math.min(end, this.used));
  }

  /** The column so far, without copying. */
  seal(): Uint32Array {
    return this.values.subarray(0, this.used);
  }

  private grow(): void {
    const larger = new Uint32Array(this.values.length * 2);
    larger.set(this.values);
    this.values = larger;
  }
}
