import { beforeEach, describe, expect, it } from "vitest";
import { Rp2040Bench } from "#test/chip/rp2040-bench";
import { UartError } from "./uart";

const UART0 = 0x4003_4000;
const DR = UART0;
const RSR = UART0 + 0x04;
const FR = UART0 + 0x18;
const IBRD = UART0 + 0x24;
const FBRD = UART0 + 0x28;
const LCR_H = UART0 + 0x2c;
const CR = UART0 + 0x30;
const IFLS = UART0 + 0x34;
const IMSC = UART0 + 0x38;
const RIS = UART0 + 0x3c;
const MIS = UART0 + 0x40;
const ICR = UART0 + 0x44;
const UART0_IRQ = 20;

const FEN = 0x10;
const EIGHT_BITS = 0x60;
const ON = 0x301;
const RXIM = 1 << 4;
const TXIM = 1 << 5;
const RTIM = 1 << 6;
const OEIM = 1 << 10;
const TXFE = 1 << 7;
const RXFF = 1 << 6;
const TXFF = 1 << 5;
const RXFE = 1 << 4;
const BUSY = 1 << 3;

/** 125 MHz / (16 x (67 + 52/64)) = 115207 baud. */
const BIT_NS = 1e9 / 115_207;
const FRAME_NS = 10 * BIT_NS;

