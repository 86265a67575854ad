import { REGISTER_COUNT, Register, type RegisterNumber } from "../../../target/architecture";
import type { TracepointHit } from "../../../target/target";
import type { FunctionIdentity } from "../../../symbols/function";
import type { Frame } from "../../../unwind/backtrace";
import type { MachineFrame } from "../../../unwind/machine-frame";
import { unwinderOf } from "../../core-backtrace";
import type { Debuggee } from "../../debuggee";
import { type CoroutineCode, coroutineTypeOf } from "./coroutine-code";

/** Backtraces that are made to find whose store it was; what is stored after that is nobody's. */
const MOST_BACKTRACES = 20_000;

/** Ways to one instruction that are remembered. */
const MOST_WAYS = 64;

/** Words of one function's part of the stack that are looked at. */
const MOST_FRAME_WORDS = 256;

/** Text that a program writes about itself is no effect. */
const LOGGING = /^(?:defmt|defmt_rtt|rtt_target|log)(?:::|$)/;

/**
 * A chain of calls to an instruction, as far as it decides whose a store is. Functions have frames of fixed sizes, so
 * where the same return addresses lie at the same places, the calls are the same.
 */
interface Way {
  /** The link register's value, where the innermost function has not saved it; undefined if it does not matter. */
  readonly link: number | undefined;
  /** In bytes from the stack pointer, and what lies there. */
  readonly offsets: readonly number[];
  readonly values: readonly number[];
  readonly writer: string | undefined;
}

/** Tells which coroutine's own code, or plain functions that it calls, a store is made by. */
export class StoreWriters {
  private readonly registers = new Uint32Array(REGISTER_COUNT);
  private readonly near = new Map<number, Writer>();
  /** By the address of the storing instruction. */
  private readonly ways = new Map<number, Way[]>();
  private backtraces = 0;

  constructor(
    private readonly debuggee: Debuggee,
    private readonly code: CoroutineCode,
  ) {}

  /** The full name of the coroutine's type; undefined for a store that is no coroutine's own. */
  writerOf(hit: TracepointHit): string | undefined {
    const pc = hit.register(Register.pc);
    const near = this.writerNear(pc);
    if (near.kind !== "caller") return near.coroutine;
    let ways = this.ways.get(pc);
    if (ways === undefined) this.ways.set(pc, (ways = []));
    for (const way of ways) if (isTaken(way, hit)) return way.writer;
    return this.writerByCallers(hit, ways);
  }

  /** What the functions at an address say, inlined ones among them. */
  private writerNear(pc: number): Writer {
    let near = this.near.get(pc);
    if (near === undefined) {
      near = writerAmong(this.code.framesAt(pc));
      this.near.set(pc, near);
    }
    return near;
  }

  private writerByCallers(hit: TracepointHit, ways: Way[]): string | undefined {
    if (this.backtraces >= MOST_BACKTRACES) return undefined;
    this.backtraces++;
    for (let i = 0; i < REGISTER_COUNT; i++) this.registers[i] = hit.register(i as RegisterNumber);
    const isEnough = (frame: Frame) => frame.kind !== "normal" || writerAmong([frame]).kind === "known";
    const unwinder = unwinderOf(this.debuggee.firmware);
    const { frames, problem } = unwinder.unwind(this.registers, hit.memory, isEnough);
    const isSure = frames.every(({ kind }) => kind === "normal");
    const found = isSure ? writerAmong(frames) : undefined;
    const writer = found?.kind === "known" ? found.coroutine : undefined;
    const isRepeatable = problem === undefined && frames.every(({ kind }) => kind !== "guessed");
    const way = isRepeatable && ways.length < MOST_WAYS ? wayOf(frames, hit, writer) : undefined;
    if (way !== undefined) ways.push(way);
    return writer;
  }
}

/** Whether the calls to the instruction at hand are those of a way that is known. */
function isTaken({ link, offsets, values }: Way, hit: TracepointHit): boolean {
  if (link !== undefined && hit.register(Register.lr) !== link) return false;
  const sp = hit.register(Register.sp);
  for (let i = 0; i < offsets.length; i++) {
    if (hit.memory.readUint(sp + offsets[i]!, 4) !== values[i]!) return false;
  }
  return true;
}

/** Undefined where a return address was found in no plain way. */
function wayOf(frames: readonly Frame[], hit: TracepointHit, writer: string | undefined): Way | undefined {
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
  return { link, offsets, values, writer };
}

function stackPointer({ state }: MachineFrame): number | undefined {
  return state.registers.get(Register.sp);
}

/** Whose a store is, by the functions that are being executed. */
type Writer =
  /** Undefined for a store that is no coroutine's own. */
  | { readonly kind: "known"; readonly coroutine: string | undefined }
  /** None of the functions decides it. */
  | { readonly kind: "caller" };

function writerAmong(frames: readonly { readonly function: FunctionIdentity | undefined }[]): Writer {
  for (const { function: each } of frames) {
    if (each === undefined) continue;
    const coroutine = coroutineTypeOf(each);
    if (coroutine !== undefined) return { kind: "known", coroutine };
    // Below a poll function it is what is awaited that acts.
    if (/^poll(?:<|$)/.test(each.ownName) || LOGGING.test(each.path))
      return { kind: "known", coroutine: undefined };
  }
  return { kind: "caller" };
}
