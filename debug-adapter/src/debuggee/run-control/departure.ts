import type { Address } from "../../base/brand";
import { Register } from "../../target/architecture";
import type { TracepointHit } from "../../target/target";

/**
 * The instruction at which the debuggee stands when a run begins, while its tracepoints are still to be called: they
 * tell that it leaves, not that it has arrived. An interrupt may come first, so the stack pointer has to fit as well.
 */
export class Departure {
  private leftAt: number | undefined;

  constructor(
    readonly address: Address,
    private readonly stackPointer: number,
  ) {}

  /** Whether a code tracepoint that is being hit is at this instruction, executed for the first time since. */
  includes(hit: TracepointHit): boolean {
    if (this.leftAt !== undefined) return hit.time === this.leftAt && this.isHere(hit);
    if (!this.isHere(hit)) return false;
    this.leftAt = hit.time;
    return true;
  }

  private isHere(hit: TracepointHit): boolean {
    return hit.register(Register.pc) === this.address && hit.register(Register.sp) === this.stackPointer;
  }
}