describe("UART (4.2)", () => {
  let bench: Rp2040Bench;
  beforeEach(() => {
    bench = new Rp2040Bench();
    bench.startClocks();
    bench.connectPin(0, 2);
    bench.connectPin(1, 2, { pullUp: true });
    bench.write(IBRD, 67);
    bench.write(FBRD, 52);
    bench.write(LCR_H, EIGHT_BITS | FEN);
    bench.write(CR, ON);
    bench.log.length = 0;
  });

  const sent = () =>
    bench.log.filter((line) => line.includes("transmit")).map((line) => Number(line.split(" ").at(-1)));

  it("has its speed from the divisors and clk_peri", () => {
    expect(bench.machine.uart(0).baudRate).toBeCloseTo(115_207, 0);
  });

  it("sends a character in the time of its frame", () => {
    const start = bench.now;
    bench.write(DR, 0x41);
    expect(bench.read(FR) & BUSY).toBe(BUSY);
    bench.advance(FRAME_NS - 200);
    expect(sent()).toEqual([]);
    bench.advance(400);
    expect(sent()).toEqual([0x41]);
    expect(Number(bench.log[0]!.split(" ")[0]) - start).toBeCloseTo(FRAME_NS, -2);
    expect(bench.read(FR)).toBe(TXFE | RXFE | 1);
  });

  it("counts parity and two stop bits into the frame", () => {
    bench.write(LCR_H, EIGHT_BITS | FEN | 2 | 8);
    bench.write(DR, 0x41);
    bench.advance(12 * BIT_NS - 200);
    expect(sent()).toEqual([]);
    bench.advance(400);
    expect(sent()).toEqual([0x41]);
  });

  it("takes new divisors over with LCR_H only", () => {
    bench.write(IBRD, 6);
    expect(bench.machine.uart(0).baudRate).toBeCloseTo(115_207, 0);
    bench.write(LCR_H, EIGHT_BITS | FEN);
    expect(bench.machine.uart(0).baudRate).toBeGreaterThan(1e6);
  });

  it("holds 32 characters beside the one being sent, and one without the FIFO", () => {
    for (let i = 0; i < 33; i++) {
      expect(bench.read(FR) & TXFF).toBe(0);
      bench.write(DR, i);
    }
    expect(bench.read(FR) & TXFF).toBe(TXFF);
    bench.advance(40 * FRAME_NS);
    expect(sent()).toEqual(Array.from({ length: 33 }, (_, i) => i));
    bench.write(LCR_H, EIGHT_BITS);
    bench.write(DR, 1);
    expect(bench.read(FR) & TXFF).toBe(0);
    bench.write(DR, 2);
    expect(bench.read(FR) & TXFF).toBe(TXFF);
  });

  it("raises TX when the FIFO falls to its level, not because it is there (4.2.6.3)", () => {
    bench.write(IMSC, TXIM);
    bench.write(IFLS, 0);
    expect(bench.isPending(UART0_IRQ)).toBe(false);
    for (let i = 0; i < 4; i++) bench.write(DR, i);
    bench.advance(10 * FRAME_NS);
    expect(bench.read(RIS) & TXIM).toBe(0);
    for (let i = 0; i < 6; i++) bench.write(DR, i);
    expect(bench.read(RIS) & TXIM).toBe(0);
    bench.advance(FRAME_NS + 1000);
    expect(bench.read(MIS)).toBe(TXIM);
    expect(bench.isPending(UART0_IRQ)).toBe(true);
    bench.write(ICR, TXIM);
    expect(bench.read(RIS) & TXIM).toBe(0);
  });

  it("receives at its own speed and raises RX at the level, cleared by reading below it", () => {
    bench.write(IMSC, RXIM);
    bench.write(IFLS, 0);
    bench.machine.uart(0).feed([1, 2, 3, 4]);
    bench.advance(3 * FRAME_NS + 1000);
    expect(bench.read(RIS) & RXIM).toBe(0);
    bench.advance(FRAME_NS);
    expect(bench.isPending(UART0_IRQ)).toBe(true);
    expect(bench.read(DR)).toBe(1);
    expect(bench.read(RIS) & RXIM).toBe(0);
    expect([bench.read(DR), bench.read(DR), bench.read(DR)]).toEqual([2, 3, 4]);
    expect(bench.read(FR) & RXFE).toBe(RXFE);
  });

  it("raises RT 32 bit times after the last character, cleared by emptying the FIFO (4.2.6.4)", () => {
    bench.write(IMSC, RTIM);
    bench.machine.uart(0).feed([7, 8]);
    bench.advance(2 * FRAME_NS + 31 * BIT_NS);
    expect(bench.read(RIS) & RTIM).toBe(0);
    bench.advance(2 * BIT_NS);
    expect(bench.read(MIS)).toBe(RTIM);
    bench.read(DR);
    expect(bench.read(RIS) & RTIM).toBe(RTIM);
    bench.read(DR);
    expect(bench.read(RIS) & RTIM).toBe(0);
  });

  it("loses what does not fit, and says so with the next character", () => {
    bench.write(IMSC, OEIM);
    bench.machine.uart(0).feed(Array.from({ length: 34 }, (_, i) => i));
    bench.advance(35 * FRAME_NS);
    expect(bench.read(FR) & RXFF).toBe(RXFF);
    expect(bench.read(RIS) & OEIM).toBe(OEIM);
    const first = Array.from({ length: 32 }, () => bench.read(DR));
    expect(first).toEqual(Array.from({ length: 32 }, (_, i) => i));
    bench.machine.uart(0).feed([99]);
    bench.advance(2 * FRAME_NS);
    expect(bench.read(DR)).toBe(99 | UartError.overrun);
    expect(bench.read(RSR)).toBe(8);
  });

  it("passes on framing, parity and break errors", () => {
    bench.machine.uart(0).feed([0x41 | UartError.framing, 0x42 | UartError.parity, UartError.break]);
    bench.advance(4 * FRAME_NS);
    expect((bench.read(RIS) >>> 7) & 7).toBe(7);
    expect(bench.read(DR)).toBe(0x141);
    expect(bench.read(RSR)).toBe(1);
    expect(bench.read(DR)).toBe(0x242);
    expect(bench.read(DR)).toBe(0x400);
    bench.write(RSR, 0);
    expect(bench.read(RSR)).toBe(0);
  });

  it("loses characters while it is off or no pin carries RX", () => {
    bench.write(CR, 0x101);
    bench.machine.uart(0).feed([1]);
    bench.advance(2 * FRAME_NS);
    bench.write(CR, ON);
    bench.connectPin(1, 5);
    bench.machine.uart(0).feed([2]);
    bench.advance(2 * FRAME_NS);
    expect(bench.read(FR) & RXFE).toBe(RXFE);
    expect(bench.log.filter((line) => line.includes("receive"))).toEqual([]);
  });

  it("hears itself in loopback, and nobody else does", () => {
    bench.write(CR, ON | 0x80);
    bench.write(DR, 0x55);
    bench.advance(2 * FRAME_NS);
    expect(bench.read(DR)).toBe(0x55);
    expect(sent()).toEqual([]);
  });

  it("waits for CTS with CTSEN", () => {
    bench.connectPin(2, 2, { pullUp: true });
    bench.write(CR, ON | 0x8000);
    bench.write(DR, 1);
    bench.advance(2 * FRAME_NS);
    expect(sent()).toEqual([]);
  });

  it("drives TX at its idle level, and low for a break", () => {
    expect(bench.machine.pins.level(0)).toBe(true);
    bench.write(LCR_H, EIGHT_BITS | FEN | 1);
    expect(bench.machine.pins.level(0)).toBe(false);
  });

  it("identifies itself", () => {
    expect([0xfe0, 0xfe4, 0xff0, 0xffc].map((offset) => bench.read(UART0 + offset))).toEqual([
      0x11, 0x10, 0x0d, 0xb1,
    ]);
    expect(bench.log).toEqual([]);
  });
});
