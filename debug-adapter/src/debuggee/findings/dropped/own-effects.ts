import { address } from "../../../base/brand";
import { REGISTER_COUNT, Register, type RegisterNumber } from "../../../target/architecture";
import type { MemoryView, TracepointHit } from "../../../target/target";
import type { FunctionIdentity } from "../../../symbols/function";
import type { Frame } from "../../../unwind/backtrace";
import { unwinderOf } from "../../core-backtrace";
import type { Debuggee } from "../../debuggee";
import { FLASH, isRam, RAM } from "../../pico";
import { type CoroutineCode, coroutineTypeOf } from "./coroutine-code";

/** Backtraces that are made to find whose store it was; what is stored after that is nobody's. */
const MOST_BACKTRACES = 20_000;

/** Bytes of a stack that are looked at. */
const DEEPEST_STACK = 4096;

/** Words of one poll that are remembered. */
const MOST_WORDS = 1024;

/** Text that a program writes about itself is no effect. */
const LOGGING = /^(?:defmt|defmt_rtt|rtt_target|log)(?:::|$)/;

/** A word before its first write in a poll, and the coroutines that have written to it. */
interface WrittenWord {
  readonly before: number | undefined;
  readonly by: Set<string>;
}

/**
 * What coroutines themselves, with the plain functions that they call, have stored in statics during one poll: what a
 * caller sees of them. What the futures do that they await is those futures' own matter, and what was put back to what
 * it was before is no effect. Neither stacks nor futures count, nor pins and other peripherals.
 */
export class OwnEffects {
  private readonly words = new Map<number, WrittenWord>();
  private readonly registers = new Uint32Array(REGISTER_COUNT);
  /** Whose stores are, by where they are and what the stack holds: it is the same in every round of a loop. */
  private readonly writers = new Map<string, string | undefined>();
  private readonly near = new Map<number, Writer>();
  /** The stack pointer where the poll has begun. */
  private stackTop = 0;
  private isOn = false;

  constructor(
    private readonly debuggee: Debuggee,
    private readonly code: CoroutineCode,
  ) {
    for (const { start, end } of staticRanges(debuggee)) {
      const where = { kind: "write", address: address(start), length: end - start } as const;
      const onHit = (hit: TracepointHit) => {
        if (this.isOn) this.note(hit);
        return false;
      };
      debuggee.target.addTracepoint({ where, collect: [{ kind: "registers" }], onHit });
    }
  }

  /** From here on stores count. */
  begin(hit: TracepointHit): void {
    this.words.clear();
    this.stackTop = hit.register(Register.sp);
    this.isOn = true;
  }

  /** The full names of the types of the coroutines that have changed something since the begin. */
  end(memory: MemoryView): ReadonlySet<string> {
    this.isOn = false;
    const changed = new Set<string>();
    for (const [at, { before, by }] of this.words) {
      if (memory.readUint(at, 4) === before) continue;
      for (const type of by) changed.add(type);
    }
    return changed;
  }

  private note(hit: TracepointHit): void {
    const at = (hit.writeAddress & ~3) >>> 0;
    const known = this.words.get(at);
    if (known === undefined && this.words.size >= MOST_WORDS) return;
    const by = this.writer(hit);
    if (by === undefined && known === undefined) {
      // Somebody else was first: what it was before counts all the same.
      this.words.set(at, { before: hit.memory.readUint(at, 4), by: new Set() });
      return;
    }
    const word = known ?? { before: hit.memory.readUint(at, 4), by: new Set<string>() };
    this.words.set(at, word);
    if (by !== undefined) word.by.add(by);
  }

  private writer(hit: TracepointHit): string | undefined {
    const near = this.writerNear(hit.register(Register.pc));
    if (near.kind !== "caller") return near.coroutine;
    const key = this.callKey(hit);
    if (this.writers.has(key)) return this.writers.get(key);
    if (this.writers.size >= MOST_BACKTRACES) return undefined;
    const writer = this.writerByCallers(hit);
    this.writers.set(key, writer);
    return writer;
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

  /** Equal where the instruction and all return addresses are: those are among the words on the stack that lie in code. */
  private callKey(hit: TracepointHit): string {
    const sp = hit.register(Register.sp);
    const length = Math.min(Math.max(0, this.stackTop - sp), DEEPEST_STACK) & ~3;
    const stack = hit.memory.read(sp, length) ?? new Uint8Array(0);
    const view = new DataView(stack.buffer, stack.byteOffset, stack.byteLength);
    let key = `${hit.register(Register.pc)} ${hit.register(Register.lr)} ${length}`;
    for (let at = 0; at < view.byteLength; at += 4) {
      const word = view.getUint32(at, true);
      // A return address has its lowest bit set: Thumb code. What the ROM calls returns to none of its callers.
      if ((word & 1) === 1 && word >= FLASH.start && word < RAM.start) key += ` ${word}`;
    }
    return key;
  }

  private writerByCallers(hit: TracepointHit): string | undefined {
    for (let i = 0; i < REGISTER_COUNT; i++) this.registers[i] = hit.register(i as RegisterNumber);
    const isEnough = (frame: Frame) => frame.kind !== "normal" || writerAmong([frame]).kind === "known";
    const unwinder = unwinderOf(this.debuggee.firmware);
    const { frames } = unwinder.unwind(this.registers, hit.memory, isEnough);
    if (frames.some(({ kind }) => kind !== "normal")) return undefined;
    const found = writerAmong(frames);
    return found.kind === "caller" ? undefined : found.coroutine;
  }
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

/** Statics, without the tasks: where the program keeps what outlives a poll. */
function staticRanges({ firmware, embassy }: Debuggee): { readonly start: number; readonly end: number }[] {
  const pools = (embassy?.pools ?? [])
    .map(({ address: start, slots, slotBytes }) => ({
      start: start,
      end: start + slots * slotBytes,
    }))
    .sort((a, b) => a.start - b.start);
  return firmware.elf.sections
    .filter(({ address: start, size }) => size > 0 && isRam(start))
    .flatMap(({ address: start, size }) => without({ start, end: start + size }, pools));
}

function without(
  { start, end }: { readonly start: number; readonly end: number },
  holes: readonly { readonly start: number; readonly end: number }[],
): { readonly start: number; readonly end: number }[] {
  const left: { readonly start: number; readonly end: number }[] = [];
  let from = start;
  for (const hole of holes) {
    if (hole.end <= from || hole.start >= end) continue;
    if (hole.start > from) left.push({ start: from, end: hole.start });
    from = hole.end;
  }
  if (from < end) left.push({ start: from, end });
  return left;
}
