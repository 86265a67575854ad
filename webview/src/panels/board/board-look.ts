import type { BoardBody } from "#adapter/protocol/board";

/** The board as it was seen last, and what happened since it was seen before. */
export class BoardLook {
  private before: BoardBody | undefined;
  private last: BoardBody | undefined;

  get now(): BoardBody | undefined {
    return this.last;
  }

  see(body: BoardBody): void {
    // A session that was begun anew starts at zero.
    const isLater = this.last !== undefined && body.time >= this.last.time;
    this.before = isLater ? this.last : undefined;
    this.last = body;
  }

  /** The part of the time since the last look that a pin was high, 0 to 1; as it is now where no time has passed. */
  highShare(gpio: number): number {
    const pin = this.last?.pins[gpio];
    if (pin === undefined) return 0;
    const old = this.before?.pins[gpio];
    const elapsed = this.before === undefined ? 0 : this.last!.time - this.before.time;
    if (old === undefined || elapsed === 0) return pin.isHigh ? 1 : 0;
    return Math.min(1, Math.max(0, (pin.highFor - old.highFor) / elapsed));
  }

  /** Whether the level of a pin has changed since the last look. */
  hasMoved(gpio: number): boolean {
    const old = this.before?.pins[gpio];
    return old !== undefined && this.last!.pins[gpio]!.changes !== old.changes;
  }
}
