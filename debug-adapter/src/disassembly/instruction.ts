import type { Address } from "../base/brand";

/** An instruction in unified assembly language (UAL). */
export interface Instruction {
  readonly address: Address;
  readonly byteSize: 2 | 4;
  /** `ldr`, `bne`; of bits that are no instruction `.inst.n` or `.inst.w`, as an assembler takes them. */
  readonly mnemonic: string;
  /** `r0, [pc, #12]`; a branch's target is an address: `0x10000abc`. */
  readonly operands: string;
  /** What it refers to by its distance from the program counter. */
  readonly reference: Reference | undefined;
}

/** A place in memory that an instruction names. */
export interface Reference {
  /** `literal`: a word that is loaded from there. `address`: only the address itself is taken. */
  readonly kind: "branch" | "call" | "literal" | "address";
  readonly address: Address;
}

/** What an encoding means, without where it stands. */
export interface Decoded {
  readonly mnemonic: string;
  readonly operands: string;
  readonly reference?: Reference;
}
