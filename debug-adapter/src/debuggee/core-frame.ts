import { placeOf } from "../futures/suspension";
import type { Program } from "../symbols/program";
import type { StaticVariable } from "../symbols/static-variable";
import type { SourcePlace } from "../trace/trace";
import type { Frame } from "../unwind/backtrace";
import type { ExpressionScope } from "../values/expression/evaluate";
import { type FrameVariable, frameVariables, lookupVariable } from "../values/frame-variables";
import type { Value } from "../values/value";
import { framePresence } from "./frame-presence";

/**
 * A function that the core is in, or the border between an exception handler and what it interrupted. What it holds
 * is read when it is first asked for, and is that of the instant of the backtrace, however long it is kept.
 * It is the scope of the expressions that are evaluated in it.
 */
export class CoreFrame implements ExpressionScope {
  private variablesRead: readonly FrameVariable[] | undefined;

  constructor(
    private readonly frame: Frame,
    private readonly program: Program,
    readonly hasCoreRegisters = false,
  ) {}

  /** The function's full name; of the border of an exception what the chip calls that. */
  get name(): string {
    return this.frame.name;
  }

  /** `guessed`: found by what looks like a return address; it may be wrong. */
  get kind(): Frame["kind"] {
    return this.frame.kind;
  }

  get isInlined(): boolean {
    return this.frame.isInlined;
  }

  get place(): SourcePlace | null {
    return placeOf(this.frame.place);
  }

  /** Whether it is code of the user's own crates, as far as its source file tells. */
  get isOwn(): boolean {
    return this.frame.place?.file.origin.kind === "own";
  }

  /** Where execution is, or where it goes on when the callee returns; of an exception, EXC_RETURN. */
  get address(): number {
    return this.frame.pc;
  }

  /** The function's path without generic arguments; undefined without debug info. */
  get path(): string | undefined {
    return this.frame.function?.path;
  }

  /**
   * Parameters and variables in scope, in the order of their declaration. Those of which the compiler kept nothing
   * are there as well, and say so; so is what a later one of the same name hides.
   */
  get variables(): readonly FrameVariable[] {
    return (this.variablesRead ??= this.readVariables());
  }

  /** Statics of the function's crate, in the order of their names; vtables left out. */
  get statics(): readonly StaticVariable[] {
    const crate = crateOf(this.path ?? "");
    if (crate === "") return [];
    const own = this.program.statics.matching(({ name }) => crateOf(name) === crate);
    return own.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Registers as they are in this frame, without those whose value a function that it called has lost. */
  get registers(): readonly { readonly name: string; readonly value: number }[] {
    return this.frame.machine.registers.known();
  }

  /** The variable that a name means in this frame. */
  lookup(name: string): Value | undefined {
    return lookupVariable(this.variables, name);
  }

  private readVariables(): FrameVariable[] {
    const { entryOffset, machine } = this.frame;
    if (entryOffset === undefined) return [];
    const executed = {
      entryOffset,
      pc: machine.lookupPc,
      presence: framePresence(this.frame, this.program),
    };
    return frameVariables(this.program, executed, machine);
  }
}

/** `blink` of `blink::blink_task::POOL`; "" for names that are in no crate: `<blink::Led as Light>::{vtable}`. */
function crateOf(name: string): string {
  return /^\w+(?=::)/.exec(name)?.[0] ?? "";
}
