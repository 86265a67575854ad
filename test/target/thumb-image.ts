import type { Address } from "#adapter/base/brand";
import { address } from "#adapter/base/brand";
import type { ImageSegment } from "#adapter/chip/rp2040/rp2040";
import { adds3, addsImmediate, lsls, movs } from "#test/helpers/thumb";

/** Where RAM begins and how much there is (RP2040 datasheet 2.6.2). */
export const RAM = address(0x2000_0000);
export const RAM_SIZE = 264 * 1024;

/** The boot loader starts the program whose vector table is here (datasheet 2.8.1.3). */
const VECTOR_TABLE = 0x1000_0100;
const CODE = 0x1000_0200;
const HANDLERS = 0x1000_1000;
const HANDLER_BYTES = 0x80;
const EXCEPTIONS = 48;
const BRANCH_TO_SELF = 0xe7fe;

/** Where the stack of a program begins. */
export const STACK = RAM + 0x1000;

/** Instructions by their encodings; one of 32 bits, or a sequence, is a list. */
export type Instructions = readonly (number | readonly number[])[];

/** A program for a Pico, and where its instructions are. */
export interface ThumbImage {
  readonly segments: readonly ImageSegment[];
  /** The address of the instruction (or sequence) with this number. */
  at(index: number): Address;
  /** The address of a handler's first instruction. */
  handler(exception: number): Address;
}

/** A program that starts with the first of `main`; behind the last it stays where it is. Handlers go by exception. */
export function thumbImage(
  main: Instructions,
  handlers: Readonly<Record<number, Instructions>> = {},
): ThumbImage {
  const vectors = Array.from({ length: EXCEPTIONS }, (_, i) => (i === 0 ? STACK : handlerAddress(i) | 1));
  vectors[1] = CODE | 1;
  const code = [...main, BRANCH_TO_SELF];
  return {
    segments: [
      { address: VECTOR_TABLE, bytes: new Uint8Array(Uint32Array.from(vectors).buffer) },
      { address: CODE, bytes: encoded(code) },
      ...vectors.flatMap((_, exception) =>
        exception < 2
          ? []
          : [{ address: handlerAddress(exception), bytes: encoded(handlers[exception] ?? [BRANCH_TO_SELF]) }],
      ),
    ],
    at: (index) => address(CODE + code.slice(0, index).flat().length * 2),
    handler: (exception) => address(handlerAddress(exception)),
  };
}

/** Loads any constant into a register, byte by byte; changes the flags. Always seven instructions. */
export function loadConstant(register: number, value: number): number[] {
  const byte = (shift: number) => (value >>> shift) & 0xff;
  return [
    movs(register, byte(24)),
    ...[16, 8, 0].flatMap((shift) => [lsls(register, register, 8), addsImmediate(register, byte(shift))]),
  ];
}

/** A word to a place, through two registers that are lost. */
export function storeConstant(place: number, value: number): number[] {
  return [...loadConstant(0, place), ...loadConstant(1, value), STR_R1_R0];
}

/** Copies a register: ADDS Rd, Rn, #0. */
export const copy = (to: number, from: number) => adds3(to, from, 0);

const STR_R1_R0 = 0x6001;

function handlerAddress(exception: number): number {
  return HANDLERS + HANDLER_BYTES * exception;
}

function encoded(instructions: Instructions): Uint8Array {
  return new Uint8Array(Uint16Array.from(instructions.flat()).buffer);
}
