import { type Address, address as addressOf } from "../base/brand";
import type { MachineHooks } from "../chip/machine-hooks";
import type { Removable, StopReason, Tracepoint, TracepointHit } from "./target";

/** A machine that tells when it comes to an instruction or a store that somebody wants to know of. */
export interface HookedMachine {
  readonly hooks: Pick<MachineHooks, "onCode" | "onStore">;
  addCodeHook(address: number): void;
  removeCodeHook(address: number): void;
  watch(word: number, length: 4, accesses: { readonly load: false; readonly store: boolean }): void;
}

/** The hit that tracepoints are shown; a store is written into it. */
export interface HookHit extends TracepointHit {
  writeAddress: number;
  writeSize: number;
  writeValue: number;
}

/** A tracepoint in its place, from `start` to before `end`. */
interface PlacedTracepoint {
  readonly tracepoint: Tracepoint;
  readonly start: number;
  readonly end: number;
  isRemoved: boolean;
}

/**
 * Everything that wants to know of one place. The lists are replaced, never changed: a tracepoint may add and remove
 * others while they are being called.
 */
interface CodeHook {
  breakpoints: number;
  tracepoints: readonly PlacedTracepoint[];
}

/** The instruction that a run begins with, and whether its hooks have been called before. */
export interface RunStart {
  readonly address: number;
  readonly hasReachedCode: boolean;
}

/** Shares the machine's hooks, one per place, among any number of breakpoints and tracepoints. */
export class HookTable {
  /** Why the last hook asked the machine to stop. */
  stopReason: StopReason = { kind: "tracepoint" };
  /** Whether the machine stands before an instruction whose hooks have been called; they will not be called again. */
  hasReachedCode = false;

  /** Where the run that is about to begin stands, until the first hook is reached. */
  private start: RunStart | undefined;
  private readonly code = new Map<number, CodeHook>();
  private readonly writesByWord = new Map<number, readonly PlacedTracepoint[]>();

  constructor(
    private readonly machine: HookedMachine,
    private readonly hit: HookHit,
  ) {
    machine.hooks.onCode = (address) => this.reachCode(address);
    machine.hooks.onStore = (address, size, value) => this.store(address, size, value);
  }

  /** A run begins at `address`. A breakpoint there may have to let it pass before it has executed anything. */
  begin(address: number, how: { readonly passesBreakpoint: boolean }): void {
    this.stopReason = { kind: "tracepoint" };
    this.hasReachedCode = false;
    const isMoved = this.start?.address === address && this.start.hasReachedCode;
    if (!isMoved) this.start = how.passesBreakpoint ? { address, hasReachedCode: false } : undefined;
  }

  /** The machine has been moved to `address`, where the hooks have been called before or have not. */
  moveTo({ address, hasReachedCode }: RunStart): void {
    this.start = hasReachedCode ? { address, hasReachedCode } : undefined;
    this.hasReachedCode = hasReachedCode;
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
    const placed = { tracepoint, start: address, end: address, isRemoved: false };
    const hook = this.codeHook(address);
    hook.tracepoints = [...hook.tracepoints, placed];
    return removable(() => {
      placed.isRemoved = true;
      hook.tracepoints = hook.tracepoints.filter((other) => other !== placed);
      this.dropUnused(address, hook);
    });
  }

  private addWriteTracepoint(start: number, length: number, tracepoint: Tracepoint): Removable {
    const placed = { tracepoint, start, end: start + length, isRemoved: false };
    const words = wordsOf(placed);
    for (const word of words) {
      this.writesByWord.set(word, [...(this.writesByWord.get(word) ?? []), placed]);
      this.machine.watch(word, 4, { load: false, store: true });
    }
    return removable(() => {
      placed.isRemoved = true;
      for (const word of words) {
        const rest = this.writesByWord.get(word)!.filter((other) => other !== placed);
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
    const isStart = this.start?.address === address;
    const isReachedAgain = isStart && this.start?.hasReachedCode === true;
    this.start = undefined;
    if (hook === undefined || isReachedAgain) return false;
    let stops = hook.breakpoints > 0 && !isStart;
    if (stops) this.stopReason = { kind: "breakpoint", address: addressOf(address) };
    for (const placed of hook.tracepoints) {
      if (!placed.isRemoved && placed.tracepoint.onHit(this.hit)) stops = true;
    }
    this.hasReachedCode = stops;
    return stops;
  }

  private store(address: number, size: 1 | 2 | 4, value: number): boolean {
    const entries = this.writesByWord.get((address & ~3) >>> 0);
    if (entries === undefined) return false;
    const { hit } = this;
    hit.writeAddress = address;
    hit.writeSize = size;
    hit.writeValue = value;
    let stops = false;
    for (const placed of entries) {
      if (placed.isRemoved || address + size <= placed.start || address >= placed.end) continue;
      if (placed.tracepoint.onHit(hit)) stops = true;
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
export function removable(undo: () => void): Removable {
  let isRemoved = false;
  return {
    remove() {
      if (!isRemoved) undo();
      isRemoved = true;
    },
  };
}
