import type { Core } from "./core";
import {
  ASLEEP_WFE,
  ASLEEP_WFI,
  CONTROL,
  CYCLES,
  FLAG_C,
  FLAG_N,
  FLAG_V,
  FLAG_Z,
  INSTRUCTIONS,
  IPSR,
  LR,
  PC,
  PRIMASK,
  SP,
  SVCALL,
  THUMB,
} from "./core-state";
import { ALWAYS, Op } from "./decode";
import { callSupervisor, raiseHardFault, returnFromException } from "./exceptions";

/**
 * The inner loop: executes predecoded instructions from PC on until `budget` cycles are used up or `core.status` is
 * set. Instruction by instruction it is ARMv6-M ARM A6.7; the cycles are table 3-1 of the Cortex-M0+ TRM with the
 * fast multiplier.
 *
 * What makes it fast
 * - One load and one jump per instruction: `case` labels are literals, or V8 makes no jump table of them.
 * - PC (as an index into the region's code), the flags and the cycles left live in locals. N and V are numbers with
 *   the right sign, Z is a number that is 0 or not, so that most instructions only copy their result.
 * - A case does the common thing and `continue`s. Where the case is anything but common (not RAM or flash, unaligned,
 *   marked, a jump out of the region) it has changed nothing yet and `break`s: then the state goes back to `core`, and
 *   `executeSlowly` does the whole instruction in full generality.
 * - An address is checked for range and alignment at once: rotated right by the size, a misaligned one is huge.
 *
 * Cycles are counted as the instruction begins; a case that takes more than one subtracts the rest.
 */
