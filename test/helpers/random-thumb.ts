import type { Random } from "./random";
import * as thumb from "./thumb";

/** Words of memory that random instructions load from and store to. R7 points to the first. */
export const SCRATCH_WORDS = 64;

/** Registers that random instructions work on; R6 is an index, R7 the scratch memory. */
const WORK = [0, 1, 2, 3, 4, 5] as const;
const HIGH = [8, 9, 10, 11, 12] as const;

/**
 * A random piece of straight code: one instruction, or a few that belong together, of any class that neither faults
 * nor leaves the sequence. It preserves R7 and SP.
 */
export function randomPiece(random: Random): number[] {
  return random.pick(PIECES)(random);
}

const work = (random: Random) => random.pick(WORK);
const any = (random: Random) => (random.below(4) === 0 ? random.pick(HIGH) : random.pick(WORK));

const PIECES: readonly ((random: Random) => number[])[] = [
  arithmetic,
  arithmetic,
  immediate,
  shift,
  shift,
  dataProcessing,
  dataProcessing,
  dataProcessing,
  highRegister,
  extend,
  immediateOffset,
  registerOffset,
  stackOffset,
  multiple,
  pushPop,
  conditional,
  special,
  literal,
];

function arithmetic(random: Random): number[] {
  const encode = random.pick([thumb.adds, thumb.subs, thumb.adds3, thumb.subs3]);
  const last = encode === thumb.adds || encode === thumb.subs ? work(random) : random.below(8);
  return [encode(work(random), work(random), last)];
}

function immediate(random: Random): number[] {
  const encode = random.pick([thumb.movs, thumb.cmpImmediate, thumb.addsImmediate, thumb.subsImmediate]);
  return [encode(work(random), random.below(256))];
}

function shift(random: Random): number[] {
  const encode = random.pick([thumb.lsls, thumb.lsrs, thumb.asrs]);
  return [encode(work(random), work(random), random.below(32))];
}

function dataProcessing(random: Random): number[] {
  const code = thumb.data(random.pick(thumb.DATA_PROCESSING), work(random), work(random));
  // A shift by a register is worth trying around 32.
  if (random.below(3) !== 0) return [code];
  return [thumb.movs((code >> 3) & 7, random.pick([0, 1, 31, 32, 33, 64, 255])), code];
}

function highRegister(random: Random): number[] {
  const to = any(random);
  switch (random.below(4)) {
    case 0:
      return [thumb.addHigh(to, any(random))];
    case 1:
      return [thumb.cmpHigh(random.pick(HIGH), any(random))];
    case 2:
      return [thumb.mov(to, 15)];
    default:
      return [thumb.mov(to, any(random))];
  }
}

function extend(random: Random): number[] {
  const { sxth, sxtb, uxth, uxtb, rev, rev16, revsh } = thumb;
  return [random.pick([sxth, sxtb, uxth, uxtb, rev, rev16, revsh])(work(random), work(random))];
}

function immediateOffset(random: Random): number[] {
  const [encode, size] = random.pick([
    [thumb.str, 4],
    [thumb.ldr, 4],
    [thumb.strh, 2],
    [thumb.ldrh, 2],
    [thumb.strb, 1],
    [thumb.ldrb, 1],
  ] as const);
  return [encode(work(random), 7, random.below(32) * size)];
}

function registerOffset(random: Random): number[] {
  const [encode, size] = random.pick([
    [thumb.strRegister, 4],
    [thumb.ldrRegister, 4],
    [thumb.strhRegister, 2],
    [thumb.ldrhRegister, 2],
    [thumb.ldrshRegister, 2],
    [thumb.strbRegister, 1],
    [thumb.ldrbRegister, 1],
    [thumb.ldrsbRegister, 1],
  ] as const);
  const index = random.below(Math.min(256, 4 * SCRATCH_WORDS) / size) * size;
  return [thumb.movs(6, index), encode(work(random), 7, 6)];
}

function stackOffset(random: Random): number[] {
  const offset = 4 * random.below(16);
  const inside = random.pick([
    thumb.strSp(work(random), offset),
    thumb.ldrSp(work(random), offset),
    thumb.addSp(work(random), offset),
  ]);
  return [thumb.decrementSp(64), inside, thumb.incrementSp(64)];
}

function multiple(random: Random): number[] {
  const base = work(random);
  const list = 1 + random.below(63);
  const transfer = random.below(2) === 0 ? 0xc800 : 0xc000;
  // Storing a base register that is in the list but not its first is UNPREDICTABLE (A6.7.58).
  const registers = transfer === 0xc000 ? list & ~(1 << base) || 1 << base : list;
  return [thumb.mov(base, 7), transfer | (base << 8) | registers];
}

function pushPop(random: Random): number[] {
  const list = 1 + random.below(63);
  return [0xb400 | list, ...arithmetic(random), 0xbc00 | list];
}

function conditional(random: Random): number[] {
  return [thumb.bcond(random.pick(thumb.CONDITIONS), 4), ...arithmetic(random)];
}

function special(random: Random): number[] {
  switch (random.below(4)) {
    case 0:
      return thumb.mrs(work(random), "apsr");
    case 1:
      return writeFlags(work(random));
    case 2:
      return [...random.pick([thumb.DSB, thumb.DMB, thumb.ISB])];
    default:
      return [thumb.NOP];
  }
}

/** Only with bits that exist: QEMU keeps the Q flag, which ARMv6-M does not have. */
function writeFlags(register: number): number[] {
  return [
    thumb.lsrs(register, register, 28),
    thumb.lsls(register, register, 28),
    ...thumb.msr("apsr", register),
  ];
}

/** A literal of the code itself, whatever stands there. */
function literal(random: Random): number[] {
  return [random.below(2) === 0 ? thumb.ldrLiteral(work(random), 0) : thumb.adr(work(random), 8)];
}
