import { Register } from "../../target/architecture";
import type { TracepointHit } from "../../target/target";
import type { PollResult } from "../../trace/event";
import type { FuturePoll } from "./future-polls";
import type { ObservedFuture } from "./observed-future";
import { type PollResultPlace, pollResultReader } from "./poll-result";
import { readWaker, type WakerLayout, type WakerParts } from "./waker-layout";

/**
 * A poll function that has code of its own, and how it is called. `self` and the context are its arguments (AAPCS32
 * 6.5): in r0 and r1, or one register further where the caller passes an address for the result. Which it is the
 * context tells, that begins with a waker; the compiler drops arguments that are not used.
 */
export class PollFunction {
  /** Of the call that was entered last: the future's address, or undefined. */
  self: number | undefined;
  /** Where its caller wants the result. */
  resultAddress: number | undefined;
  /** The waker that it was given. */
  readonly waker: WakerParts = { isKnown: false, data: 0, wake: 0, wakeByRef: 0 };

  private readonly result;
  private readonly byAddress = new Map<number | undefined, ObservedFuture>();

  constructor(
    readonly poll: FuturePoll,
    private readonly layout: WakerLayout | undefined,
    private readonly isFunction: (address: number) => boolean,
  ) {
    this.result = pollResultReader(poll.function.result);
  }

  /** The function is about to be executed: works out what it was given. */
  enter(hit: TracepointHit): void {
    this.self = undefined;
    this.resultAddress = undefined;
    this.waker.isKnown = false;
    if (this.isContext(Register.r1, hit)) this.self = hit.register(Register.r0);
    else if (this.isContext(Register.r2, hit)) {
      this.self = hit.register(Register.r1);
      this.resultAddress = hit.register(Register.r0);
    }
  }

  /** The future at an address, if it was polled before. */
  futureAt(self: number | undefined): ObservedFuture | undefined {
    return this.byAddress.get(self);
  }

  remember(future: ObservedFuture): void {
    this.byAddress.set(future.address, future);
  }

  /** What the poll of a future has returned, at the instruction that it has returned to. */
  resultOf({ resultAddress }: ObservedFuture, hit: TracepointHit): PollResult {
    const raw =
      resultAddress === undefined
        ? readPlace(this.result.direct, 0, hit)
        : readPlace(this.result.indirect, resultAddress, hit);
    const isReady = raw === undefined ? undefined : this.result.isReady(raw);
    return isReady === undefined ? "unknown" : isReady ? "ready" : "pending";
  }

  private isContext(register: typeof Register.r1, hit: TracepointHit): boolean {
    if (this.layout === undefined) return false;
    const source = { layout: this.layout, memory: hit.memory, isFunction: this.isFunction };
    return readWaker(hit.register(register), source, this.waker);
  }
}

function readPlace(place: PollResultPlace, base: number, hit: TracepointHit): number | undefined {
  switch (place.kind) {
    case "register":
      return (hit.register(place.register === 0 ? Register.r0 : Register.r1) & place.mask) >>> 0;
    case "memory":
      return hit.memory.readUint(base + place.offset, place.byteSize);
    case "unknown":
      return undefined;
  }
}
