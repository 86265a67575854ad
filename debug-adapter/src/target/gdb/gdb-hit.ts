import { type Nanoseconds, nanoseconds } from "../../base/brand";
import type { RegisterNumber } from "../architecture";
import type { HookHit } from "../hook-table";
import { memoryOf } from "../memory-ranges";
import type { MemoryView } from "../target";

/** A halt at a breakpoint, with what was read of the core while it stands. */
export class GdbHit implements HookHit {
  time = nanoseconds(0);
  writeAddress = 0;
  writeSize = 0;
  writeValue = 0;
  memory: MemoryView = memoryOf([]);
  private registers: Uint32Array = new Uint32Array(0);

  begin(time: Nanoseconds, registers: Uint32Array, memory: MemoryView): void {
    this.time = time;
    this.registers = registers;
    this.memory = memory;
  }

  register(number: RegisterNumber): number {
    return this.registers[number] ?? 0;
  }
}
