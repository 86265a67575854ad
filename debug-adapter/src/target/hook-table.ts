import { type Address, address as addressOf } from "../base/brand";
import type { Rp2040 } from "../chip/rp2040/rp2040";
import type { EmulatedHit } from "./emulated-hit";
import type { Removable, StopReason, Tracepoint } from "./target";

/** Everything that wants to know of one instruction. */
interface CodeHook {
  breakpoints: number;
  readonly tracepoints: Tracepoint[];
}

interface WriteTracepoint {
  readonly tracepoint: Tracepoint;
  readonly start: number;
  readonly end: number;
}

/** Shares the machine's hooks, one per place, among any number of breakpoints and tracepoints. */
export class HookTable {
  /** Why the last hook asked the machine to stop. */
  stopReason: StopReason = { kind: "tracepoint" };

  private readonly code = new Map<number, CodeHook>();
  private readonly writesByWord = new Map<number, WriteTracepoint[]>();

  constructor(
    private readonly machine: Rp2040,
    private readonly hit: EmulatedHit,
  ) {
    machine.hooks.onCode = (address) => this.reachCode(address);
    machine.hooks.onStore = (address, size, value) => this.store(address, size, value);
  }

  clearStop(): void {
    this.stopReason = { kind: "tracepoint" };
  }

  addBreakpoint(address: Address): Removable {
    const hook = this.codeHook(address);
    hook.breakpoints++;
    return removable(() => {
      hook.breakpoints--;
      this.dropUnused(address, hook);
    });
  }

  addTracepoint(tracepoint: Tracepoint): Removable {
    const { where } = tracepoint;
    return where.kind === "code"
      ? this.addCodeTracepoint(where.address, tracepoint)
      : this.addWriteTracepoint(where.address, where.length, tracepoint);
  }

  private addCodeTracepoint(address: Address, tracepoint: Tracepoint): Removable {
    const hook = this.codeHook(address);
    hook.tracepoints.push(tracepoint);
    return removable(() => {
      hook.tracepoints.splice(hook.tracepoints.indexOf(tracepoint), 1);
      this.dropUnused(address, hook);
    });
  }

  private addWriteTracepoint(start: number, length: number, tracepoint: Tracepoint): Removable {
    const entry = { tracepoint, start, end: start + length };
    const words = wordsOf(entry);
    for (const word of words) {
      const known = this.writesByWord.get(word);
      if (known) known.push(entry);
      else this.writesByWord.set(word, [entry]);
      this.machine.watch(word, 4, { load: false, store: true });
    }
    return removable(() => {
      for (const word of words) {
        const rest = this.writesByWord.get(word)!.filter((other) => other !== entry);
        if (rest.length > 0) this.writesByWord.set(word, rest);
        else {
          this.writesByWord.delete(word);
          this.machine.watch(word, 4, { load: false, store: false });
        }
      }
    });
  }

  private codeHook(address: number): CodeHook {
    let hook = this.code.get(address);
    if (hook === undefined) {
      hook = { breakpoints: 0, tracepoints: [] };
      this.code.set(address, hook);
      this.machine.addCodeHook(address);
    }
    return hook;
  }

  private dropUnused(address: number, hook: CodeHook): void {
    if (hook.breakpoints > 0 || hook.tracepoints.length > 0) return;
    this.code.delete(address);
    this.machine.removeCodeHook(address);
  }

  private reachCode(address: number): boolean {
    const hook = this.code.get(address);
    if (hook === undefined) return false;
    let stops = hook.breakpoints > 0;
    if (stops) this.stopReason = { kind: "breakpoint", address: addressOf(address) };
    // A tracepoint may add or remove others while it runs.
    for (const tracepoint of hook.tracepoints) if (tracepoint.onHit(this.hit)) stops = true;
    return stops;
  }

  private store(address: number, size: 1 | 2 | 4, value: number): boolean {
    const entries = this.writesByWord.get((address & ~3) >>> 0);
    if (entries === undefined) return false;
    const { hit } = this;
    let stops = false;
    for (const { tracepoint, start, end } of entries) {
      if (address + size <= start || address >= end) continue;
      hit.writeAddress = address;
      hit.writeSize = size;
      hit.writeValue = value;
      if (tracepoint.onHit(hit)) stops = true;
    }
    return stops;
  }
}

/** First addresses of the words that a range touches. */
function wordsOf({ start, end }: { readonly start: number; readonly end: number }): number[] {
  const words: number[] = [];
  for (let word = (start & ~3) >>> 0; word < end; word += 4) words.push(word);
  return words;
}

/** Runs `undo` once, however often it is asked to. */
function removable(undo: () => void): Removable {
  let isRemoved = false;
  return {
    remove() {
      if (!isRemoved) undo();
      isRemoved = true;
    },
  };
}
