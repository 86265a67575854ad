import { beforeEach, describe, expect, it } from "vitest";
import { Drive } from "#adapter/chip/net";
import { parsePartSpecs } from "#adapter/chip/parts/part-spec";
import { Rp2040Bench } from "#test/chip/rp2040-bench";

const I2C0 = 0x4004_4000;
const TAR = I2C0 + 0x04;
const DATA_CMD = I2C0 + 0x10;
const FS_HCNT = I2C0 + 0x1c;
const FS_LCNT = I2C0 + 0x20;
const INTR_MASK = I2C0 + 0x30;
const RAW = I2C0 + 0x34;
const RX_TL = I2C0 + 0x38;
const CLR_TX_ABRT = I2C0 + 0x54;
const CLR_STOP_DET = I2C0 + 0x60;
const ENABLE = I2C0 + 0x6c;
const STATUS = I2C0 + 0x70;
const TXFLR = I2C0 + 0x74;
const RXFLR = I2C0 + 0x78;
const ABRT = I2C0 + 0x80;
const ENABLE_STATUS = I2C0 + 0x9c;
const I2C0_IRQ = 23;

const READ = 1 << 8;
const STOP = 1 << 9;
const RESTART = 1 << 10;
const RX_FULL = 1 << 2;
const TX_EMPTY = 1 << 4;
const TX_ABRT = 1 << 6;
const STOP_DET = 1 << 9;
const START_DET = 1 << 10;
const RESTART_DET = 1 << 12;

/** HCNT + SPKLEN + 7 and LCNT + 1 cycles of 8 ns: 500 + 750 cycles. */
const BIT_NS = 10_000;

