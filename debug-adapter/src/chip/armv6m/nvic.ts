import type { InterruptInput } from "../peripheral";
import { FIRST_INTERRUPT, HARD_FAULT, NMI, THREAD_PRIORITY } from "./core-state";

// Places in `words`; one bit per exception number below 16, or per interrupt.
const ENABLED = 0;
const PENDING = 1;
const ACTIVE = 2;
const LEVEL = 3;
const SYSTEM_PENDING = 4;
const SYSTEM_ACTIVE = 5;

/** Only the top two bits of a priority exist (ARMv6-M ARM B1.5.4). */
const PRIORITY_BITS = 0xc0;

/**
 * The interrupt controller and the pending, active and priority state of all exceptions (ARMv6-M ARM B1.5, B3.4).
 *
 * Interrupts are levels. A line that goes high makes its interrupt pending; when its handler returns with the line
 * still high, it is pending again (Cortex-M0+ Generic User Guide 4.2.8).
 */
export class Nvic implements InterruptInput {
  readonly state = { words: new Uint32Array(6), priorities: new Uint8Array(FIRST_INTERRUPT + 32) };

  /** The pending exception that would be taken next, and its priority; 0 and THREAD_PRIORITY if there is none. */
  nextException = 0;
  nextPriority = THREAD_PRIORITY;
  /** The priority of what is being executed, PRIMASK aside. */
  activePriority = THREAD_PRIORITY;

  private readonly words = this.state.words;
  private readonly priorities = this.state.priorities;
  private readonly lineMask: number;

  constructor(
    /** Interrupt lines that exist. */
    lineCount: number,
    /** Called after any change that may make an exception ready to be taken. */
    private readonly onChange: () => void,
    /** Called when an exception becomes pending, for SEVONPEND. */
    private readonly onPended: () => void,
  ) {
    this.lineMask = lineCount >= 32 ? 0xffffffff : 2 ** lineCount - 1;
  }

  reset(): void {
    // What is wired to the lines is not reset with the core.
    const level = this.words[LEVEL]!;
    this.words.fill(0);
    this.priorities.fill(0);
    this.words[LEVEL] = level;
    this.words[PENDING] = level;
    this.update();
  }

  setLevel(line: number, isHigh: boolean): void {
    const bit = 2 ** line;
    const words = this.words;
    if (((words[LEVEL]! & bit) !== 0) === isHigh) return;
    words[LEVEL]! ^= bit;
    if (isHigh && (words[ACTIVE]! & bit) === 0) this.pendInterrupts(bit);
  }

  /** Whether an exception below 16 is pending. */
  isPending(exception: number): boolean {
    return exception < FIRST_INTERRUPT
      ? (this.words[SYSTEM_PENDING]! & (1 << exception)) !== 0
      : (this.words[PENDING]! & (1 << (exception - FIRST_INTERRUPT))) !== 0;
  }

  isActive(exception: number): boolean {
    return exception < FIRST_INTERRUPT
      ? (this.words[SYSTEM_ACTIVE]! & (1 << exception)) !== 0
      : (this.words[ACTIVE]! & (1 << (exception - FIRST_INTERRUPT))) !== 0;
  }

  /** Whether any external interrupt is pending (ICSR.ISRPENDING). */
  get hasPendingInterrupt(): boolean {
    return this.words[PENDING] !== 0;
  }

  /** How many exceptions are active. */
  get activeCount(): number {
    return bitCount(this.words[ACTIVE]!) + bitCount(this.words[SYSTEM_ACTIVE]!);
  }

  pend(exception: number): void {
    if (exception >= FIRST_INTERRUPT) {
      this.pendInterrupts(2 ** (exception - FIRST_INTERRUPT));
      return;
    }
    const bit = 1 << exception;
    const isNew = (this.words[SYSTEM_PENDING]! & bit) === 0;
    this.words[SYSTEM_PENDING]! |= bit;
    if (isNew) this.onPended();
    this.update();
  }

  unpend(exception: number): void {
    this.words[SYSTEM_PENDING]! &= ~(1 << exception);
    this.update();
  }

  /** The exception starts being handled. */
  activate(exception: number): void {
    const words = this.words;
    if (exception < FIRST_INTERRUPT) {
      words[SYSTEM_PENDING]! &= ~(1 << exception);
      words[SYSTEM_ACTIVE]! |= 1 << exception;
    } else {
      words[PENDING]! &= ~(1 << (exception - FIRST_INTERRUPT));
      words[ACTIVE]! |= 1 << (exception - FIRST_INTERRUPT);
    }
    this.update();
  }

