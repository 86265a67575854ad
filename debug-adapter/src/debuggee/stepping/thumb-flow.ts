/** Where control goes after a Thumb instruction of ARMv6-M, apart from exceptions. */
export interface Flow {
  /** In bytes. */
  readonly length: 2 | 4;
  /** Whether the instruction behind it may be next. */
  readonly fallsThrough: boolean;
  /** Where it branches to; a call is none, it comes back. */
  readonly target: number | undefined;
  /** Where a call goes to, if the instruction says so itself. */
  readonly callee: number | undefined;
  /** The register that holds the address of a table to jump through, where the code is `mov pc, register`. */
  readonly isIndirect: boolean;
}

const PLAIN: Flow = {
  length: 2,
  fallsThrough: true,
  target: undefined,
  callee: undefined,
  isIndirect: false,
};
const LEAVES: Flow = { ...PLAIN, fallsThrough: false };

/**
 * Decodes as much of an instruction as its flow needs (ARMv6-M ARM A5.2, A5.3).
 * @param second the halfword that follows
 */
export function flowOf(at: number, first: number, second: number): Flow {
  if ((first & 0xf000) === 0xd000) return conditional(at, first);
  if ((first & 0xf800) === 0xe000) {
    return { ...LEAVES, target: (at + 4 + signed((first & 0x7ff) << 1, 12)) >>> 0 };
  }
  if ((first & 0xff00) === 0xbd00 || (first & 0xff80) === 0x4700) return LEAVES; // POP with PC, BX
  if ((first & 0xfd87) === 0x4487) return { ...LEAVES, isIndirect: true }; // ADD or MOV to PC
  if ((first & 0xf800) < 0xe800) return PLAIN;
  return { ...PLAIN, length: 4, callee: calleeOf(at, first, second) };
}

/** The length of the call that Thumb code begins with (BL, or BLX through a register); undefined if it is no call. */
export function callLength(first: number, second: number): number | undefined {
  if (isBl(first, second)) return 4;
  return (first & 0xff80) === 0x4780 ? 2 : undefined;
}

/** Where calls in a stretch of Thumb code return to, as offsets from its beginning. */
export function returnOffsets(bytes: Uint8Array): number[] {
  const found: number[] = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    const first = halfword(bytes, at);
    const second = halfword(bytes, at + 2);
    const length = callLength(first, second);
    if (length !== undefined) found.push(at + length);
    at += flowOf(at, first, second).length;
  }
  return found;
}

/** The halfword at an offset, 0 beyond the end. */
export function halfword(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

function conditional(at: number, first: number): Flow {
  const condition = (first >>> 8) & 0xf;
  if (condition === 0xe) return LEAVES; // UDF
  if (condition === 0xf) return PLAIN; // SVC
  return { ...PLAIN, target: (at + 4 + signed((first & 0xff) << 1, 9)) >>> 0 };
}

function isBl(first: number, second: number): boolean {
  return (first & 0xf800) === 0xf000 && (second & 0xd000) === 0xd000;
}

/** BL, encoding T1 (A6.7.13): S:I1:I2:imm10:imm11:0, where I1 and I2 are J1 and J2 inverted by S. */
function calleeOf(at: number, first: number, second: number): number | undefined {
  if (!isBl(first, second)) return undefined;
  const sign = (first >>> 10) & 1;
  const i1 = ~((second >>> 13) ^ sign) & 1;
  const i2 = ~((second >>> 11) ^ sign) & 1;
  const offset = (sign << 24) | (i1 << 23) | (i2 << 22) | ((first & 0x3ff) << 12) | ((second & 0x7ff) << 1);
  return (at + 4 + signed(offset, 25)) >>> 0;
}

function signed(value: number, bits: number): number {
  return (value << (32 - bits)) >> (32 - bits);
}
