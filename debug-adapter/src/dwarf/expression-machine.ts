import { hexAddress } from "../base/hex-address";
import type { ByteReader } from "../base/byte-reader";
import { armRegisterName } from "./arm-registers";
import { DW_AT, DW_ATE, DW_OP, DW_TAG } from "./constants";
import type { ExpressionContext, ExpressionUnit } from "./expression-context";
import { type Operation, operatorName } from "./expression-operation";
import type { SimpleLocation } from "./location";
import {
  binary,
  constant,
  convert,
  ExpressionFault,
  fromBytes,
  generic,
  GENERIC,
  reinterpret,
  toAddress,
  toBytes,
  toInteger,
  type TypedValue,
  unary,
  type ValueType,
} from "./typed-value";

/** What the machine asks of whoever drives it. */
export interface MachineSurroundings {
  readonly context: ExpressionContext;
  readonly unit: ExpressionUnit | undefined;
  entryValue(expression: Uint8Array): number;
  call(expression: Uint8Array, machine: ExpressionMachine): void;
}

const DEEPEST_STACK = 1024;
const LARGEST_TYPE = 16;

/**
 * The stack machine of DWARF expressions (DWARF 5 sections 2.5 and 2.6): executes one operator at a time and knows
 * where the piece described so far is. Throws ExpressionFault for whatever cannot be computed.
 */
export class ExpressionMachine {
  private stack: TypedValue[];
  /** What an operator said that describes a whole location; else the top of the stack is an address. */
  private described: SimpleLocation | undefined;

  constructor(
    private readonly around: MachineSurroundings,
    initial: readonly number[],
  ) {
    this.stack = initial.map(generic);
  }

  /** The location described since the last call of this. */
  takeLocation(): SimpleLocation {
    const { described } = this;
    this.described = undefined;
    if (described !== undefined) return described;
    const top = this.stack.pop();
    return top === undefined ? { kind: "optimized-out" } : { kind: "memory", address: toAddress(top) };
  }

  clear(): void {
    this.stack = [];
    this.described = undefined;
  }

  /** @param reader stands behind the operator; jumps move it */
  execute(operation: Operation, reader: ByteReader): void {
    const { operator } = operation;
    if (this.described !== undefined && operator !== DW_OP.nop && operator !== DW_OP.GNU_uninit) {
      throw new ExpressionFault("it goes on after a complete location");
    }
    const done =
      this.executeConstant(operation) ||
      this.executeStack(operation) ||
      this.executeArithmetic(operation) ||
      this.executeFrame(operation) ||
      this.executeTyped(operation) ||
      this.executeControl(operation, reader) ||
      this.executeLocation(operation);
    if (!done) throw new ExpressionFault(`${operatorName(operator)} is not supported`);
  }

  private executeConstant({ operator, first }: Operation): boolean {
    switch (operator) {
      case DW_OP.addr:
        this.push(generic(first));
        return true;
      case DW_OP.lit0:
      case DW_OP.const1u:
      case DW_OP.const1s:
      case DW_OP.const2u:
      case DW_OP.const2s:
      case DW_OP.const4u:
      case DW_OP.const4s:
      case DW_OP.const8u:
      case DW_OP.const8s:
      case DW_OP.constu:
      case DW_OP.consts:
        this.push(constant(first));
        return true;
      case DW_OP.addrx:
      case DW_OP.constx:
        this.push(generic(this.unit().addressAt(Number(first))));
        return true;
      default:
        return false;
    }
  }

  private executeStack({ operator, first }: Operation): boolean {
    switch (operator) {
      case DW_OP.dup:
        this.push(this.peek(0));
        return true;
      case DW_OP.drop:
        this.pop();
        return true;
      case DW_OP.over:
        this.push(this.peek(1));
        return true;
      case DW_OP.pick:
        this.push(this.peek(Number(first)));
        return true;
      case DW_OP.swap: {
        const top = this.pop();
        const second = this.pop();
        this.push(top);
        this.push(second);
        return true;
      }
      case DW_OP.rot: {
        const top = this.pop();
        const second = this.pop();
        const third = this.pop();
        this.push(top);
        this.push(third);
        this.push(second);
        return true;
      }
      default:
        return false;
    }
  }