  /** The exception's handler has returned. */
  deactivate(exception: number): void {
    const words = this.words;
    if (exception < FIRST_INTERRUPT) {
      words[SYSTEM_ACTIVE]! &= ~(1 << exception);
      this.update();
      return;
    }
    const bit = 2 ** (exception - FIRST_INTERRUPT);
    words[ACTIVE]! &= ~bit;
    if ((words[LEVEL]! & bit) !== 0) this.pendInterrupts(bit);
    else this.update();
  }

  priorityOf(exception: number): number {
    if (exception === HARD_FAULT) return -1;
    if (exception === NMI) return -2;
    return this.priorities[exception]!;
  }

  setPriority(exception: number, priority: number): void {
    this.priorities[exception] = priority & PRIORITY_BITS;
    this.update();
  }

  /** A register between NVIC_ISER (0xe000e100) and NVIC_IPR7, or undefined if there is none (B3.4.2). */
  read(offset: number): number | undefined {
    switch (offset) {
      case 0x100:
      case 0x180:
        return this.words[ENABLED]!;
      case 0x200:
      case 0x280:
        return this.words[PENDING]!;
      default:
        return isPriorityRegister(offset) ? this.readPriorities(offset - 0x400) : undefined;
    }
  }

  /** Returns whether there is such a register. */
  write(offset: number, value: number): boolean {
    const words = this.words;
    switch (offset) {
      case 0x100:
        words[ENABLED]! |= value & this.lineMask;
        break;
      case 0x180:
        words[ENABLED]! &= ~value;
        break;
      case 0x200:
        this.pendInterrupts(value & this.lineMask);
        break;
      case 0x280:
        // A level that is still high keeps its interrupt pending.
        words[PENDING]! &= ~value | (words[LEVEL]! & ~words[ACTIVE]!);
        break;
      default:
        if (!isPriorityRegister(offset)) return false;
        this.writePriorities(offset - 0x400, value);
    }
    this.update();
    return true;
  }

  /** Works out the next exception and the active priority again, after a change or a restored state. */
  update(): void {
    this.findNext();
    this.findActivePriority();
    this.onChange();
  }

  private pendInterrupts(bits: number): void {
    const isNew = (bits & ~this.words[PENDING]!) !== 0;
    this.words[PENDING]! |= bits;
    if (isNew) this.onPended();
    this.update();
  }

  private findNext(): void {
    this.nextException = 0;
    this.nextPriority = THREAD_PRIORITY;
    this.considerAll(this.words[SYSTEM_PENDING]!, 0);
    this.considerAll(this.words[PENDING]! & this.words[ENABLED]!, FIRST_INTERRUPT);
  }

  /** Lower numbers come first, so that they win among equal priorities (B1.5.4). */
  private considerAll(bits: number, first: number): void {
    for (let rest = bits; rest !== 0; rest &= rest - 1) {
      const exception = first + 31 - Math.clz32(rest & -rest);
      const priority = this.priorityOf(exception);
      if (priority < this.nextPriority) {
        this.nextPriority = priority;
        this.nextException = exception;
      }
    }
  }

  private findActivePriority(): void {
    let priority = THREAD_PRIORITY;
    for (let rest = this.words[SYSTEM_ACTIVE]!; rest !== 0; rest &= rest - 1) {
      priority = Math.min(priority, this.priorityOf(31 - Math.clz32(rest & -rest)));
    }
    for (let rest = this.words[ACTIVE]!; rest !== 0; rest &= rest - 1) {
      priority = Math.min(priority, this.priorityOf(FIRST_INTERRUPT + 31 - Math.clz32(rest & -rest)));
    }
    this.activePriority = priority;
  }

  private readPriorities(offset: number): number {
    const first = FIRST_INTERRUPT + offset;
    let value = 0;
    for (let i = 3; i >= 0; i--) value = (value << 8) | this.priorities[first + i]!;
    return value >>> 0;
  }

  private writePriorities(offset: number, value: number): void {
    for (let i = 0; i < 4; i++) {
      const line = offset + i;
      if (((this.lineMask >>> line) & 1) === 0) continue;
      this.priorities[FIRST_INTERRUPT + line] = (value >>> (8 * i)) & PRIORITY_BITS;
    }
  }
}

function isPriorityRegister(offset: number): boolean {
  return offset >= 0x400 && offset < 0x420;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
