import type { MemoryView } from "../../../target/target";

/**
 * Memory that remembers what was read of it, byte by byte. What was made of those bytes alone is the same wherever they
 * are the same.
 */
export class RecordedReads implements MemoryView {
  private readonly bytes = new Map<number, number>();
  private isComplete = true;

  constructor(private readonly memory: MemoryView) {}

  read(address: number, length: number): Uint8Array | undefined {
    const found = this.memory.read(address, length);
    if (found === undefined) this.isComplete = false;
    else found.forEach((byte, i) => this.bytes.set(address + i, byte));
    return found;
  }

  readUint(address: number, size: 1 | 2 | 4): number | undefined {
    const found = this.memory.readUint(address, size);
    if (found === undefined) this.isComplete = false;
    else for (let i = 0; i < size; i++) this.bytes.set(address + i, (found >>> (8 * i)) & 0xff);
    return found;
  }

  /** All that was read so far; undefined if some of it could not be read. */
  all(): ReadBytes | undefined {
    if (!this.isComplete) return undefined;
    return { addresses: Uint32Array.from(this.bytes.keys()), bytes: Uint8Array.from(this.bytes.values()) };
  }
}

/** Bytes, and where each was. */
export interface ReadBytes {
  readonly addresses: Uint32Array;
  readonly bytes: Uint8Array;
}

/** Whether bytes are still where they were. */
export function areUnchanged({ addresses, bytes }: ReadBytes, memory: MemoryView): boolean {
  for (let i = 0; i < addresses.length; i++) if (memory.readUint(addresses[i]!, 1) !== bytes[i]) return false;
  return true;
}