  private executeArithmetic({ operator, first }: Operation): boolean {
    switch (operator) {
      case DW_OP.abs:
      case DW_OP.neg:
      case DW_OP.not:
        this.push(unary(operator, this.pop()));
        return true;
      case DW_OP.plus_uconst: {
        const value = this.pop();
        this.push(binary(DW_OP.plus, value, convert(constant(first), value.type)));
        return true;
      }
      case DW_OP.and:
      case DW_OP.div:
      case DW_OP.minus:
      case DW_OP.mod:
      case DW_OP.mul:
      case DW_OP.or:
      case DW_OP.plus:
      case DW_OP.shl:
      case DW_OP.shr:
      case DW_OP.shra:
      case DW_OP.xor:
      case DW_OP.eq:
      case DW_OP.ge:
      case DW_OP.gt:
      case DW_OP.le:
      case DW_OP.lt:
      case DW_OP.ne: {
        const right = this.pop();
        this.push(binary(operator, this.pop(), right));
        return true;
      }
      default:
        return false;
    }
  }

  /** What the frame and the memory at hand hold. */
  private executeFrame({ operator, first, second, block }: Operation): boolean {
    const { context } = this.around;
    switch (operator) {
      case DW_OP.breg0:
        this.push(generic(BigInt(this.register(Number(first))) + second));
        return true;
      case DW_OP.bregx:
        this.push(generic(BigInt(this.register(registerNumber(first))) + second));
        return true;
      case DW_OP.fbreg:
        this.push(generic(BigInt(known(context.frameBase?.(), "the frame base")) + first));
        return true;
      case DW_OP.call_frame_cfa:
        this.push(generic(known(context.callFrameAddress?.(), "the canonical frame address")));
        return true;
      case DW_OP.push_object_address:
        this.push(generic(known(context.objectAddress?.(), "the address of the object")));
        return true;
      case DW_OP.entry_value:
        this.push(generic(this.around.entryValue(block)));
        return true;
      case DW_OP.deref:
        this.push(this.load(4, GENERIC));
        return true;
      case DW_OP.deref_size: {
        if (first > 4n) throw new ExpressionFault(`DW_OP_deref_size of ${first.toString()} bytes`);
        this.push(this.load(Number(first), GENERIC));
        return true;
      }
      default:
        return false;
    }
  }

  private executeTyped({ operator, first, second, block }: Operation): boolean {
    switch (operator) {
      case DW_OP.const_type: {
        const type = this.baseType(first);
        if (block.length !== type.byteSize)
          throw new ExpressionFault("a constant has not the size of its type");
        this.push(fromBytes(type, block));
        return true;
      }
      case DW_OP.regval_type: {
        const type = this.baseType(second);
        if (type.byteSize > 4) throw new ExpressionFault("a register has 4 bytes");
        this.push(reinterpretLow(this.register(registerNumber(first)), type));
        return true;
      }
      case DW_OP.deref_type:
        this.push(this.load(Number(first), this.baseType(second)));
        return true;
      case DW_OP.convert:
        this.push(convert(this.pop(), first === 0n ? GENERIC : this.baseType(first)));
        return true;
      case DW_OP.reinterpret:
        this.push(reinterpret(this.pop(), first === 0n ? GENERIC : this.baseType(first)));
        return true;
      default:
        return false;
    }
  }

  private executeControl({ operator, first }: Operation, reader: ByteReader): boolean {
    switch (operator) {
      case DW_OP.nop:
      case DW_OP.GNU_uninit:
        return true;
      case DW_OP.skip:
        jump(reader, Number(first));
        return true;
      case DW_OP.bra:
        if (toInteger(this.pop()) !== 0n) jump(reader, Number(first));
        return true;
      case DW_OP.call2:
      case DW_OP.call4:
        this.callEntry(this.unit().offset + Number(first));
        return true;
      case DW_OP.call_ref:
        this.callEntry(Number(first));
        return true;
      case DW_OP.form_tls_address:
        throw new ExpressionFault("it is a thread-local variable");
      default:
        return false;
    }
  }

