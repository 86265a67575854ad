import { ByteReader, OutOfBounds } from "../base/byte-reader";
import { type ByteRange, type FrameDescription, readEncodedAddress } from "./call-frame-section";
import { DW_CFA } from "./constants";

/** How the canonical frame address is found: the stack pointer before the call that made the frame. */
export type CfaRule =
  | { readonly kind: "register"; readonly register: number; readonly offset: number }
  | { readonly kind: "expression"; readonly expression: Uint8Array };

/** How the caller's value of a register is found (DWARF 5 section 6.4.1). */
export type RegisterRule =
  /** It is lost. */
  | { readonly kind: "undefined" }
  /** It has not changed. */
  | { readonly kind: "same" }
  /** It is in memory at the CFA plus an offset. */
  | { readonly kind: "offset"; readonly offset: number }
  /** It is the CFA plus an offset. */
  | { readonly kind: "value-offset"; readonly offset: number }
  /** It is in another register. */
  | { readonly kind: "register"; readonly register: number }
  /** It is in memory at the address that an expression computes. */
  | { readonly kind: "expression"; readonly expression: Uint8Array }
  /** It is what an expression computes. */
  | { readonly kind: "value-expression"; readonly expression: Uint8Array };

/** How to get from a frame to its caller, while the program counter is at `start` to before `end`. */
export interface CallFrameRow {
  readonly start: number;
  readonly end: number;
  readonly cfa: CfaRule;
  /** Rules by register; a register without one follows the calling convention. */
  readonly registers: ReadonlyMap<number, RegisterRule>;
  /** The register whose caller's value is the return address. */
  readonly returnRegister: number;
  readonly isSignalFrame: boolean;
  /** Bytes of arguments on the stack (DW_CFA_GNU_args_size). */
  readonly argumentsSize: number;
}

/**
 * Executes call frame instructions up to the row for `pc` (DWARF 5 section 6.4.2).
 * @throws OutOfBounds if the instructions make no sense
 */
export function executeCallFrameProgram(description: FrameDescription, pc: number): CallFrameRow {
  const machine = new CallFrameMachine(description, pc);
  machine.run(description.common.instructions, true);
  machine.run(description.instructions, false);
  return machine.row();
}

/** More than any machine has; the numbers of ARM end at 320 (AADWARF32 section 4.1). */
const REGISTERS = 512;
const MOST_REMEMBERED = 64;

interface State {
  readonly cfa: CfaRule | undefined;
  readonly registers: ReadonlyMap<number, RegisterRule>;
}

class CallFrameMachine {
  private cfa: CfaRule | undefined;
  private registers = new Map<number, RegisterRule>();
  private initial: ReadonlyMap<number, RegisterRule> = new Map();
  private readonly remembered: State[] = [];
  private start: number;
  private end: number;
  private argumentsSize = 0;
  private isPast = false;
  private isInitial = false;

  constructor(
    private readonly description: FrameDescription,
    private readonly pc: number,
  ) {
    this.start = description.start;
    this.end = description.end;
  }

  run(range: ByteRange, isInitial: boolean): void {
    const reader = new ByteReader(range.bytes, range.start, range.end);
    this.isInitial = isInitial;
    while (!reader.isAtEnd && !this.isPast) this.execute(reader, range.address);
    if (isInitial) this.initial = new Map(this.registers);
  }

  row(): CallFrameRow {
    const { common } = this.description;
    if (this.cfa === undefined) throw new OutOfBounds("no rule for the frame address is given");
    return {
      start: this.start,
      end: this.end,
      cfa: this.cfa,
      registers: this.registers,
      returnRegister: common.returnRegister,
      isSignalFrame: common.isSignalFrame,
      argumentsSize: this.argumentsSize,
    };
  }

  private execute(reader: ByteReader, sectionAddress: number): void {
    const code = reader.u8();
    const isKnown =
      this.executeCompact(code, reader) ||
      this.executeAdvance(code, reader, sectionAddress) ||
      this.executeCfaRule(code, reader) ||
      this.executeRegisterRule(code, reader) ||
      this.executeState(code, reader);
    if (!isKnown) throw new OutOfBounds(`instruction 0x${code.toString(16)} is not known`);
  }

  /** Instructions with an operand in the low six bits. */
  private executeCompact(code: number, reader: ByteReader): boolean {
    const { codeAlignment, dataAlignment } = this.description.common;
    const operand = code & 0x3f;
    switch (code & 0xc0) {
      case DW_CFA.advance_loc:
        this.advance(operand * codeAlignment);
        return true;
      case DW_CFA.offset:
        this.set(operand, { kind: "offset", offset: reader.uleb() * dataAlignment });
        return true;
      case DW_CFA.restore:
        this.restore(operand);
        return true;
      default:
        return false;
    }
  }

  private executeAdvance(code: number, reader: ByteReader, sectionAddress: number): boolean {
    const { codeAlignment, addressEncoding } = this.description.common;
    switch (code) {
      case DW_CFA.set_loc: {
        const target = readEncodedAddress(reader, addressEncoding, sectionAddress);
        if (target === undefined) throw new OutOfBounds("a location can only be found in memory");
        this.advance(target - this.start);
        return true;
      }
      case DW_CFA.advance_loc1:
        this.advance(reader.u8() * codeAlignment);
        return true;
      case DW_CFA.advance_loc2:
        this.advance(reader.u16() * codeAlignment);
        return true;
      case DW_CFA.advance_loc4:
        this.advance(reader.u32() * codeAlignment);
        return true;
      default:
        return false;
    }
  }