export function execute(core: Core, budget: number): void {
  const r = core.registers;
  const flags = core.flags;
  const special = core.special;
  const counters = core.counters;
  const ramBase = core.ram.base;
  const ram = core.ram.region;
  const ramWords = ram.words;
  const ramHalfwords = ram.halfwords;
  const ramBytes = ram.bytes;
  const ramMarks = ram.marks;
  const storableWords = ramWords.length;
  const storableBytes = ramBytes.length;
  const loadableWords = core.hasLoadWatches ? 0 : ramWords.length;
  const loadableBytes = core.hasLoadWatches ? 0 : ramBytes.length;
  const flashBase = core.flash.base;
  const flash = core.flash.region;
  const flashWords = flash.words;
  const flashHalfwords = flash.halfwords;
  const flashBytes = flash.bytes;
  const loadableFlashWords = core.hasLoadWatches ? 0 : flashWords.length;
  const loadableFlashBytes = core.hasLoadWatches ? 0 : flashBytes.length;

  let base = core.window.base;
  let region = core.window.region;
  let code = region.code;
  let regionWords = region.words;
  /** Instructions that can be jumped to. */
  let codeLength = code.length - 1;
  /** Index of the next instruction. */
  let ip = (r[PC]! - base) >>> 1;

  let n = flags[FLAG_N]!;
  let z = flags[FLAG_Z]!;
  let c = flags[FLAG_C]!;
  let v = flags[FLAG_V]!;

  /** The cycle at which the budget is used up; `remaining` counts down to it. */
  let end = counters[CYCLES]! + budget;
  let remaining = budget | 0;
  let instructions = counters[INSTRUCTIONS]!;
  let count = 0;

  /** The instruction being executed without its hook, or -1; and the budget that waits meanwhile. */
  let hooked = -1;
  let hookedRegion = region;
  let held = 0;

  for (;;) {
    do {
      const w = code[ip]!;
      ip++;
      remaining--;
      count++;
      switch (w & 0xff) {
        case 0 /* NotDecoded */:
          ip--;
          remaining++;
          count--;
          region.decodeAt(ip);
          continue;

        case 1 /* MovsRegister */:
          n = z = r[(w >>> 8) & 15] = r[(w >>> 12) & 15]!;
          continue;
        case 2 /* LslsImmediate */: {
          const a = r[(w >>> 12) & 15]!;
          c = (a >>> (32 - (w >>> 16))) & 1;
          n = z = r[(w >>> 8) & 15] = a << (w >>> 16);
          continue;
        }
        case 3 /* LsrsImmediate */: {
          const a = r[(w >>> 12) & 15]!;
          c = (a >>> ((w >>> 16) - 1)) & 1;
          n = z = r[(w >>> 8) & 15] = (a >>> (w >>> 16)) | 0;
          continue;
        }
        case 4 /* Lsrs32 */:
          c = r[(w >>> 12) & 15]! >>> 31;
          n = z = r[(w >>> 8) & 15] = 0;
          continue;
        case 5 /* AsrsImmediate */: {
          const a = r[(w >>> 12) & 15]!;
          c = (a >>> ((w >>> 16) - 1)) & 1;
          n = z = r[(w >>> 8) & 15] = a >> (w >>> 16);
          continue;
        }
        case 6 /* Asrs32 */: {
          const a = r[(w >>> 12) & 15]!;
          c = a >>> 31;
          n = z = r[(w >>> 8) & 15] = a >> 31;
          continue;
        }
        case 7 /* AddsRegister */: {
          const a = r[(w >>> 12) & 15]!;
          const b = r[(w >>> 16) & 15]!;
          const sum = (a + b) | 0;
          c = sum >>> 0 < a >>> 0 ? 1 : 0;
          v = (a ^ sum) & (b ^ sum);
          n = z = r[(w >>> 8) & 15] = sum;
          continue;
        }
        case 8 /* SubsRegister */: {
          const a = r[(w >>> 12) & 15]!;
          const b = r[(w >>> 16) & 15]!;
          const difference = (a - b) | 0;
          c = a >>> 0 >= b >>> 0 ? 1 : 0;
          v = (a ^ b) & (a ^ difference);
          n = z = r[(w >>> 8) & 15] = difference;
          continue;
        }
        case 9 /* AddsImmediate */: {
          const a = r[(w >>> 12) & 15]!;
          const sum = (a + (w >>> 16)) | 0;
          c = sum >>> 0 < a >>> 0 ? 1 : 0;
          // The immediate is positive.
          v = ~a & sum;
          n = z = r[(w >>> 8) & 15] = sum;
          continue;
        }
        case 10 /* SubsImmediate */: {
          const a = r[(w >>> 12) & 15]!;
          const difference = (a - (w >>> 16)) | 0;
          c = a >>> 0 >= w >>> 16 ? 1 : 0;
          v = a & ~difference;
          n = z = r[(w >>> 8) & 15] = difference;
          continue;
        }
        case 11 /* MovsImmediate */:
          n = z = r[(w >>> 8) & 15] = w >>> 16;
          continue;
        case 12 /* CmpImmediate */: {
          const a = r[(w >>> 12) & 15]!;
          n = z = (a - (w >>> 16)) | 0;
          c = a >>> 0 >= w >>> 16 ? 1 : 0;
          v = a & ~n;
          continue;
        }
        case 13 /* Ands */:
          n = z = r[(w >>> 8) & 15] = r[(w >>> 8) & 15]! & r[(w >>> 12) & 15]!;
          continue;
        case 14 /* Eors */:
          n = z = r[(w >>> 8) & 15] = r[(w >>> 8) & 15]! ^ r[(w >>> 12) & 15]!;
          continue;
        case 15 /* LslsRegister */: {
          const a = r[(w >>> 8) & 15]!;
          const shift = r[(w >>> 12) & 15]! & 0xff;
          if (shift === 0) n = z = a;
          else if (shift < 32) {
            c = (a >>> (32 - shift)) & 1;
            n = z = a << shift;
          } else {
            c = shift === 32 ? a & 1 : 0;
            n = z = 0;
          }
          r[(w >>> 8) & 15] = n;
          continue;
        }
        case 16 /* LsrsRegister */: {
          const a = r[(w >>> 8) & 15]!;
          const shift = r[(w >>> 12) & 15]! & 0xff;
          if (shift === 0) n = z = a;
          else if (shift < 32) {
            c = (a >>> (shift - 1)) & 1;
            n = z = (a >>> shift) | 0;
          } else {
            c = shift === 32 ? a >>> 31 : 0;
            n = z = 0;
          }
          r[(w >>> 8) & 15] = n;
          continue;
        }
        case 17 /* AsrsRegister */: {
          const a = r[(w >>> 8) & 15]!;
          const shift = r[(w >>> 12) & 15]! & 0xff;
          if (shift === 0) n = z = a;
          else if (shift < 32) {
            c = (a >>> (shift - 1)) & 1;
            n = z = a >> shift;
          } else {
            c = a >>> 31;
            n = z = a >> 31;
          }
          r[(w >>> 8) & 15] = n;
          continue;
        }
        case 18 /* Adcs */: {
          const a = r[(w >>> 8) & 15]!;
          const b = r[(w >>> 12) & 15]!;
          const sum = (a + b + c) | 0;
          // The carry out of bit 31, from the bits that went in and the one that came out.
          c = ((a & b) | ((a | b) & ~sum)) >>> 31;
          v = (a ^ sum) & (b ^ sum);
          n = z = r[(w >>> 8) & 15] = sum;
          continue;
        }
        case 19 /* Sbcs */: {
          const a = r[(w >>> 8) & 15]!;
          const b = ~r[(w >>> 12) & 15]!;
          const sum = (a + b + c) | 0;
          c = ((a & b) | ((a | b) & ~sum)) >>> 31;
          v = (a ^ sum) & (b ^ sum);
          n = z = r[(w >>> 8) & 15] = sum;
          continue;
        }
        case 20 /* Rors */: {
          const a = r[(w >>> 8) & 15]!;
          const shift = r[(w >>> 12) & 15]! & 0xff;
          n = z = (a >>> (shift & 31)) | (a << (32 - (shift & 31)));
          if (shift !== 0) c = n >>> 31;
          r[(w >>> 8) & 15] = n;
          continue;
        }
        case 21 /* Tst */:
          n = z = r[(w >>> 8) & 15]! & r[(w >>> 12) & 15]!;
          continue;
        case 22 /* Rsbs */: {
          const b = r[(w >>> 12) & 15]!;
          c = b === 0 ? 1 : 0;
          n = z = r[(w >>> 8) & 15] = -b | 0;
          v = b & n;
          continue;
        }
        case 23 /* CmpRegister */: {
          const a = r[(w >>> 8) & 15]!;
          const b = r[(w >>> 12) & 15]!;
          n = z = (a - b) | 0;
          c = a >>> 0 >= b >>> 0 ? 1 : 0;
          v = (a ^ b) & (a ^ n);
          continue;
        }
        case 24 /* Cmn */: {
          const a = r[(w >>> 8) & 15]!;
          const b = r[(w >>> 12) & 15]!;
          n = z = (a + b) | 0;
          c = n >>> 0 < a >>> 0 ? 1 : 0;
          v = (a ^ n) & (b ^ n);
          continue;
        }
        case 25 /* Orrs */:
          n = z = r[(w >>> 8) & 15] = r[(w >>> 8) & 15]! | r[(w >>> 12) & 15]!;
          continue;
        case 26 /* Muls */:
          n = z = r[(w >>> 8) & 15] = Math.imul(r[(w >>> 8) & 15]!, r[(w >>> 12) & 15]!);
          continue;
        case 27 /* Bics */:
          n = z = r[(w >>> 8) & 15] = r[(w >>> 8) & 15]! & ~r[(w >>> 12) & 15]!;
          continue;
        case 28 /* Mvns */:
          n = z = r[(w >>> 8) & 15] = ~r[(w >>> 12) & 15]!;
          continue;

        case 29 /* AddRegister */:
          r[(w >>> 8) & 15] = r[(w >>> 8) & 15]! + r[(w >>> 12) & 15]!;
          continue;
        case 30 /* AddToSp */:
          r[SP] = (r[SP]! + r[(w >>> 12) & 15]!) & ~3;
          continue;
        case 31 /* AddToPc */: {
          const target = (base + ((ip + 1) << 1) + r[(w >>> 12) & 15]!) | 0;
          const to = (target - base) >>> 1;
          if (to >= codeLength) break;
          ip = to;
          remaining--;
          continue;
        }
        case 32 /* AddFromPc */:
          r[(w >>> 8) & 15] = r[(w >>> 8) & 15]! + base + ((ip + 1) << 1);
          continue;
        case 33 /* MovRegister */:
          r[(w >>> 8) & 15] = r[(w >>> 12) & 15]!;
          continue;
        case 34 /* MovToSp */:
          r[SP] = r[(w >>> 12) & 15]! & ~3;
          continue;
        case 35 /* MovToPc */: {
          const to = (r[(w >>> 12) & 15]! - base) >>> 1;
          if (to >= codeLength) break;
          ip = to;
          remaining--;
          continue;
        }
        case 36 /* MovFromPc */:
          r[(w >>> 8) & 15] = base + ((ip + 1) << 1);
          continue;
        case 37 /* AddImmediate */:
          r[(w >>> 8) & 15] = r[(w >>> 12) & 15]! + (w >> 16);
          continue;
        case 38 /* Adr */:
          r[(w >>> 8) & 15] = base + (((ip + 1) & ~1) << 1) + (w >>> 16);
          continue;
        case 39 /* Sxth */:
          r[(w >>> 8) & 15] = (r[(w >>> 12) & 15]! << 16) >> 16;
          continue;
        case 40 /* Sxtb */:
          r[(w >>> 8) & 15] = (r[(w >>> 12) & 15]! << 24) >> 24;
          continue;
        case 41 /* Uxth */:
          r[(w >>> 8) & 15] = r[(w >>> 12) & 15]! & 0xffff;
          continue;
        case 42 /* Uxtb */:
          r[(w >>> 8) & 15] = r[(w >>> 12) & 15]! & 0xff;
          continue;
        case 43 /* Rev */: {
          const b = r[(w >>> 12) & 15]!;
          r[(w >>> 8) & 15] = (b << 24) | ((b & 0xff00) << 8) | ((b >>> 8) & 0xff00) | (b >>> 24);
          continue;
        }
        case 44 /* Rev16 */: {
          const b = r[(w >>> 12) & 15]!;
          r[(w >>> 8) & 15] = ((b & 0x00ff00ff) << 8) | ((b >>> 8) & 0x00ff00ff);
          continue;
        }
        case 45 /* Revsh */: {
          const b = r[(w >>> 12) & 15]!;
          r[(w >>> 8) & 15] = ((b << 24) >> 16) | ((b >>> 8) & 0xff);
          continue;
        }

        case 46 /* Beq */:
          if (z === 0) {
            ip += w >> 16;
            remaining--;
          }
          continue;
        case 47 /* Bne */:
          if (z !== 0) {
            ip += w >> 16;
            remaining--;
          }
          continue;
        case 48 /* Bcs */:
          if (c !== 0) {
            ip += w >> 16;
            remaining--;
          }
          continue;
        case 49 /* Bcc */:
          if (c === 0) {
            ip += w >> 16;
            remaining--;
          }
          continue;
        case 50 /* Bmi */:
          if (n < 0) {
            ip += w >> 16;
            remaining--;
          }
          continue;
        case 51 /* Bpl */:
          if (n >= 0) {
            ip += w >> 16;
            remaining--;
          }
          continue;
        case 52 /* Bvs */:
          if (v < 0) {
            ip += w >> 16;
            remaining--;
          }
          continue;
        case 53 /* Bvc */:
          if (v >= 0) {
            ip += w >> 16;
            remaining--;
          }
          continue;
        case 54 /* Bhi */:
          if (c !== 0 && z !== 0) {
            ip += w >> 16;
            remaining--;
          }
          continue;
        case 55 /* Bls */:
          if (c === 0 || z === 0) {
            ip += w >> 16;
            remaining--;
          }
          continue;
        case 56 /* Bge */:
          if ((n ^ v) >= 0) {
            ip += w >> 16;
            remaining--;
          }
          continue;
        case 57 /* Blt */:
          if ((n ^ v) < 0) {
            ip += w >> 16;
            remaining--;
          }
          continue;
        case 58 /* Bgt */:
          if (z !== 0 && (n ^ v) >= 0) {
            ip += w >> 16;
            remaining--;
          }
          continue;
        case 59 /* Ble */:
          if (z === 0 || (n ^ v) < 0) {
            ip += w >> 16;
            remaining--;
          }
          continue;
        case 60 /* B */:
          ip += w >> 16;
          remaining--;
          continue;
        case 61 /* Bl */:
          r[LR] = (base + ((ip + 1) << 1)) | 1;
          ip += 1 + (w >> 8);
          remaining -= 2;
          continue;
        case 62 /* Bx */: {
          const target = r[(w >>> 12) & 15]!;
          const to = (target - base) >>> 1;
          if (to >= codeLength || (target & 1) === 0) break;
          ip = to;
          remaining--;
          continue;
        }
        case 63 /* Blx */: {
          const target = r[(w >>> 12) & 15]!;
          const to = (target - base) >>> 1;
          if (to >= codeLength || (target & 1) === 0) break;
          r[LR] = (base + (ip << 1)) | 1;
          ip = to;
          remaining--;
          continue;
        }

        case 64 /* LdrRegister */: {
          const a = r[(w >>> 12) & 15]! + r[(w >>> 16) & 15]!;
          let at = a - ramBase;
          at = ((at >>> 2) | (at << 30)) >>> 0;
          if (at < loadableWords) {
            r[(w >>> 8) & 15] = ramWords[at]!;
            remaining--;
            continue;
          }
          at = a - flashBase;
          at = ((at >>> 2) | (at << 30)) >>> 0;
          if (at < loadableFlashWords) {
            r[(w >>> 8) & 15] = flashWords[at]!;
            remaining--;
            continue;
          }
          break;
        }
        case 65 /* LdrhRegister */: {
          const a = r[(w >>> 12) & 15]! + r[(w >>> 16) & 15]!;
          let at = a - ramBase;
          at = ((at >>> 1) | (at << 31)) >>> 0;
          if (at < loadableBytes >>> 1) {
            r[(w >>> 8) & 15] = ramHalfwords[at]!;
            remaining--;
            continue;
          }
          at = a - flashBase;
          at = ((at >>> 1) | (at << 31)) >>> 0;
          if (at < loadableFlashBytes >>> 1) {
            r[(w >>> 8) & 15] = flashHalfwords[at]!;
            remaining--;
            continue;
          }
          break;
        }
        case 66 /* LdrbRegister */: {
          const a = r[(w >>> 12) & 15]! + r[(w >>> 16) & 15]!;
          let at = (a - ramBase) >>> 0;
          if (at < loadableBytes) {
            r[(w >>> 8) & 15] = ramBytes[at]!;
            remaining--;
            continue;
          }
          at = (a - flashBase) >>> 0;
          if (at < loadableFlashBytes) {
            r[(w >>> 8) & 15] = flashBytes[at]!;
            remaining--;
            continue;
          }
          break;
        }
        case 67 /* LdrshRegister */: {
          const a = r[(w >>> 12) & 15]! + r[(w >>> 16) & 15]!;
          let at = a - ramBase;
          at = ((at >>> 1) | (at << 31)) >>> 0;
          if (at < loadableBytes >>> 1) {
            r[(w >>> 8) & 15] = (ramHalfwords[at]! << 16) >> 16;
            remaining--;
            continue;
          }
          at = a - flashBase;
          at = ((at >>> 1) | (at << 31)) >>> 0;
          if (at < loadableFlashBytes >>> 1) {
            r[(w >>> 8) & 15] = (flashHalfwords[at]! << 16) >> 16;
            remaining--;
            continue;
          }
          break;
        }
        case 68 /* LdrsbRegister */: {
          const a = r[(w >>> 12) & 15]! + r[(w >>> 16) & 15]!;
          let at = (a - ramBase) >>> 0;
          if (at < loadableBytes) {
            r[(w >>> 8) & 15] = (ramBytes[at]! << 24) >> 24;
            remaining--;
            continue;
          }
          at = (a - flashBase) >>> 0;
          if (at < loadableFlashBytes) {
            r[(w >>> 8) & 15] = (flashBytes[at]! << 24) >> 24;
            remaining--;
            continue;
          }
          break;
        }
        case 69 /* StrRegister */: {
          let at = r[(w >>> 12) & 15]! + r[(w >>> 16) & 15]! - ramBase;
          at = ((at >>> 2) | (at << 30)) >>> 0;
          if (at < storableWords && ramMarks[at] === 0) {
            ramWords[at] = r[(w >>> 8) & 15]!;
            remaining--;
            continue;
          }
          break;
        }
        case 70 /* StrhRegister */: {
          let at = r[(w >>> 12) & 15]! + r[(w >>> 16) & 15]! - ramBase;
          at = ((at >>> 1) | (at << 31)) >>> 0;
          if (at < storableBytes >>> 1 && ramMarks[at >>> 1] === 0) {
            ramHalfwords[at] = r[(w >>> 8) & 15]!;
            remaining--;
            continue;
          }
          break;
        }
        case 71 /* StrbRegister */: {
          const at = (r[(w >>> 12) & 15]! + r[(w >>> 16) & 15]! - ramBase) >>> 0;
          if (at < storableBytes && ramMarks[at >>> 2] === 0) {
            ramBytes[at] = r[(w >>> 8) & 15]!;
            remaining--;
            continue;
          }
          break;
        }
        case 72 /* LdrImmediate */: {
          const a = r[(w >>> 12) & 15]! + (w >>> 16);
          let at = a - ramBase;
          at = ((at >>> 2) | (at << 30)) >>> 0;
          if (at < loadableWords) {
            r[(w >>> 8) & 15] = ramWords[at]!;
            remaining--;
            continue;
          }
          at = a - flashBase;
          at = ((at >>> 2) | (at << 30)) >>> 0;
          if (at < loadableFlashWords) {
            r[(w >>> 8) & 15] = flashWords[at]!;
            remaining--;
            continue;
          }
          break;
        }
        case 73 /* LdrhImmediate */: {
          const a = r[(w >>> 12) & 15]! + (w >>> 16);
          let at = a - ramBase;
          at = ((at >>> 1) | (at << 31)) >>> 0;
          if (at < loadableBytes >>> 1) {
            r[(w >>> 8) & 15] = ramHalfwords[at]!;
            remaining--;
            continue;
          }
          at = a - flashBase;
          at = ((at >>> 1) | (at << 31)) >>> 0;
          if (at < loadableFlashBytes >>> 1) {
            r[(w >>> 8) & 15] = flashHalfwords[at]!;
            remaining--;
            continue;
          }
          break;
        }
        case 74 /* LdrbImmediate */: {
          const a = r[(w >>> 12) & 15]! + (w >>> 16);
          let at = (a - ramBase) >>> 0;
          if (at < loadableBytes) {
            r[(w >>> 8) & 15] = ramBytes[at]!;
            remaining--;
            continue;
          }
          at = (a - flashBase) >>> 0;
          if (at < loadableFlashBytes) {
            r[(w >>> 8) & 15] = flashBytes[at]!;
            remaining--;
            continue;
          }
          break;
        }
        case 75 /* StrImmediate */: {
          let at = r[(w >>> 12) & 15]! + (w >>> 16) - ramBase;
          at = ((at >>> 2) | (at << 30)) >>> 0;
          if (at < storableWords && ramMarks[at] === 0) {
            ramWords[at] = r[(w >>> 8) & 15]!;
            remaining--;
            continue;
          }
          break;
        }
        case 76 /* StrhImmediate */: {
          let at = r[(w >>> 12) & 15]! + (w >>> 16) - ramBase;
          at = ((at >>> 1) | (at << 31)) >>> 0;
          if (at < storableBytes >>> 1 && ramMarks[at >>> 1] === 0) {
            ramHalfwords[at] = r[(w >>> 8) & 15]!;
            remaining--;
            continue;
          }
          break;
        }
        case 77 /* StrbImmediate */: {
          const at = (r[(w >>> 12) & 15]! + (w >>> 16) - ramBase) >>> 0;
          if (at < storableBytes && ramMarks[at >>> 2] === 0) {
            ramBytes[at] = r[(w >>> 8) & 15]!;
            remaining--;
            continue;
          }
          break;
        }
        case 78 /* LdrLiteral */: {
          if (loadableFlashWords === 0) break;
          r[(w >>> 8) & 15] = regionWords[((ip + 1) >>> 1) + (w >>> 16)]!;
          remaining--;
          continue;
        }
        case 79 /* Push */: {
          const size = (w >>> 8) & 15;
          const sp = (r[SP]! - (size << 2)) | 0;
          let at = (sp - ramBase) >>> 2;
          if (at + size > storableWords) break;
          let isMarked = 0;
          for (let list = w >>> 16; list !== 0; list &= list - 1) {
            isMarked |= ramMarks[at]!;
            if (isMarked !== 0) break;
            ramWords[at] = r[31 - Math.clz32(list & -list)]!;
            at++;
          }
          if (isMarked !== 0) break;
          r[SP] = sp;
          remaining -= size;
          continue;
        }
        case 80 /* Pop */: {
          const size = (w >>> 8) & 15;
          let at = (r[SP]! - ramBase) >>> 2;
          if (at + size > loadableWords) break;
          for (let list = w >>> 16; list !== 0; list &= list - 1) {
            r[31 - Math.clz32(list & -list)] = ramWords[at]!;
            at++;
          }
          r[SP] = r[SP]! + (size << 2);
          remaining -= size;
          continue;
        }
        case 81 /* PopPc */: {
          const size = (w >>> 8) & 15;
          let at = (r[SP]! - ramBase) >>> 2;
          if (at + size > loadableWords) break;
          const target = ramWords[at + size - 1]!;
          const to = (target - base) >>> 1;
          if (to >= codeLength || (target & 1) === 0) break;
          for (let list = (w >>> 16) & 0xff; list !== 0; list &= list - 1) {
            r[31 - Math.clz32(list & -list)] = ramWords[at]!;
            at++;
          }
          r[SP] = r[SP]! + (size << 2);
          ip = to;
          remaining -= size + 2;
          continue;
        }
        case 82 /* Ldm */: {
          const size = (w >>> 8) & 15;
          const from = (w >>> 12) & 15;
          const a = r[from]!;
          let at = a - ramBase;
          at = ((at >>> 2) | (at << 30)) >>> 0;
          if (at + size > loadableWords) break;
          // Written back first: if the base is in the list, the loaded value stays.
          r[from] = a + (size << 2);
          for (let list = w >>> 16; list !== 0; list &= list - 1) {
            r[31 - Math.clz32(list & -list)] = ramWords[at]!;
            at++;
          }
          remaining -= size;
          continue;
        }
        case 83 /* Stm */: {
          const size = (w >>> 8) & 15;
          const to = (w >>> 12) & 15;
          const a = r[to]!;
          let at = a - ramBase;
          at = ((at >>> 2) | (at << 30)) >>> 0;
          if (at + size > storableWords) break;
          let isMarked = 0;
          for (let list = w >>> 16; list !== 0; list &= list - 1) {
            isMarked |= ramMarks[at]!;
            if (isMarked !== 0) break;
            ramWords[at] = r[31 - Math.clz32(list & -list)]!;
            at++;
          }
          if (isMarked !== 0) break;
          r[to] = a + (size << 2);
          remaining -= size;
          continue;
        }

        case 84 /* Nop */:
          continue;
        case 85 /* Barrier */:
          ip++;
          remaining -= 2;
          continue;
        case 86 /* Cps */:
          if ((w & 0x100) === 0) break;
          special[PRIMASK] = 1;
          continue;
        case 87 /* Mrs */:
          if (w >>> 16 !== SYSM_PRIMASK) break;
          r[(w >>> 8) & 15] = special[PRIMASK]!;
          ip++;
          remaining -= 2;
          continue;

        case 88 /* Msr */:
        case 89 /* Sev */:
        case 90 /* Wfe */:
        case 91 /* Wfi */:
        case 92 /* Svc */:
        case 93 /* Bkpt */:
        case 94 /* Undefined */:
        case 95 /* BranchFar */:
        case 96 /* BlFar */:
        case 97 /* LdrLiteralFar */:
        case 98 /* Hook */:
        case 99 /* Leave */:
          break;
      }

      r[PC] = base + ((ip - 1) << 1);
      flags[FLAG_N] = n;
      flags[FLAG_Z] = z;
      flags[FLAG_C] = c;
      flags[FLAG_V] = v;
      core.accessCycle = counters[CYCLES] = end - remaining - 1;
      counters[INSTRUCTIONS] = instructions + count - 1;
      if ((w & 0xff) !== Op.Hook) executeSlowly(core, w);
      else if (core.reachHook()) {
        // The instruction itself is put in place of the hook and gets a budget of its own.
        ip--;
        remaining++;
        count--;
        hooked = ip;
        hookedRegion = region;
        region.decodeAt(ip);
        held = remaining - 1;
        end -= held;
        remaining = 1;
        continue;
      }
      if (core.status !== 0 || !core.findWindow()) {
        if (hooked >= 0) hookedRegion.rearmHook(hooked);
        return;
      }
      n = flags[FLAG_N];
      z = flags[FLAG_Z];
      c = flags[FLAG_C];
      v = flags[FLAG_V];
      remaining = (end - counters[CYCLES]) | 0;
      instructions = counters[INSTRUCTIONS];
      count = 0;
      if (core.window.base !== base) {
        base = core.window.base;
        region = core.window.region;
        code = region.code;
        regionWords = region.words;
        codeLength = code.length - 1;
      }
      ip = (r[PC] - base) >>> 1;
    } while (remaining > 0);
    if (hooked < 0) break;
    hookedRegion.rearmHook(hooked);
    hooked = -1;
    end += held;
    remaining += held;
    if (remaining <= 0 || core.status !== 0) break;
  }

  r[PC] = base + (ip << 1);
  flags[FLAG_N] = n;
  flags[FLAG_Z] = z;
  flags[FLAG_C] = c;
  flags[FLAG_V] = v;
  counters[CYCLES] = end - remaining;
  counters[INSTRUCTIONS] = instructions + count;
}

