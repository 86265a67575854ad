import { assertNever } from "../base/assert";
import { ByteReader, OutOfBounds } from "../base/byte-reader";
import { armRegisterName } from "./arm-registers";
import { DW_OP } from "./constants";
import type { ExpressionContext, ExpressionUnit } from "./expression-context";
import { ExpressionMachine, type MachineSurroundings } from "./expression-machine";
import { type Operation, readOperation } from "./expression-operation";
import { type Location, type LocationReader, type Piece, type SimpleLocation, wholeAt } from "./location";
import { ExpressionFault } from "./typed-value";

export interface ExpressionOptions {
  /** Needed by expressions that refer to other parts of the debug info; those of call frames have none. */
  readonly unit?: ExpressionUnit | undefined;
  /** What is on the stack before the first operator. */
  readonly initial?: readonly number[];
}

/** A number, or why there is none. */
export type NumberResult =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "unavailable"; readonly reason: string };

/**
 * Where an expression says that something is (DWARF 5 section 2.6). Whatever is wrong with the expression or unknown
 * in the frame makes the part that depends on it unavailable, with the reason; nothing is thrown.
 */
export function evaluateLocation(
  expression: Uint8Array,
  context: ExpressionContext,
  options: ExpressionOptions = {},
): Location {
  return new Evaluator(context, options).location(expression, options.initial ?? []);
}

/**
 * What an expression amounts to as a number of 32 bits: the value that it computes or finds in a register. Of a place
 * in memory it is the address. This is how call frame rules, frame bases and values of parameters are written.
 */
export function evaluateNumber(
  expression: Uint8Array,
  context: ExpressionContext,
  options: ExpressionOptions = {},
): NumberResult {
  return numberOf(evaluateLocation(expression, context, options), context);
}

/** More operators than any sensible expression executes. */
const MOST_STEPS = 10_000;
const MOST_PIECES = 4096;
/** Expressions within expressions: entry values, procedures. */
const DEEPEST = 8;

class Evaluator implements MachineSurroundings {
  readonly unit: ExpressionUnit | undefined;
  private steps = 0;

  constructor(
    readonly context: ExpressionContext,
    options: ExpressionOptions,
    private depth = 0,
  ) {
    this.unit = options.unit;
  }

  location(expression: Uint8Array, initial: readonly number[]): Location {
    if (expression.length === 0) return wholeAt({ kind: "optimized-out" });
    const machine = new ExpressionMachine(this, initial);
    const pieces: Piece[] = [];
    const reader = new ByteReader(expression);
    try {
      while (!reader.isAtEnd) {
        const operation = this.readStep(reader);
        if (isPiece(operation)) {
          if (pieces.length >= MOST_PIECES) throw new ExpressionFault("it has too many pieces");
          pieces.push(pieceOf(operation, machine.takeLocation()));
          continue;
        }
        try {
          machine.execute(operation, reader);
        } catch (error) {
          const location = unavailable(error);
          // A part that cannot be found does not take the others with it.
          const end = skipToPiece(reader);
          if (end === undefined) return wholeAt(location);
          pieces.push(pieceOf(end, location));
          machine.clear();
        }
      }
      if (pieces.length === 0) return wholeAt(machine.takeLocation());
      return pieces;
    } catch (error) {
      return wholeAt(unavailable(error));
    }
  }

  /** The value at the function's entry that an inner expression describes (DWARF 5 section 2.5.1.7). */
  entryValue(expression: Uint8Array): number {
    const { context } = this;
    const atEntry: ExpressionContext = {
      register: (number) => context.entryRegister?.(number),
      // Memory may have changed since.
      memory: { read: () => undefined },
    };
    const value = this.nested(() =>
      new Evaluator(atEntry, { unit: this.unit }, this.depth).number(expression),
    );
    if (value.kind === "unavailable") {
      throw new ExpressionFault("what it held when the function was called is not known");
    }
    return value.value;
  }

  /** Executes a procedure on the stack of its caller (DW_OP_call2, call4, call_ref). */
  call(expression: Uint8Array, machine: ExpressionMachine): void {
    this.nested(() => {
      const reader = new ByteReader(expression);
      while (!reader.isAtEnd) machine.execute(this.readStep(reader), reader);
    });
  }

  private number(expression: Uint8Array): NumberResult {
    return numberOf(this.location(expression, []), this.context);
  }

  private nested<Result>(evaluate: () => Result): Result {
    if (this.depth >= DEEPEST) throw new ExpressionFault("expressions are nested too deeply");
    this.depth++;
    try {
      return evaluate();
    } finally {
      this.depth--;
    }
  }

  private readStep(reader: ByteReader): Operation {
    if (++this.steps > MOST_STEPS) throw new ExpressionFault("it does not come to an end");
    const operation = readOperation(reader);
    if (operation === undefined) {
      const code = reader.bytes[reader.offset - 1]!;
      throw new ExpressionFault(`operator 0x${code.toString(16)} is not known`);
    }
    return operation;
  }
}

function isPiece({ operator }: Operation): boolean {
  return operator === DW_OP.piece || operator === DW_OP.bit_piece;
}

function pieceOf({ operator, first, second }: Operation, location: SimpleLocation): Piece {
  const isBits = operator === DW_OP.bit_piece;
  const bitSize = isBits ? first : 8n * first;
  if (bitSize > 0xffff_ffffn || second > 0xffff_ffffn) throw new ExpressionFault("a piece is too large");
  return { location, bitSize: Number(bitSize), bitOffset: isBits ? Number(second) : 0 };
}

/** Reads up to and including the operator that ends the piece at hand. */
function skipToPiece(reader: ByteReader): Operation | undefined {
  while (!reader.isAtEnd) {
    const operation = readOperation(reader);
    if (operation === undefined) return undefined;
    if (isPiece(operation)) return operation;
  }
  return undefined;
}

function unavailable(error: unknown): SimpleLocation {
  if (error instanceof ExpressionFault) return { kind: "unavailable", reason: error.message };
  if (error instanceof OutOfBounds) return { kind: "unavailable", reason: "its expression is cut short" };
  throw error;
}

function numberOf(location: Location, context: LocationReader): NumberResult {
  const [first] = location;
  if (first === undefined || location.length > 1 || first.bitSize !== undefined) {
    return { kind: "unavailable", reason: "it is in pieces" };
  }
  const simple = first.location;
  switch (simple.kind) {
    case "memory":
      return { kind: "number", value: simple.address };
    case "register": {
      const value = context.register(simple.register);
      if (value !== undefined) return { kind: "number", value };
      return { kind: "unavailable", reason: `${armRegisterName(simple.register)} is not known` };
    }
    case "value": {
      let value = 0;
      for (let i = Math.min(simple.bytes.length, 4) - 1; i >= 0; i--) value = value * 256 + simple.bytes[i]!;
      return { kind: "number", value };
    }
    case "optimized-out":
      return { kind: "unavailable", reason: "the compiler did not keep it" };
    case "implicit-pointer":
      return { kind: "unavailable", reason: "the compiler did not keep the pointer" };
    case "unavailable":
      return simple;
    default:
      return assertNever(simple);
  }
}
