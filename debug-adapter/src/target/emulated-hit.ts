import type { Nanoseconds } from "../base/brand";
import type { Rp2040 } from "../chip/rp2040/rp2040";
import type { RegisterNumber } from "./architecture";
import { readCoreRegister } from "./core-registers";
import type { MemoryView, TracepointHit } from "./target";

/** The hit that is being reported. Nothing has to be collected: registers and memory are read when asked for. */
export class EmulatedHit implements TracepointHit {
  writeAddress = 0;
  writeSize = 0;
  writeValue = 0;
  readonly memory: MemoryView;

  constructor(private readonly machine: Rp2040) {
    this.memory = emulatedMemory(machine);
  }

  get time(): Nanoseconds {
    return this.machine.now;
  }

  register(number: RegisterNumber): number {
    return readCoreRegister(this.machine.core, number);
  }
}

/** The machine's memory, without side effects. */
function emulatedMemory(machine: Rp2040): MemoryView {
  const buffers = { 1: new Uint8Array(1), 2: new Uint8Array(2), 4: new Uint8Array(4) } as const;
  return {
    read(address, length) {
      const bytes = new Uint8Array(length);
      return machine.peek(address >>> 0, bytes) === length ? bytes : undefined;
    },
    readInto: (address, into) => machine.peek(address >>> 0, into) === into.length,
    readUint(address, size) {
      const at = address >>> 0;
      const window = machine.core.windowAt(at);
      const offset = window === undefined ? 0 : at - window.base;
      if (window !== undefined && offset % size === 0 && offset + size <= window.region.size) {
        const { words, halfwords, bytes } = window.region;
        if (size === 4) return words[offset >>> 2]! >>> 0;
        return size === 2 ? halfwords[offset >>> 1]! : bytes[offset]!;
      }
      const bytes = buffers[size];
      if (machine.peek(at, bytes) !== size) return undefined;
      let value = 0;
      for (let i = size - 1; i >= 0; i--) value = value * 256 + bytes[i]!;
      return value;
    },
  };
}