// SYSm, what MRS and MSR name (B5.2.2).
const SYSM_MSP = 8;
const SYSM_PSP = 9;
const SYSM_PRIMASK = 16;
const SYSM_CONTROL = 20;

/**
 * Executes one predecoded instruction on the state in `core`, whatever it accesses; PC is its address. Adds its
 * cycles, and moves PC on unless it faults.
 */
function executeSlowly(core: Core, w: number): void {
  const r = core.registers;
  const counters = core.counters;
  const pc = r[PC]!;
  const a = (w >>> 8) & 15;
  const b = (w >>> 12) & 15;
  if ((w & 0xff) === Op.Leave) {
    // Not an instruction: PC needs another window.
    if (core.windowAt(pc >>> 0) === undefined) raiseHardFault(core);
    return;
  }
  counters[CYCLES]!++;
  counters[INSTRUCTIONS]!++;
  switch (w & 0xff) {
    case 64 /* LdrRegister */:
      load(core, a, r[b]! + r[(w >>> 16) & 15]!, 4, 0);
      return;
    case 65 /* LdrhRegister */:
      load(core, a, r[b]! + r[(w >>> 16) & 15]!, 2, 0);
      return;
    case 66 /* LdrbRegister */:
      load(core, a, r[b]! + r[(w >>> 16) & 15]!, 1, 0);
      return;
    case 67 /* LdrshRegister */:
      load(core, a, r[b]! + r[(w >>> 16) & 15]!, 2, 16);
      return;
    case 68 /* LdrsbRegister */:
      load(core, a, r[b]! + r[(w >>> 16) & 15]!, 1, 24);
      return;
    case 69 /* StrRegister */:
      store(core, a, r[b]! + r[(w >>> 16) & 15]!, 4);
      return;
    case 70 /* StrhRegister */:
      store(core, a, r[b]! + r[(w >>> 16) & 15]!, 2);
      return;
    case 71 /* StrbRegister */:
      store(core, a, r[b]! + r[(w >>> 16) & 15]!, 1);
      return;
    case 72 /* LdrImmediate */:
      load(core, a, r[b]! + (w >>> 16), 4, 0);
      return;
    case 73 /* LdrhImmediate */:
      load(core, a, r[b]! + (w >>> 16), 2, 0);
      return;
    case 74 /* LdrbImmediate */:
      load(core, a, r[b]! + (w >>> 16), 1, 0);
      return;
    case 75 /* StrImmediate */:
      store(core, a, r[b]! + (w >>> 16), 4);
      return;
    case 76 /* StrhImmediate */:
      store(core, a, r[b]! + (w >>> 16), 2);
      return;
    case 77 /* StrbImmediate */:
      store(core, a, r[b]! + (w >>> 16), 1);
      return;
    case 78 /* LdrLiteral */:
    case 97 /* LdrLiteralFar */:
      load(core, a, ((pc + 4) & ~3) + 4 * (w >>> 16), 4, 0);
      return;

    case 79 /* Push */:
      storeMultiple(core, SP, w, r[SP]! - 4 * a, r[SP]! - 4 * a);
      return;
    case 83 /* Stm */:
      storeMultiple(core, b, w, r[b]!, r[b]! + 4 * a);
      return;
    case 80 /* Pop */:
    case 81 /* PopPc */:
      loadMultiple(core, SP, w);
      return;
    case 82 /* Ldm */:
      loadMultiple(core, b, w);
      return;

    case 62 /* Bx */:
      counters[CYCLES]!++;
      branchExchange(core, r[b]!);
      return;
    case 63 /* Blx */: {
      const target = r[b]!;
      r[LR] = (pc + 2) | 1;
      counters[CYCLES]!++;
      // Not an exception return (A6.7.15: BLXWritePC).
      branchThumb(core, target);
      return;
    }
    case 31 /* AddToPc */:
      counters[CYCLES]!++;
      r[PC] = (pc + 4 + r[b]!) & ~1;
      return;
    case 35 /* MovToPc */:
      counters[CYCLES]!++;
      r[PC] = r[b]! & ~1;
      return;
    case 95 /* BranchFar */:
      if (isTrue(core, a)) {
        counters[CYCLES]!++;
        r[PC] = pc + 2 + 2 * (w >> 16);
      } else r[PC] = pc + 2;
      return;
    case 96 /* BlFar */:
      counters[CYCLES]! += 2;
      r[LR] = (pc + 4) | 1;
      r[PC] = pc + 4 + 2 * (w >> 8);
      return;

    case 86 /* Cps */:
      r[PC] = pc + 2;
      if (isPrivileged(core)) {
        core.special[PRIMASK] = (w >>> 8) & 1;
        core.reviewAttention();
      }
      return;
    case 87 /* Mrs */:
      counters[CYCLES]! += 2;
      r[a] = readSpecial(core, w >>> 16);
      r[PC] = pc + 4;
      return;
    case 88 /* Msr */:
      counters[CYCLES]! += 2;
      r[PC] = pc + 4;
      writeSpecial(core, w >>> 16, r[b]!);
      return;

    case 89 /* Sev */:
      r[PC] = pc + 2;
      core.sendEventToAll();
      return;
    case 90 /* Wfe */:
      counters[CYCLES]!++;
      r[PC] = pc + 2;
      core.sleep(ASLEEP_WFE);
      return;
    case 91 /* Wfi */:
      counters[CYCLES]!++;
      r[PC] = pc + 2;
      core.sleep(ASLEEP_WFI);
      return;
    case 92 /* Svc */:
      callSupervisor(core, SVCALL);
      return;
    case 93 /* Bkpt */:
      counters[INSTRUCTIONS]!--;
      counters[CYCLES]!--;
      core.requestStop("breakpoint-instruction");
      return;
    default:
      raiseHardFault(core);
  }
}

