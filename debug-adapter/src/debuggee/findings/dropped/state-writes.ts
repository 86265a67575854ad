import { address } from "../../../base/brand";
import { Register } from "../../../target/architecture";
import type { Target, TracepointHit } from "../../../target/target";
import type { CoroutineCode } from "./coroutine-code";

/** What was written to the byte that says which state a coroutine is in. */
export interface StateWrite {
  readonly value: number;
  /** The instruction that wrote it. */
  readonly pc: number;
}

/** Writes to one byte in one poll that are kept; of a byte that is written more often nothing is known. */
const MOST_WRITES = 64;

const NO_WRITES: readonly StateWrite[] = [];

/** The writes to one byte in one poll, in the order of the run. */
interface WriteLog {
  writes: readonly StateWrite[];
}

/** The writes of one poll to the states of coroutines: each byte is watched, and its writes forgotten at each begin. */
export class StateWrites {
  private readonly logs = new Map<number, WriteLog>();
  /** Those that are not empty. */
  private dirty: WriteLog[] = [];

  constructor(
    private readonly target: Target,
    readonly code: CoroutineCode,
  ) {}

  /** Watches a byte; once is enough. */
  watch(at: number): void {
    if (this.logs.has(at)) return;
    const log: WriteLog = { writes: NO_WRITES };
    this.logs.set(at, log);
    const where = { kind: "write", address: address(at), length: 1 } as const;
    const onHit = (hit: TracepointHit) => {
      const value = (hit.writeValue >>> (8 * (at - hit.writeAddress))) & 0xff;
      this.add(log, { value, pc: hit.register(Register.pc) });
      return false;
    };
    this.target.addTracepoint({ where, collect: [{ kind: "registers" }], onHit });
  }

  /** Forgets all writes so far. */
  clear(): void {
    if (this.dirty.length === 0) return;
    for (const log of this.dirty) log.writes = NO_WRITES;
    this.dirty = [];
  }

  /** In the order of the run; undefined if there were too many to keep, or the byte is not watched. */
  at(byte: number): readonly StateWrite[] | undefined {
    const writes = this.logs.get(byte)?.writes;
    return writes !== undefined && writes.length > MOST_WRITES ? undefined : writes;
  }

  private add(log: WriteLog, write: StateWrite): void {
    if (log.writes.length > MOST_WRITES) return;
    if (log.writes.length === 0) this.dirty.push(log);
    log.writes = [...log.writes, write];
  }
}
