import { address } from "../../../base/brand";
import { Register } from "../../../target/architecture";
import type { Removable, Target, TracepointHit } from "../../../target/target";
import type { CoroutineCode } from "./coroutine-code";

/** What was written to the byte that says which state a coroutine is in. */
export interface StateWrite {
  readonly value: number;
  /** The instruction that wrote it. */
  readonly pc: number;
}

/** Writes to one byte in one poll that are kept; of a byte that is written more often nothing is known. */
const MOST_WRITES = 64;

/** The writes of one poll to the states of coroutines: each byte is watched, and its writes forgotten at each begin. */
export class StateWrites {
  private readonly logs = new Map<number, StateWrite[]>();
  private readonly removables: Removable[] = [];
  private readonly dirty = new Set<StateWrite[]>();

  constructor(
    private readonly target: Target,
    readonly code: CoroutineCode,
  ) {}

  /** Watches a byte; once is enough. */
  watch(at: number): void {
    if (this.logs.has(at)) return;
    const log: StateWrite[] = [];
    this.logs.set(at, log);
    const where = { kind: "write", address: address(at), length: 1 } as const;
    const onHit = (hit: TracepointHit) => {
      this.dirty.add(log);
      if (log.length <= MOST_WRITES) {
        const value = (hit.writeValue >>> (8 * (at - hit.writeAddress))) & 0xff;
        log.push({ value, pc: hit.register(Register.pc) });
      }
      return false;
    };
    this.removables.push(this.target.addTracepoint({ where, collect: [{ kind: "registers" }], onHit }));
  }

  /** Forgets all writes so far. */
  clear(): void {
    for (const log of this.dirty) log.length = 0;
    this.dirty.clear();
  }

  /** In the order of the run; undefined if there were too many to keep, or the byte is not watched. */
  at(byte: number): readonly StateWrite[] | undefined {
    const log = this.logs.get(byte);
    return log === undefined || log.length > MOST_WRITES ? undefined : log;
  }
}
