import type { Address } from "../base/brand";
import { CallSites } from "../dwarf/call-sites";
import type { ExpressionContext, ExpressionUnit } from "../dwarf/expression-context";
import { VariableLocations } from "../dwarf/variable-location";
import type { ProgramFunction } from "../symbols/function";
import type { Program } from "../symbols/program";

/** What the debug info tells of the frames of functions. */
export class FrameSymbols {
  /** Where variables are. */
  readonly locations: VariableLocations;
  private readonly callSites: CallSites;

  constructor(readonly program: Program) {
    this.locations = new VariableLocations(program.debugInfo);
    this.callSites = new CallSites(program.debugInfo);
  }

  functionAt(at: Address): ProgramFunction | undefined {
    return this.program.functions.at(at);
  }

  /** What the places of a frame's variables are relative to. */
  frameBase(
    frame: ExpressionContext & { readonly function: ProgramFunction | undefined; readonly lookupPc: Address },
  ): number | undefined {
    const owner = frame.function;
    const entry = owner && this.program.debugInfo.entryAt(owner.entryOffset);
    if (entry === undefined) return undefined;
    const base = this.locations.frameBase(entry, frame.lookupPc, frame);
    return base.kind === "number" ? base.value : undefined;
  }

  /**
   * The expression, to be evaluated in the caller, for what a register held when `callee` was called.
   * Undefined if the debug info has none for this call, or if it is not certain that the call was to `callee`:
   * a function that the caller called may have jumped there.
   */
  argument(
    callee: { readonly function: ProgramFunction | undefined },
    caller: { readonly function: ProgramFunction | undefined; readonly pc: Address },
    register: number,
  ): { readonly expression: Uint8Array; readonly unit: ExpressionUnit | undefined } | undefined {
    const owner = caller.function;
    const called = callee.function;
    if (owner === undefined || called === undefined) return undefined;
    const site = this.callSites.at(owner.entryOffset, caller.pc);
    const expression = site?.registers.get(register);
    if (expression === undefined || site?.originOffset === undefined) return undefined;
    if (!this.isSame(site.originOffset, called)) return undefined;
    return { expression, unit: this.program.debugInfo.unitAt(owner.entryOffset) };
  }

  /** Whether an entry, perhaps a declaration, is of a function. */
  private isSame(offset: number, called: ProgramFunction): boolean {
    if (offset === called.entryOffset) return true;
    const row = this.program.debugInfo.index.rowAt(offset);
    if (row < 0) return false;
    const { linkageName } = this.program.functions.ofRow(row);
    return linkageName !== undefined && linkageName === called.linkageName;
  }
}
