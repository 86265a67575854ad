import { type Address, address } from "../base/brand";
import { type Problem, ProblemList } from "../base/errors";
import { CallFrameInfo, type CallFrameSource } from "../dwarf/call-frame-info";
import type { Program } from "../symbols/program";
import { Register } from "../target/architecture";
import type { MemoryView, Target } from "../target/target";
import type { Backtrace, Frame } from "./backtrace";
import { stepByRow } from "./call-frame-step";
import { isExceptionReturn, unstack } from "./exception-frame";
import { overMemory } from "./fetched-memory";
import { FrameSymbols } from "./frame-symbols";
import { MachineFrame } from "./machine-frame";
import { callerState, type MachineState, type Return, stoppedState } from "./machine-state";
import { undoPrologue } from "./prologue";
import { executeReturn } from "./return-sequence";
import { type CodeMap, guessByLink, guessByScan } from "./stack-scan";
import { hexAddress } from "../base/hex-address";

export interface UnwinderOptions {
  /** Where the program begins, as its ELF header says: the function there has no caller. */
  readonly entry?: number;
  /** The linker's function that an address lies in, for code without debug info: its name, and where it begins. */
  readonly symbolAt?: (at: Address) => { readonly name: string; readonly address: Address } | undefined;
  /** What an exception of this number is called on the chip at hand. */
  readonly exceptionName?: (exception: number) => string | undefined;
  /** How many functions deep a backtrace may be, those inlined not counted. */
  readonly depthLimit?: number;
}

/** LR after a reset (ARMv6-M ARM B1.5.5): there is no caller. */
const NO_CALLER = 0xffffffff;

const DEFAULT_DEPTH_LIMIT = 256;

/**
 * Finds who called whom on a stopped machine: by call frame information, through exceptions and both stacks, with
 * functions inlined. Nothing is thrown for whatever the stack or the debug info hold; a backtrace that ends early
 * says why.
 */
export class Unwinder {
  /** Where the variables of frames are. */
  readonly symbols: FrameSymbols;
  private readonly problemList = new ProblemList();
  private readonly callFrames: CallFrameInfo;
  private readonly code: CodeMap;

  /** @param elf the sections that call frame information is in */
  constructor(
    private readonly program: Program,
    elf: CallFrameSource,
    private readonly options: UnwinderOptions = {},
  ) {
    this.symbols = new FrameSymbols(program);
    this.callFrames = new CallFrameInfo(elf, this.problemList);
    this.code = {
      isCode: (at) => this.isCode(at),
      isEntry: (at) => program.functions.at(address(at))?.address === at,
    };
  }

  /** What of the call frame information could not be understood so far. */
  get problems(): Problem[] {
    return this.problemList.list();
  }

  /**
   * The frames of a machine that stands still.
   * @param registers in the order of `REGISTER_NAMES`
   * @param memory    is kept by the frames, for their variables
   * @param isEnough  ends the backtrace early: whoever called the function of such a frame is not looked for
   */
  unwind(
    registers: ArrayLike<number>,
    memory: MemoryView,
    isEnough: (frame: Frame) => boolean = () => false,
  ): Backtrace {
    const frames: Frame[] = [];
    let machine = new MachineFrame(stoppedState(registers), memory, this.symbols);
    const limit = this.options.depthLimit ?? DEFAULT_DEPTH_LIMIT;
    for (let depth = 1; ; depth++) {
      const here = this.framesOf(machine);
      frames.push(...here);
      if (here.some(isEnough)) return { frames, problem: undefined };
      const step = this.step(machine);
      if (step.kind !== "caller") {
        const problem =
          step.kind === "end" ? undefined : { where: `frame of ${frames.at(-1)!.name}`, what: step.what };
        return { frames, problem };
      }
      if (depth >= limit) {
        const what = `the stack is deeper than ${limit} functions; the rest is not shown`;
        return { frames, problem: { where: "backtrace", what } };
      }
      machine.caller = new MachineFrame(step.state, memory, this.symbols);
      machine = machine.caller;
    }
  }

  /** The frames of a stopped target, whose memory may be far away. */
  async unwindTarget(target: Pick<Target, "readMemory" | "readRegisters">): Promise<Backtrace> {
    const registers = await target.readRegisters();
    return overMemory(target, (memory) => this.unwind(registers, memory));
  }

  /** The innermost frame, with its call frame address as far as that is known; who called it is not looked for. */
  innermost(registers: ArrayLike<number>, memory: MemoryView): MachineFrame {
    const frame = new MachineFrame(stoppedState(registers), memory, this.symbols);
    // To look for a way to leave the frame finds its address.
    if (!isExceptionFrame(frame.state)) this.returnsOf(frame).next();
    return frame;
  }

  private step(frame: MachineFrame): Step {
    const { state, memory } = frame;
    if (isExceptionFrame(state)) {
      const unstacked = unstack(state, memory);
      if (unstacked.kind === "problem") return unstacked;
      frame.cfa = unstacked.frameEnd;
      return { kind: "caller", state: unstacked.state };
    }
    if (this.isProgramEntry(frame.lookupPc)) return { kind: "end" };
    let fault = "nothing is known of the code there";
    for (const found of this.returnsOf(frame)) {
      if (found.kind === "problem") {
        fault = found.what;
        continue;
      }
      const step = this.take(found.found, frame);
      if (step.kind !== "problem") return step;
      fault = step.what;
    }
    return { kind: "problem", what: fault };
  }