describe("I2C controller (4.3)", () => {
  let bench: Rp2040Bench;
  beforeEach(() => {
    bench = new Rp2040Bench(parsePartSpecs(["tmp102:sda=4,scl=5"]));
    bench.startClocks();
    bench.connectPin(4, 3, { pullUp: true });
    bench.connectPin(5, 3, { pullUp: true });
    bench.write(FS_HCNT, 486);
    bench.write(FS_LCNT, 749);
    target(0x48);
    bench.write(INTR_MASK, 0);
    bench.log.length = 0;
  });

  function target(address: number): void {
    bench.write(ENABLE, 0);
    bench.write(TAR, address);
    bench.write(ENABLE, 1);
  }

  const raw = () => bench.read(RAW);

  it("writes and reads a register with a repeated start", () => {
    bench.write(DATA_CMD, 0x01);
    bench.write(DATA_CMD, READ | RESTART);
    bench.write(DATA_CMD, READ | STOP);
    bench.advance(60 * BIT_NS);
    expect(bench.read(RXFLR)).toBe(2);
    expect(bench.read(DATA_CMD)).toBe(0x60 | (1 << 11));
    expect(bench.read(DATA_CMD)).toBe(0xa0);
    expect(raw() & (STOP_DET | START_DET | RESTART_DET)).toBe(STOP_DET | START_DET | RESTART_DET);
    expect(raw() & TX_ABRT).toBe(0);
    expect(bench.read(STATUS) & 1).toBe(0);
  });

  it("takes 9 bit times per byte, between a start and a stop", () => {
    const start = bench.now;
    bench.write(DATA_CMD, 0x00 | STOP);
    while ((raw() & STOP_DET) === 0) bench.advance(100);
    const bits = (bench.now - start) / BIT_NS;
    expect(bits).toBeGreaterThan(18.4);
    expect(bits).toBeLessThan(19.6);
  });

  it("reads the temperature that is set", () => {
    bench.machine.apply({ kind: "temperature", part: "tmp102@0x48", celsius: 25.0625 });
    bench.write(DATA_CMD, 0x00);
    bench.write(DATA_CMD, READ | RESTART);
    bench.write(DATA_CMD, READ | STOP);
    bench.advance(60 * BIT_NS);
    const word = ((bench.read(DATA_CMD) & 0xff) << 8) | (bench.read(DATA_CMD) & 0xff);
    expect((word >> 4) * 0.0625).toBe(25.0625);
  });

  it("aborts when nobody has the address, and sends a stop", () => {
    target(0x23);
    bench.write(INTR_MASK, TX_ABRT);
    bench.write(DATA_CMD, 0x12);
    bench.write(DATA_CMD, 0x34 | STOP);
    bench.advance(30 * BIT_NS);
    expect(raw() & (TX_ABRT | STOP_DET)).toBe(TX_ABRT | STOP_DET);
    expect(bench.read(ABRT)).toBe((2 << 23) | 1);
    expect(bench.isPending(I2C0_IRQ)).toBe(true);
    expect(bench.read(TXFLR)).toBe(0);
    bench.write(DATA_CMD, 0x56);
    expect(bench.read(TXFLR)).toBe(0);
    bench.read(CLR_TX_ABRT);
    expect(bench.read(ABRT)).toBe(0);
    expect(raw() & TX_ABRT).toBe(0);
    bench.write(DATA_CMD, 0x56);
    expect(bench.read(TXFLR)).toBe(1);
  });

  it("holds the bus until there is a command, and goes on with it", () => {
    bench.write(DATA_CMD, 0x01);
    bench.advance(40 * BIT_NS);
    expect(bench.machine.pins.level(5)).toBe(false);
    expect(bench.read(STATUS) & 0x20).toBe(0x20);
    expect(raw() & STOP_DET).toBe(0);
    bench.write(DATA_CMD, 0x7f);
    bench.write(DATA_CMD, 0xff | STOP);
    bench.advance(40 * BIT_NS);
    expect(raw() & STOP_DET).toBe(STOP_DET);
    expect(bench.machine.pins.level(5)).toBe(true);
    expect(bench.machine.pins.level(4)).toBe(true);
  });

  it("waits while someone stretches the clock", () => {
    bench.write(DATA_CMD, 0x00 | STOP);
    bench.advance(3.2 * BIT_NS);
    bench.machine.pins.setProbe(5, Drive.low);
    bench.advance(100 * BIT_NS);
    expect(raw() & STOP_DET).toBe(0);
    bench.machine.pins.setProbe(5, Drive.floating);
    bench.advance(20 * BIT_NS);
    expect(raw() & (STOP_DET | TX_ABRT)).toBe(STOP_DET);
  });

  it("does not start while the bus is held", () => {
    bench.machine.pins.setProbe(4, Drive.low);
    bench.write(DATA_CMD, 0x00 | STOP);
    bench.advance(50 * BIT_NS);
    expect(raw() & START_DET).toBe(0);
    bench.machine.pins.setProbe(4, Drive.floating);
    bench.advance(30 * BIT_NS);
    expect(raw() & STOP_DET).toBe(STOP_DET);
  });

  it("loses arbitration to a data line that stays low", () => {
    target(0x7f);
    bench.write(DATA_CMD, 0x00 | STOP);
    bench.advance(2.8 * BIT_NS);
    bench.machine.pins.setProbe(4, Drive.low);
    bench.advance(2 * BIT_NS);
    expect(bench.read(ABRT) & (1 << 12)).not.toBe(0);
    expect(raw() & TX_ABRT).toBe(TX_ABRT);
  });

  it("raises RX_FULL above its level and TX_EMPTY at or below its own", () => {
    bench.write(RX_TL, 1);
    bench.write(INTR_MASK, RX_FULL);
    expect(raw() & TX_EMPTY).toBe(TX_EMPTY);
    for (let i = 0; i < 2; i++) bench.write(DATA_CMD, READ);
    expect(raw() & TX_EMPTY).toBe(0);
    bench.advance(19.5 * BIT_NS);
    expect(raw() & RX_FULL).toBe(0);
    bench.advance(10 * BIT_NS);
    expect(bench.isPending(I2C0_IRQ)).toBe(true);
    bench.read(DATA_CMD);
    expect(raw() & RX_FULL).toBe(0);
  });

  it("ends the transfer and forgets its causes when it is disabled", () => {
    bench.write(DATA_CMD, 0x01);
    bench.advance(40 * BIT_NS);
    bench.write(ENABLE, 0);
    expect(bench.read(ENABLE_STATUS) & 1).toBe(1);
    bench.advance(5 * BIT_NS);
    expect(bench.read(ENABLE_STATUS) & 1).toBe(0);
    expect(raw()).toBe(0);
    expect(bench.machine.pins.level(4)).toBe(true);
  });

  it("clears causes by reading their registers", () => {
    bench.write(DATA_CMD, 0x00 | STOP);
    bench.advance(30 * BIT_NS);
    expect(bench.read(CLR_STOP_DET)).toBe(1);
    expect(bench.read(CLR_STOP_DET)).toBe(0);
    expect(raw() & STOP_DET).toBe(0);
  });
});