  private executeState(code: number, reader: ByteReader): boolean {
    switch (code) {
      case DW_CFA.nop:
        return true;
      case DW_CFA.remember_state:
        this.remember();
        return true;
      case DW_CFA.restore_state:
        this.recall();
        return true;
      case DW_CFA.GNU_args_size:
        this.argumentsSize = reader.uleb();
        return true;
      default:
        return false;
    }
  }

  private executeCfaRule(code: number, reader: ByteReader): boolean {
    const { dataAlignment } = this.description.common;
    switch (code) {
      case DW_CFA.def_cfa:
        this.cfa = { kind: "register", register: reader.uleb(), offset: reader.uleb() };
        return true;
      case DW_CFA.def_cfa_sf:
        this.cfa = { kind: "register", register: reader.uleb(), offset: reader.sleb() * dataAlignment };
        return true;
      case DW_CFA.def_cfa_register:
        this.cfa = { ...this.registerCfa(), register: reader.uleb() };
        return true;
      case DW_CFA.def_cfa_offset:
        this.cfa = { ...this.registerCfa(), offset: reader.uleb() };
        return true;
      case DW_CFA.def_cfa_offset_sf:
        this.cfa = { ...this.registerCfa(), offset: reader.sleb() * dataAlignment };
        return true;
      case DW_CFA.def_cfa_expression:
        this.cfa = { kind: "expression", expression: reader.take(reader.uleb()) };
        return true;
      default:
        return false;
    }
  }

  private executeRegisterRule(code: number, reader: ByteReader): boolean {
    const rule = this.readRegisterRule(code, reader);
    if (rule === undefined) return false;
    const { register } = rule;
    if (rule.rule === "restore") this.restore(register);
    else this.set(register, rule.rule);
    return true;
  }

  private readRegisterRule(
    code: number,
    reader: ByteReader,
  ): { readonly register: number; readonly rule: RegisterRule | "restore" } | undefined {
    const { dataAlignment } = this.description.common;
    const isKnown = REGISTER_INSTRUCTIONS.has(code);
    if (!isKnown) return undefined;
    const register = reader.uleb();
    switch (code) {
      case DW_CFA.restore_extended:
        return { register, rule: "restore" };
      case DW_CFA.undefined:
        return { register, rule: { kind: "undefined" } };
      case DW_CFA.same_value:
        return { register, rule: { kind: "same" } };
      case DW_CFA.offset_extended:
        return { register, rule: { kind: "offset", offset: reader.uleb() * dataAlignment } };
      case DW_CFA.offset_extended_sf:
        return { register, rule: { kind: "offset", offset: reader.sleb() * dataAlignment } };
      case DW_CFA.GNU_negative_offset_extended:
        return { register, rule: { kind: "offset", offset: -reader.uleb() * dataAlignment } };
      case DW_CFA.val_offset:
        return { register, rule: { kind: "value-offset", offset: reader.uleb() * dataAlignment } };
      case DW_CFA.val_offset_sf:
        return { register, rule: { kind: "value-offset", offset: reader.sleb() * dataAlignment } };
      case DW_CFA.register:
        return { register, rule: { kind: "register", register: reader.uleb() } };
      case DW_CFA.expression:
        return { register, rule: { kind: "expression", expression: reader.take(reader.uleb()) } };
      default:
        return { register, rule: { kind: "value-expression", expression: reader.take(reader.uleb()) } };
    }
  }

  private advance(distance: number): void {
    if (this.isInitial) throw new OutOfBounds("the common entry advances the location");
    const next = this.start + distance;
    if (next > this.pc) {
      this.end = Math.min(next, this.end);
      this.isPast = true;
    } else this.start = next;
  }

  private set(register: number, rule: RegisterRule): void {
    this.registers.set(checked(register), rule);
  }

  private restore(register: number): void {
    const rule = this.initial.get(checked(register));
    if (rule === undefined) this.registers.delete(register);
    else this.registers.set(register, rule);
  }

  private remember(): void {
    if (this.remembered.length >= MOST_REMEMBERED) throw new OutOfBounds("too many states are remembered");
    this.remembered.push({ cfa: this.cfa, registers: new Map(this.registers) });
  }

  /** Producers mean the rule for the CFA to be part of the state, though the standard only speaks of registers. */
  private recall(): void {
    const state = this.remembered.pop();
    if (state === undefined) throw new OutOfBounds("a state is restored that was not remembered");
    this.cfa = state.cfa;
    this.registers = new Map(state.registers);
  }

  private registerCfa(): CfaRule & { readonly kind: "register" } {
    if (this.cfa?.kind !== "register") throw new OutOfBounds("the frame address is relative to no register");
    return this.cfa;
  }
}

const REGISTER_INSTRUCTIONS: ReadonlySet<number> = new Set([
  DW_CFA.restore_extended,
  DW_CFA.undefined,
  DW_CFA.same_value,
  DW_CFA.offset_extended,
  DW_CFA.offset_extended_sf,
  DW_CFA.GNU_negative_offset_extended,
  DW_CFA.val_offset,
  DW_CFA.val_offset_sf,
  DW_CFA.register,
  DW_CFA.expression,
  DW_CFA.val_expression,
]);

function checked(register: number): number {
  if (register >= REGISTERS) throw new OutOfBounds(`there is no register ${register}`);
  return register;
}
