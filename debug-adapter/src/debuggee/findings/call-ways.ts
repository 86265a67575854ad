import { REGISTER_COUNT, Register, type RegisterNumber } from "../../target/architecture";
import type { TracepointHit } from "../../target/target";
import type { Frame } from "../../unwind/backtrace";
import type { MachineFrame } from "../../unwind/machine-frame";
import { unwinderOf } from "../core-backtrace";
import type { Debuggee } from "../debuggee";

/** Backtraces that are made; where execution is after that is not known. */
const MOST_BACKTRACES = 20_000;

/** Ways to one instruction that are remembered. */
const MOST_WAYS = 64;

/** Words of one function's part of the stack that are looked at. */
const MOST_FRAME_WORDS = 256;

/**
 * A chain of calls to an instruction, as far as it was followed. Functions have frames of fixed sizes, so where the same
 * return addresses lie at the same places, the calls are the same.
 */
interface Way<Made> {
  /** The link register's value, where the innermost function has not saved it; undefined if it does not matter. */
  readonly link: number | undefined;
  /** In bytes from the stack pointer, and what lies there. */
  readonly offsets: readonly number[];
  readonly values: readonly number[];
  readonly made: Made;
}

/** Makes something of the frames at hits. A program comes the same ways again and again: each is followed once. */
export class CallWays<Made> {
  private readonly registers = new Uint32Array(REGISTER_COUNT);
  /** By the address of the instruction at hand. */
  private readonly ways = new Map<number, Way<Made>[]>();
  private backtraces = 0;

  /**
   * @param isEnough ends the backtrace: nothing is made of what lies behind such a frame
   * @param make     of frames, innermost first
   * @param unknown  what is made where there were too many ways
   */
  constructor(
    private readonly debuggee: Debuggee,
    private readonly isEnough: (frame: Frame) => boolean,
    private readonly make: (frames: readonly Frame[]) => Made,
    private readonly unknown: Made,
  ) {}

  at(hit: TracepointHit): Made {
    const pc = hit.register(Register.pc);
    let ways = this.ways.get(pc);
    if (ways === undefined) this.ways.set(pc, (ways = []));
    for (const way of ways) if (isTaken(way, hit)) return way.made;
    return this.follow(hit, ways);
  }

  private follow(hit: TracepointHit, ways: Way<Made>[]): Made {
    if (this.backtraces >= MOST_BACKTRACES) return this.unknown;
    this.backtraces++;
    for (let i = 0; i < REGISTER_COUNT; i++) this.registers[i] = hit.register(i as RegisterNumber);
    const unwinder = unwinderOf(this.debuggee.firmware);
    const { frames, problem } = unwinder.unwind(this.registers, hit.memory, this.isEnough);
    const made = this.make(frames);
    const isRepeatable = problem === undefined && frames.every(({ kind }) => kind !== "guessed");
    const way = isRepeatable && ways.length < MOST_WAYS ? wayOf(frames, hit, made) : undefined;
    if (way !== undefined) ways.push(way);
    return made;
  }
}

/** Whether the calls to the instruction at hand are those of a way that is known. */
function isTaken({ link, offsets, values }: Way<unknown>, hit: TracepointHit): boolean {
  if (link !== undefined && hit.register(Register.lr) !== link) return false;
  const sp = hit.register(Register.sp);
  for (let i = 0; i < offsets.length; i++) {
    if (hit.memory.readUint(sp + offsets[i]!, 4) !== values[i]!) return false;
  }
  return true;
}

/** Undefined where a return address was found in no plain way. */
function wayOf<Made>(frames: readonly Frame[], hit: TracepointHit, made: Made): Way<Made> | undefined {
  const sp = hit.register(Register.sp);
  const offsets: number[] = [];
  const values: number[] = [];
  let link: number | undefined;
  const machines = [...new Set(frames.map(({ machine }) => machine))];
  for (let i = 1; i < machines.length; i++) {
    const from = stackPointer(machines[i - 1]!);
    const to = stackPointer(machines[i]!);
    const target = machines[i]!.state.registers.get(Register.pc);
    if (from === undefined || to === undefined || target === undefined) return undefined;
    if (to < from || to - from > 4 * MOST_FRAME_WORDS) return undefined;
    const before = offsets.length;
    // Of several words that hold it one is the return address: all of them must be what they are.
    for (let at = from; at < to; at += 4) {
      const word = hit.memory.readUint(at, 4);
      if (word === undefined || (word | 1) !== (target | 1)) continue;
      offsets.push(at - sp);
      values.push(word);
    }
    if (offsets.length > before) continue;
    if (i > 1 || (hit.register(Register.lr) | 1) !== (target | 1)) return undefined;
    link = hit.register(Register.lr);
  }
  return { link, offsets, values, made };
}

function stackPointer({ state }: MachineFrame): number | undefined {
  return state.registers.get(Register.sp);
}
