import { type Address, address as toAddress, type Nanoseconds } from "../base/brand";
import type { MemoryView, Removable, Target, TracepointHit } from "../target/target";

// SEGGER's control block (SEGGER RTT, "RTT control block"), which rtt-target and defmt-rtt repeat, in words:
//
//     "SEGGER RTT" in 16 bytes | number of up channels | number of down channels | up channels | down channels
//     a channel: name | buffer | bytes of the buffer | write offset | read offset | flags

const ID = "SEGGER RTT";
const HEADER_BYTES = 24;
const CHANNEL_BYTES = 24;
const UP_COUNT = 16;
const BUFFER = 4;
const SIZE = 8;
const WRITE_OFFSET = 12;
const READ_OFFSET = 16;

/** Channels of one block; SEGGER's own default is three. */
const MOST_CHANNELS = 16;

/** A buffer is a part of RAM; a larger one is no buffer. */
const LARGEST_BUFFER = 256 * 1024;

/** Told of bytes that the firmware has put into an up channel. */
export type RttListener = (time: Nanoseconds, channel: number, bytes: Uint8Array) => void;

/**
 * Reads the up channels of a control block as a host does that is attached all the time: bytes are taken as soon as the
 * firmware publishes them, which is when it stores the write offset, and the read offset follows.
 *
 * @param block    address of `_SEGGER_RTT`
 * @param byteSize its size, which bounds how many channels there are
 */
export function watchRtt(target: Target, block: Address, byteSize: number, onBytes: RttListener): Removable {
  const count = Math.min(MOST_CHANNELS, Math.max(1, Math.floor((byteSize - HEADER_BYTES) / CHANNEL_BYTES)));
  /** Channels whose offset is of before a reset: what is stored there next is no more than its first value. */
  const stale = new Set<number>();
  const channels = Array.from({ length: count }, (_, channel) => {
    const start = block + HEADER_BYTES + channel * CHANNEL_BYTES;
    const where = { kind: "write", address: toAddress(start + WRITE_OFFSET), length: 4 } as const;
    const onHit = (hit: TracepointHit) => {
      if (stale.delete(channel) || !isUpChannel(hit.memory, block, channel)) return false;
      const bytes = publishedBytes(hit, start);
      if (bytes === undefined || bytes.length === 0) return false;
      onBytes(hit.time, channel, bytes);
      // Where the block is not in RAM there is nothing to move.
      target.writeMemory(toAddress(start + READ_OFFSET), wordBytes(hit.writeValue)).catch(() => undefined);
      return false;
    };
    return target.addTracepoint({ where, collect: [], onHit });
  });
  const resets = target.observe({
    onReset: () => {
      for (let channel = 0; channel < count; channel++) stale.add(channel);
    },
  });
  return { remove: () => [...channels, resets].forEach((each) => each.remove()) };
}

/** Before the firmware has initialised its statics the block is no block. */
function isUpChannel(memory: MemoryView, block: number, channel: number): boolean {
  const id = memory.read(block, ID.length);
  const count = memory.readUint(block + UP_COUNT, 4) ?? 0;
  return id !== undefined && channel < count && String.fromCharCode(...id) === ID;
}

/** What lies between the write offset so far and the one that is being stored, around the end of the ring. */
function publishedBytes(
  { memory, writeAddress, writeSize, writeValue }: TracepointHit,
  channel: number,
): Uint8Array | undefined {
  const buffer = memory.readUint(channel + BUFFER, 4);
  const size = memory.readUint(channel + SIZE, 4) ?? 0;
  const from = memory.readUint(channel + WRITE_OFFSET, 4) ?? 0;
  const isWord = writeSize === 4 && writeAddress === channel + WRITE_OFFSET;
  if (buffer === undefined || !isWord || size > LARGEST_BUFFER || from >= size || writeValue >= size) {
    return undefined;
  }
  if (writeValue >= from) return memory.read(buffer + from, writeValue - from);
  const end = memory.read(buffer + from, size - from);
  const start = memory.read(buffer, writeValue);
  return end && start && Uint8Array.from([...end, ...start]);
}

function wordBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
