import { address } from "../../../base/brand";
import type { MemoryView, TracepointHit } from "../../../target/target";
import type { Debuggee } from "../../debuggee";
import { isRam } from "../../pico";
import type { CoroutineCode } from "./coroutine-code";
import { StoreWriters } from "./store-writers";

/** Words of one poll that are remembered. */
const MOST_WORDS = 1024;

/** A word that was written in a poll. It is used again for later polls. */
interface WrittenWord {
  readonly address: number;
  /** Counts polls: the one that the rest is about. */
  poll: number;
  /** Before its first write in that poll. */
  before: number | undefined;
  /** The coroutines that have written to it. */
  by: readonly string[];
}

const NONE: ReadonlySet<string> = new Set();
const NOBODY: readonly string[] = [];

/**
 * What coroutines themselves, with the plain functions that they call, have stored in statics during one poll: what a
 * caller sees of them. What the futures do that they await is those futures' own matter, and what was put back to what
 * it was before is no effect. Neither stacks nor futures count, nor pins and other peripherals.
 */
export class OwnEffects {
  /** All words that were ever written in a poll, by address, as far as there is room for them. */
  private readonly words = new Map<number, WrittenWord>();
  /** Those of the poll at hand. */
  private written: WrittenWord[] = [];
  private readonly writers: StoreWriters;
  private poll = 0;
  private isOn = false;

  constructor(debuggee: Debuggee, code: CoroutineCode) {
    this.writers = new StoreWriters(debuggee, code);
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
  begin(): void {
    this.poll++;
    if (this.written.length > 0) this.written = [];
    this.isOn = true;
  }

  /** The full names of the types of the coroutines that have changed something since the begin. */
  end(memory: MemoryView): ReadonlySet<string> {
    this.isOn = false;
    let changed: Set<string> | undefined;
    for (const { address: at, before, by } of this.written) {
      if (by.length === 0 || memory.readUint(at, 4) === before) continue;
      changed ??= new Set();
      for (const type of by) changed.add(type);
    }
    return changed ?? NONE;
  }

  private note(hit: TracepointHit): void {
    const at = (hit.writeAddress & ~3) >>> 0;
    const word = this.words.get(at) ?? this.addWord(at);
    if (word.poll !== this.poll) {
      if (this.written.length >= MOST_WORDS) return;
      word.poll = this.poll;
      // Whoever is first: what it was before counts for all.
      word.before = hit.memory.readUint(at, 4);
      word.by = NOBODY;
      this.written.push(word);
    }
    const by = this.writers.writerOf(hit);
    if (by !== undefined && !word.by.includes(by)) word.by = [...word.by, by];
  }

  private addWord(at: number): WrittenWord {
    const word: WrittenWord = { address: at, poll: -1, before: undefined, by: NOBODY };
    this.words.set(at, word);
    return word;
  }
}

/** From `start` to before `end`. */
interface AddressRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Statics that are nobody's: the lock of critical sections, which is free again behind each, the timer's queue, and
 * text that a program writes about itself. Most stores of all go there, and no caller sees anything of them.
 */
const MACHINERY =
  /^(?:embassy_rp::(?:critical_section_impl|time_driver)|critical_section|defmt(?:_rtt)?|rtt_target)::/;

/** Statics, without the tasks: where the program keeps what outlives a poll. */
function staticRanges({ firmware, embassy }: Debuggee): AddressRange[] {
  const statics = firmware.program.statics.matching(({ address: at }) => isRam(at));
  const starts = new Set(statics.map(({ address: at }) => at as number));
  // What fills a word up to its end belongs to what is in it, unless something else begins there.
  const rangeOf = (start: number, byteSize: number) => {
    let end = start + byteSize;
    while (end % 4 !== 0 && !starts.has(end)) end++;
    return { start, end };
  };
  const pools = (embassy?.pools ?? []).map((pool) => rangeOf(pool.address, pool.slots * pool.slotBytes));
  const machinery = statics.filter(({ name }) => MACHINERY.test(name));
  const holes = [...pools, ...machinery.map((each) => rangeOf(each.address, each.byteSize))];
  holes.sort((a, b) => a.start - b.start);
  return firmware.elf.sections
    .filter(({ address: start, size }) => size > 0 && isRam(start))
    .flatMap(({ address: start, size }) => without({ start, end: start + size }, holes));
}

function without({ start, end }: AddressRange, holes: readonly AddressRange[]): AddressRange[] {
  const left: AddressRange[] = [];
  let from = start;
  for (const hole of holes) {
    if (hole.end <= from || hole.start >= end) continue;
    if (hole.start > from) left.push({ start: from, end: hole.start });
    from = hole.end;
  }
  if (from < end) left.push({ start: from, end });
  return left;
}