  private executeLocation({ operator, first, second, block }: Operation): boolean {
    switch (operator) {
      case DW_OP.reg0:
        this.described = { kind: "register", register: Number(first) };
        return true;
      case DW_OP.regx:
        this.described = { kind: "register", register: registerNumber(first) };
        return true;
      case DW_OP.implicit_value:
        this.described = { kind: "value", bytes: block };
        return true;
      case DW_OP.stack_value:
        this.described = { kind: "value", bytes: toBytes(this.pop()) };
        return true;
      case DW_OP.implicit_pointer:
        this.described = {
          kind: "implicit-pointer",
          entryOffset: Number(first),
          byteOffset: Number(second),
        };
        return true;
      default:
        return false;
    }
  }

  private load(size: number, type: ValueType): TypedValue {
    const address = toAddress(this.pop());
    if (size === 0 || size > type.byteSize)
      throw new ExpressionFault(`it loads ${size} bytes into ${type.byteSize}`);
    const bytes = this.around.context.memory.read(address, size);
    return fromBytes(type, known(bytes, `memory at ${hexAddress(address)}`));
  }

  private register(number: number): number {
    return known(this.around.context.register(number), armRegisterName(number));
  }

  private callEntry(offset: number): void {
    const expression = this.unit().entryAt(offset)?.block(DW_AT.location);
    // A procedure without a location has no effect (DWARF 5 section 2.5.1.5).
    if (expression !== undefined) this.around.call(expression, this);
  }

  /** The base type at an offset of the unit. */
  private baseType(offset: bigint): ValueType {
    const unit = this.unit();
    const entry = unit.entryAt(unit.offset + Number(offset));
    const byteSize = entry?.number(DW_AT.byte_size) ?? 0;
    if (entry?.tag !== DW_TAG.base_type || byteSize < 1 || byteSize > LARGEST_TYPE) {
      throw new ExpressionFault("it names a type that is no base type");
    }
    return { kind: kindOf(entry.number(DW_AT.encoding)), byteSize };
  }

  private unit(): ExpressionUnit {
    const { unit } = this.around;
    if (unit === undefined) throw new ExpressionFault("it needs a unit, and belongs to none");
    return unit;
  }

  private push(value: TypedValue): void {
    if (this.stack.length >= DEEPEST_STACK) throw new ExpressionFault("its stack grows too large");
    this.stack.push(value);
  }

  private pop(): TypedValue {
    const value = this.stack.pop();
    if (value === undefined) throw new ExpressionFault("its stack is empty");
    return value;
  }

  private peek(depth: number): TypedValue {
    const value = this.stack[this.stack.length - 1 - depth];
    if (value === undefined) throw new ExpressionFault("its stack is empty");
    return value;
  }
}

function known<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new ExpressionFault(`${what} is not known here`);
  return value;
}

function registerNumber(operand: bigint): number {
  if (operand > 0xffffn) throw new ExpressionFault(`there is no register ${operand.toString()}`);
  return Number(operand);
}

/** The low bytes of a register, as a type of at most its size. */
function reinterpretLow(value: number, type: ValueType): TypedValue {
  return { type, bits: BigInt.asUintN(8 * type.byteSize, BigInt(value)) };
}

function jump(reader: ByteReader, distance: number): void {
  const target = reader.offset + distance;
  if (target < 0 || target > reader.end) throw new ExpressionFault("it jumps outside itself");
  reader.offset = target;
}

function kindOf(encoding: number | undefined): ValueType["kind"] {
  switch (encoding) {
    case DW_ATE.float:
      return "float";
    case DW_ATE.signed:
    case DW_ATE.signed_char:
      return "signed";
    default:
      return "unsigned";
  }
}