/** `signShift` is 32 less the size in bits for the loads that extend a sign, else 0. */
function load(core: Core, register: number, address: number, size: 1 | 2 | 4, signShift: number): void {
  const value = core.load(address, size);
  if (core.takeFault()) {
    raiseHardFault(core);
    return;
  }
  const r = core.registers;
  r[register] = (value << signShift) >> signShift;
  r[PC] = r[PC]! + 2;
}

function store(core: Core, register: number, address: number, size: 1 | 2 | 4): void {
  const r = core.registers;
  core.store(address, size, r[register]!);
  if (core.takeFault()) raiseHardFault(core);
  else r[PC] = r[PC]! + 2;
}

function storeMultiple(core: Core, base: number, w: number, from: number, writtenBack: number): void {
  const r = core.registers;
  let address = from;
  for (let list = w >>> 16; list !== 0; list &= list - 1) {
    core.store(address, 4, r[31 - Math.clz32(list & -list)]!);
    if (core.takeFault()) {
      raiseHardFault(core);
      return;
    }
    address += 4;
  }
  r[base] = writtenBack;
  r[PC] = r[PC]! + 2;
}

/** No register changes if any load fails, so that the instruction can be tried again (B1.5.10). */
function loadMultiple(core: Core, base: number, w: number): void {
  const r = core.registers;
  const loaded = core.loadBuffer;
  const from = r[base]!;
  let address = from;
  for (let list = w >>> 16; list !== 0; list &= list - 1) {
    loaded[31 - Math.clz32(list & -list)] = core.load(address, 4);
    if (core.takeFault()) {
      raiseHardFault(core);
      return;
    }
    address += 4;
  }
  // Written back first: if the base is in the list, the loaded value stays.
  r[base] = address;
  for (let list = (w >>> 16) & 0x7fff; list !== 0; list &= list - 1) {
    const register = 31 - Math.clz32(list & -list);
    r[register] = loaded[register]!;
  }
  // PC is the topmost bit of the list.
  if (w >= 0) {
    r[PC] = r[PC]! + 2;
    return;
  }
  core.counters[CYCLES]! += 2;
  branchExchange(core, loaded[PC]!);
}

