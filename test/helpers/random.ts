/** A generator of pseudo-random numbers that gives the same ones in every run (mulberry32). */
export class Random {
  constructor(private state: number) {}

  /** 0 to 2^32 - 1. */
  word(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** 0 to `limit` - 1. */
  below(limit: number): number {
    return this.word() % limit;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  /** A word as programs have them: often small, of either sign, or at the edge of something. */
  operand(): number {
    switch (this.below(6)) {
      case 0:
        return this.below(40);
      case 1:
        return -this.below(40) >>> 0;
      case 2:
        return this.pick([0x7fffffff, 0x80000000, 0xffffffff, 0x7ffffffe, 0x80000001, 0xff, 0x8000, 0x100]);
      case 3:
        return (1 << this.below(32)) >>> 0;
      default:
        return this.word();
    }
  }
}
