import { describe, expect, it } from "vitest";
import { FakeTarget } from "#test/helpers/fake-target";
import { address } from "../base/brand";
import { encodeUtf8 } from "../base/utf8";
import { watchRtt } from "./rtt-channels";

const BLOCK = 0x2000_0000;
const BUFFERS = [0x2000_1000, 0x2000_2000] as const;
const SIZE = 16;
const BYTE_SIZE = 24 + 2 * 24;

/** A target with an initialised block of two up channels, and what was read from it: `1 "text"`. */
function watched(): { target: FakeTarget; read: string[] } {
  const target = new FakeTarget();
  encodeUtf8("SEGGER RTT").forEach((byte, i) => target.put(BLOCK + i, 1, byte));
  target.put(BLOCK + 16, 4, 2);
  BUFFERS.forEach((buffer, i) => {
    target.put(BLOCK + 24 + 24 * i + 4, 4, buffer);
    target.put(BLOCK + 24 + 24 * i + 8, 4, SIZE);
  });
  const read: string[] = [];
  watchRtt(target, address(BLOCK), BYTE_SIZE, (time, channel, bytes) =>
    read.push(`${time} ${channel} ${String.fromCharCode(...bytes)}`),
  );
  return { target, read };
}

const writeOffset = (channel: number) => BLOCK + 24 + 24 * channel + 12;

/** The program puts text into the ring, and then publishes it. */
function send(target: FakeTarget, channel: number, text: string): void {
  const from = target.memory.readUint(writeOffset(channel), 4)!;
  encodeUtf8(text).forEach((byte, i) => target.put(BUFFERS[channel]! + ((from + i) % SIZE), 1, byte));
  target.store(writeOffset(channel), 4, (from + text.length) % SIZE);
}

describe("watchRtt", () => {
  it("takes bytes when their offset is stored, with the time, and moves the read offset", () => {
    const { target, read } = watched();
    target.pass(5);
    send(target, 0, "hello");
    target.pass(5);
    send(target, 1, "x");
    expect(read).toEqual(["5 0 hello", "10 1 x"]);
    expect(target.memory.readUint(writeOffset(0) + 4, 4)).toBe(5);
  });

  it("goes around the end of the ring", () => {
    const { target, read } = watched();
    send(target, 0, "0123456789");
    send(target, 0, "abcdefghij");
    expect(read).toEqual(["0 0 0123456789", "0 0 abcdefghij"]);
  });

  it("reads nothing before the block is one, and nothing of an offset that cannot be", () => {
    const { target, read } = watched();
    target.put(BLOCK, 1, 0);
    send(target, 0, "early");
    target.put(BLOCK, 1, "S".charCodeAt(0));
    target.store(writeOffset(0), 4, SIZE);
    target.put(writeOffset(0), 4, 0);
    target.put(BLOCK + 16, 4, 1);
    send(target, 1, "no such channel");
    expect(read).toEqual([]);
  });

  it("does not take what lay in the ring before a reset for new", () => {
    const { target, read } = watched();
    send(target, 0, "before");
    target.reset();
    target.store(writeOffset(0), 4, 0);
    send(target, 0, "after");
    expect(read).toEqual(["0 0 before", "0 0 after"]);
  });

  it("can be taken away", () => {
    const target = new FakeTarget();
    watchRtt(target, address(BLOCK), BYTE_SIZE, () => undefined).remove();
    expect(target.tracepointCount).toBe(0);
  });
});
