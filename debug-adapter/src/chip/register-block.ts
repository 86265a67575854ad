import type { Peripheral } from "./peripheral";
import { copyState, restoreState, type PlainState } from "./plain-state";

/** One register of a block, as its row in the datasheet's table. */
export interface RegisterSpec {
  readonly name: string;
  /** Value after reset; 0 unless given. */
  readonly reset?: number;
  /** Mask of the bits that a write stores; none unless given. */
  readonly writable?: number;
  /** False if reading or writing it does not do what the datasheet says. */
  readonly isEmulated?: boolean;
}

/** The registers of a block by byte offset. */
export type RegisterMap = Readonly<Record<number, RegisterSpec>>;

/**
 * A peripheral whose registers are mostly words that remember what was written to them: a table says which bits.
 * A block overrides `peek`, `read` and `write` for the registers that do more.
 */
export class RegisterBlock<
  Extra extends Record<string, PlainState> = Record<string, never>,
> implements Peripheral {
  readonly state: Extra & { registers: Uint32Array };
  /** The words of `state.registers`, indexed by offset / 4. */
  protected readonly registers: Uint32Array;
  private readonly initialState: Extra & { registers: Uint32Array };
  private readonly writable: Uint32Array;

  constructor(
    readonly name: string,
    readonly baseAddress: number,
    readonly size: number,
    private readonly map: RegisterMap,
    extraState: Extra,
  ) {
    const offsets = Object.keys(map).map(Number);
    const words = Math.max(...offsets, 0) / 4 + 1;
    this.registers = new Uint32Array(words);
    this.writable = new Uint32Array(words);
    for (const offset of offsets) {
      const spec = map[offset]!;
      this.registers[offset >> 2] = spec.reset ?? 0;
      this.writable[offset >> 2] = spec.writable ?? 0;
    }
    this.state = { ...extraState, registers: this.registers };
    this.initialState = copyState(this.state);
  }

  read(offset: number): number {
    return this.peek(offset);
  }

  peek(offset: number): number {
    return this.registers[offset >> 2] ?? 0;
  }

  write(offset: number, value: number): void {
    this.store(offset, value);
  }

  reset(): void {
    restoreState(this.state, this.initialState);
  }

  registerName(offset: number): string | undefined {
    return this.map[offset]?.name;
  }

  isEmulated(offset: number): boolean {
    const spec = this.map[offset];
    return spec !== undefined && spec.isEmulated !== false;
  }

  /** Stores the writable bits of `value` and nothing else. */
  protected store(offset: number, value: number): void {
    const index = offset >> 2;
    const mask = this.writable[index] ?? 0;
    this.registers[index] = (this.registers[index]! & ~mask) | (value & mask);
  }
}

/** A run of like registers: `repeat(0x04, 4, 30, (n) => ({ name: `GPIO${n}` }))`. */
export function repeat(
  first: number,
  stride: number,
  count: number,
  spec: (index: number) => RegisterSpec,
): RegisterMap {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [first + index * stride, spec(index)]),
  );
}