  /** Ways to leave a frame, the most certain first. */
  private *returnsOf(frame: MachineFrame): Generator<Leave> {
    const { state, memory } = frame;
    const executed = state.isExact ? executeReturn(state, memory) : undefined;
    // A jump to another function looks like a return, but ends where that function begins.
    if (executed !== undefined && this.isSensible(executed.address, state, memory)) {
      frame.cfa = executed.sp;
      yield { kind: "found", found: executed };
    }
    const row = this.callFrames.rowAt(frame.lookupPc);
    if (row !== undefined) {
      const step = stepByRow(row, state, memory);
      if (step.kind === "problem") yield step;
      else {
        frame.cfa = step.cfa;
        yield { kind: "found", found: step.found };
      }
    } else {
      const found = this.withoutCallFrames(frame);
      if (found !== undefined) {
        frame.cfa = found.sp;
        yield { kind: "found", found };
      }
    }
    const scanned = guessByScan(state, memory, this.code);
    if (scanned === undefined) return;
    frame.cfa = scanned.sp;
    yield { kind: "found", found: scanned };
  }

  /** The caller of a function that call frame information says nothing of. */
  private withoutCallFrames({ state, memory, lookupPc }: MachineFrame): Return | undefined {
    const start = this.options.symbolAt?.(lookupPc)?.address;
    const undone = start === undefined ? undefined : undoPrologue(start, state, memory);
    const isPlausible = undone !== undefined && this.isSensible(undone.address, state, memory);
    return isPlausible ? undone : guessByLink(state, memory, this.code);
  }

  /** Goes to the caller, unless what was found cannot be one. */
  private take(found: Return, frame: MachineFrame): Step {
    const { state } = frame;
    const returnAddress = found.address >>> 0;
    if (returnAddress === NO_CALLER) return { kind: "end" };
    const sp = state.registers.get(Register.sp) ?? 0;
    // Only a function that was just entered, or has no frame, can leave the stack as it is.
    if (found.sp < sp || (found.sp === sp && !state.isExact)) {
      return { kind: "problem", what: `the stack does not grow at ${hexAddress(sp)}: it is damaged` };
    }
    if (isExceptionReturn(returnAddress)) {
      if (state.exception === 0) {
        const what = `it returns to ${hexAddress(returnAddress)}, but no exception is being handled`;
        return { kind: "problem", what };
      }
      const handler = callerState(state, found);
      const registers = handler.registers.with([[Register.pc, returnAddress]]);
      return { kind: "caller", state: { ...handler, registers } };
    }
    if ((returnAddress & 1) === 0 || !this.isCode((returnAddress & ~1) - 1)) {
      return {
        kind: "problem",
        what: `it returns to ${hexAddress(returnAddress)}, where no code of the program is`,
      };
    }
    return { kind: "caller", state: callerState(state, found) };
  }

  private isSensible(returnAddress: number, state: MachineState, memory: MemoryView): boolean {
    if (returnAddress >>> 0 === NO_CALLER) return true;
    if (isExceptionReturn(returnAddress)) return state.exception !== 0;
    return (
      (returnAddress & 1) !== 0 &&
      memory.readUint(returnAddress & ~1, 2) !== undefined &&
      !this.code.isEntry(returnAddress & ~1)
    );
  }

  private framesOf(machine: MachineFrame): Frame[] {
    const { state, pc, lookupPc } = machine;
    if (isExceptionFrame(state)) return [this.exceptionFrame(machine)];
    const kind = state.isGuessed ? "guessed" : "normal";
    const sources = this.program.framesAt(lookupPc);
    if (sources.length > 0) {
      return sources.map((source) => {
        // The compiler may know the file of a call and no line (line 0): that is no place to show.
        const place = source.place?.line === 0 ? undefined : source.place;
        return { ...source, place, kind, pc, name: source.function.name, machine };
      });
    }
    const name = this.options.symbolAt?.(lookupPc)?.name ?? hexAddress(pc);
    const place = this.program.lines.placeAt(lookupPc);
    return [
      { kind, pc, name, function: undefined, place, isInlined: false, entryOffset: undefined, machine },
    ];
  }

  private exceptionFrame(machine: MachineFrame): Frame {
    const number = machine.state.exception;
    const name = this.options.exceptionName?.(number) ?? exceptionName(number);
    return {
      kind: "exception",
      pc: machine.pc,
      name,
      function: undefined,
      place: undefined,
      isInlined: false,
      entryOffset: undefined,
      machine,
      exception: { number, name },
    };
  }

  private isCode(at: number): boolean {
    const where = address(at);
    return (
      this.program.functions.at(where) !== undefined ||
      this.callFrames.descriptionAt(where) !== undefined ||
      this.options.symbolAt?.(where) !== undefined
    );
  }

  private isProgramEntry(at: Address): boolean {
    const { entry } = this.options;
    if (entry === undefined) return false;
    const start = entry & ~1;
    if (this.program.functions.at(at)?.address === start) return true;
    const description = this.callFrames.descriptionAt(at);
    return description?.start === start;
  }
}

type Step =
  | { readonly kind: "caller"; readonly state: MachineState }
  | { readonly kind: "end" }
  | { readonly kind: "problem"; readonly what: string };

type Leave =
  { readonly kind: "found"; readonly found: Return } | { readonly kind: "problem"; readonly what: string };

/** The state between a handler and what it interrupted has EXC_RETURN for its program counter. */
function isExceptionFrame({ registers }: MachineState): boolean {
  return isExceptionReturn(registers.get(Register.pc) ?? 0);
}

const SYSTEM_EXCEPTIONS: Readonly<Record<number, string>> = {
  2: "NMI",
  3: "HardFault",
  11: "SVCall",
  14: "PendSV",
  15: "SysTick",
};

/** The name of an exception of ARMv6-M (ARM B1.5.2); the chip names its interrupts better. */
function exceptionName(exception: number): string {
  return (
    SYSTEM_EXCEPTIONS[exception] ?? (exception >= 16 ? `IRQ ${exception - 16}` : `exception ${exception}`)
  );
}
