import { beforeEach, describe, expect, it } from "vitest";
import { Drive } from "#adapter/chip/net";
import { Rp2040Bench } from "#test/chip/rp2040-bench";

const IO = 0x4001_4000;
const PADS = 0x4001_c000;
const SIO = 0xd000_0000;
const GPIO_IN = SIO + 0x04;
const OUT_SET = SIO + 0x14;
const OUT_CLR = SIO + 0x18;
const OUT_XOR = SIO + 0x1c;
const OE_SET = SIO + 0x24;
const OE_CLR = SIO + 0x28;
const INTR0 = IO + 0xf0;
const PROC0_INTE0 = IO + 0x100;
const PROC0_INTF0 = IO + 0x110;
const PROC0_INTS0 = IO + 0x120;
const IO_IRQ_BANK0 = 13;

const ctrl = (pin: number) => IO + pin * 8 + 4;
const status = (pin: number) => IO + pin * 8;
const pad = (pin: number) => PADS + 4 + pin * 4;
const SIO_FUNCTION = 5;
const IE = 1 << 6;
const PUE = 1 << 3;
const PDE = 1 << 2;
const OD = 1 << 7;

describe("IO_BANK0 and PADS_BANK0 (2.19)", () => {
  let bench: Rp2040Bench;
  beforeEach(() => {
    bench = new Rp2040Bench();
    bench.write(0x4000_c000, 0);
    bench.log.length = 0;
  });

  it("drives a pin from SIO once SIO is its function", () => {
    bench.write(OUT_SET, 1 << 7);
    bench.write(OE_SET, 1 << 7);
    expect(bench.machine.pins.level(7)).toBe(false);
    bench.write(ctrl(7), SIO_FUNCTION);
    expect(bench.machine.pins.level(7)).toBe(true);
    expect(bench.machine.pins.drive(7)).toBe(Drive.high);
    bench.write(OUT_XOR, 1 << 7);
    expect(bench.machine.pins.drive(7)).toBe(Drive.low);
    bench.write(OE_CLR, 1 << 7);
    expect(bench.machine.pins.drive(7)).toBe(Drive.pullDown);
    expect(bench.log.map((line) => line.replace(/^\d+ /, ""))).toEqual(["GPIO7 high", "GPIO7 low"]);
  });

  it("reads its own output back, and only where the input is enabled", () => {
    bench.connectPin(3, SIO_FUNCTION);
    bench.write(OE_SET, 8);
    bench.write(OUT_SET, 8);
    expect(bench.read(GPIO_IN)).toBe(8);
    bench.write(pad(3), 0);
    expect(bench.read(GPIO_IN)).toBe(0);
  });

  it("pulls up, pulls down, floats and keeps", () => {
    bench.write(pad(9), IE | PUE);
    expect(bench.read(GPIO_IN)).toBe(1 << 9);
    bench.write(pad(9), IE | PUE | PDE);
    expect(bench.read(GPIO_IN)).toBe(1 << 9);
    bench.write(pad(9), IE | PDE);
    expect(bench.read(GPIO_IN)).toBe(0);
    bench.write(pad(9), IE | PUE | PDE);
    expect(bench.read(GPIO_IN)).toBe(0);
    expect(bench.machine.pins.drive(9)).toBe(Drive.keep);
    bench.write(pad(9), IE);
    expect(bench.machine.pins.drive(9)).toBe(Drive.floating);
  });

  it("does not drive with OD set", () => {
    bench.connectPin(4, SIO_FUNCTION);
    bench.write(OE_SET, 16);
    bench.write(OUT_SET, 16);
    bench.write(pad(4), IE | PUE | OD);
    expect(bench.machine.pins.drive(4)).toBe(Drive.pullUp);
  });

  it("overrides output, output enable, input and interrupt", () => {
    bench.connectPin(2, SIO_FUNCTION);
    const set = (field: number, at: number) => bench.write(ctrl(2), SIO_FUNCTION | (field << at));
    set(3, 12);
    expect(bench.machine.pins.drive(2)).toBe(Drive.low);
    bench.write(ctrl(2), SIO_FUNCTION | (3 << 12) | (3 << 8));
    expect(bench.machine.pins.drive(2)).toBe(Drive.high);
    expect(bench.read(status(2)) & (1 << 9)).not.toBe(0);
    bench.write(ctrl(2), SIO_FUNCTION | (3 << 12) | (1 << 8));
    expect(bench.machine.pins.drive(2)).toBe(Drive.high);
    set(1, 16);
    expect(bench.read(GPIO_IN) & 4).toBe(4);
    set(3, 28);
    expect(bench.read(status(2)) & (1 << 26)).not.toBe(0);
    expect(bench.read(status(2)) & (1 << 24)).toBe(0);
  });

  it("shows levels and latches edges, which are cleared by writing ones", () => {
    bench.write(pad(5), IE | PUE);
    bench.write(INTR0, 0xffff_ffff);
    const bits = () => (bench.read(INTR0) >>> 20) & 0xf;
    expect(bits()).toBe(0b0010);
    bench.machine.pins.setProbe(5, Drive.low);
    expect(bits()).toBe(0b0101);
    bench.machine.pins.setProbe(5, Drive.floating);
    expect(bits()).toBe(0b1110);
    bench.write(INTR0, 0b0100 << 20);
    expect(bits()).toBe(0b1010);
    bench.write(INTR0, 0b1111 << 20);
    expect(bits()).toBe(0b0010);
  });

  it("raises the interrupt for enabled causes of core 0 only", () => {
    bench.write(pad(5), IE | PUE);
    bench.write(INTR0, 0xffff_ffff);
    bench.write(PROC0_INTE0, 0b0100 << 20);
    bench.machine.pins.setProbe(5, Drive.low);
    expect(bench.read(PROC0_INTS0)).toBe(0b0100 << 20);
    expect(bench.isPending(IO_IRQ_BANK0)).toBe(true);
    bench.write(INTR0, 0b0100 << 20);
    bench.clearPending(IO_IRQ_BANK0);
    expect(bench.isPending(IO_IRQ_BANK0)).toBe(false);
    bench.write(PROC0_INTE0, 0b0001 << 20);
    expect(bench.isPending(IO_IRQ_BANK0)).toBe(true);
    bench.write(PROC0_INTE0, 0);
    bench.write(IO + 0x130, 0xffff_ffff);
    bench.clearPending(IO_IRQ_BANK0);
    expect(bench.isPending(IO_IRQ_BANK0)).toBe(false);
    bench.write(PROC0_INTF0, 1);
    expect(bench.isPending(IO_IRQ_BANK0)).toBe(true);
  });

  it("works as open drain: the net follows whoever pulls low", () => {
    bench.connectPin(6, SIO_FUNCTION, { pullUp: true });
    bench.write(OUT_CLR, 1 << 6);
    expect(bench.read(GPIO_IN)).toBe(1 << 6);
    bench.write(OE_SET, 1 << 6);
    expect(bench.read(GPIO_IN)).toBe(0);
    bench.write(OE_CLR, 1 << 6);
    bench.machine.pins.setProbe(6, Drive.low);
    expect(bench.read(GPIO_IN)).toBe(0);
    bench.machine.pins.setProbe(6, Drive.floating);
    expect(bench.read(GPIO_IN)).toBe(1 << 6);
  });

  it("reports two outputs against each other once", () => {
    bench.connectPin(8, SIO_FUNCTION);
    bench.write(OUT_SET, 1 << 8);
    bench.write(OE_SET, 1 << 8);
    bench.machine.pins.setProbe(8, Drive.low);
    bench.machine.pins.setProbe(8, Drive.floating);
    bench.machine.pins.setProbe(8, Drive.low);
    expect(bench.log.filter((line) => line.includes("against"))).toHaveLength(1);
    expect(bench.log.join()).toContain("GPIO8 and probe drive against each other");
  });

  it("names its registers", () => {
    const { io } = bench.machine.blocks;
    const names = [0x04, 0xf4, 0x10c, 0x118, 0x15c, 0x16c].map((offset) => io.registerName(offset));
    expect(names).toEqual([
      "GPIO0_CTRL",
      "INTR1",
      "PROC0_INTE3",
      "PROC0_INTF2",
      "PROC1_INTS3",
      "DORMANT_WAKE_INTE3",
    ]);
  });
});