/** BXWritePC (A2.3.1): also the way out of a handler. */
function branchExchange(core: Core, target: number): void {
  if (core.special[IPSR] !== 0 && target >>> 28 === 0xf) returnFromException(core, target);
  else branchThumb(core, target);
}

/** A branch to an even address leaves the Thumb state, which is a fault of the next instruction (A4.1.1). */
function branchThumb(core: Core, target: number): void {
  core.special[THUMB] = target & 1;
  core.registers[PC] = target & ~1;
  if ((target & 1) === 0) raiseHardFault(core);
}

/** Whether a condition holds (A6.3.1). Conditions come in pairs, the odd ones are negated. */
function isTrue(core: Core, condition: number): boolean {
  if (condition === ALWAYS) return true;
  return isEvenTrue(core.apsr(), condition >>> 1) === ((condition & 1) === 0);
}

function isEvenTrue(apsr: number, pair: number): boolean {
  const n = apsr < 0;
  const z = (apsr & (1 << 30)) !== 0;
  const c = (apsr & (1 << 29)) !== 0;
  const v = (apsr & (1 << 28)) !== 0;
  switch (pair) {
    case 0:
      return z;
    case 1:
      return c;
    case 2:
      return n;
    case 3:
      return v;
    case 4:
      return c && !z;
    case 5:
      return n === v;
    default:
      return n === v && !z;
  }
}

