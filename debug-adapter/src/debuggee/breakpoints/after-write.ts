import type { MemoryView, TracepointHit } from "../../target/target";

/** The hit of a write as it will be once the store has been executed: its memory holds the new value already. */
export function afterWrite(hit: TracepointHit): TracepointHit {
  const { time, writeAddress, writeSize, writeValue } = hit;
  const register: TracepointHit["register"] = (number) => hit.register(number);
  return { time, writeAddress, writeSize, writeValue, register, memory: new WrittenMemory(hit) };
}

class WrittenMemory implements MemoryView {
  constructor(private readonly hit: TracepointHit) {}

  read(from: number, length: number): Uint8Array | undefined {
    const { memory, writeAddress, writeSize, writeValue } = this.hit;
    const before = memory.read(from, length);
    const isTouched = from < writeAddress + writeSize && from + length > writeAddress;
    if (before === undefined || !isTouched) return before;
    const bytes = before.slice();
    for (let i = 0; i < writeSize; i++) {
      const at = writeAddress + i - from;
      if (at >= 0 && at < length) bytes[at] = (writeValue >>> (8 * i)) & 0xff;
    }
    return bytes;
  }

  readUint(from: number, size: 1 | 2 | 4): number | undefined {
    const bytes = this.read(from, size);
    return bytes?.reduceRight((value, byte) => value * 256 + byte, 0);
  }
}