function isPrivileged(core: Core): boolean {
  return core.special[IPSR] !== 0 || (core.special[CONTROL]! & 1) === 0;
}

/** B5.2.2. EPSR reads as zero; unprivileged code reads stack pointers and masks as zero. */
function readSpecial(core: Core, sysm: number): number {
  if (sysm < 8) {
    const ipsr = (sysm & 1) !== 0 ? core.special[IPSR]! : 0;
    return ipsr | ((sysm & 4) === 0 ? core.apsr() : 0);
  }
  switch (sysm) {
    case SYSM_MSP:
      return isPrivileged(core) ? core.mainStackPointer : 0;
    case SYSM_PSP:
      return isPrivileged(core) ? core.processStackPointer : 0;
    case SYSM_PRIMASK:
      return isPrivileged(core) ? core.special[PRIMASK]! : 0;
    case SYSM_CONTROL:
      return core.special[CONTROL]!;
    default:
      return 0;
  }
}

/** B5.2.3. */
function writeSpecial(core: Core, sysm: number, value: number): void {
  if (sysm < 4) core.setFlags(value);
  else if (isPrivileged(core)) writePrivileged(core, sysm, value);
}

function writePrivileged(core: Core, sysm: number, value: number): void {
  switch (sysm) {
    case SYSM_MSP:
      core.setStackPointer("main", value);
      return;
    case SYSM_PSP:
      core.setStackPointer("process", value);
      return;
    case SYSM_PRIMASK:
      core.special[PRIMASK] = value & 1;
      core.reviewAttention();
      return;
    case SYSM_CONTROL:
      core.special[CONTROL] = (core.special[CONTROL]! & ~1) | (value & 1);
      // A handler stays on the main stack.
      if (core.special[IPSR] === 0) core.selectStack(value & 2);
      return;
  }
}
