import { describe, expect, it } from "vitest";
import { PeripheralBus, type BusPort } from "./bus";
import { RegisterBlock } from "./register-block";

const APB: BusPort = { hasAtomicAliases: true, readWaitCycles: 2, writeWaitCycles: 3 };

/** A register that counts reads and clears bits written as ones, and one that is not emulated. */
class TestBlock extends RegisterBlock<{ reads: number }> {
  constructor(base = 0x4003_4000, name = "TEST") {
    super(
      name,
      base,
      0x1000,
      {
        0x00: { name: "DATA", writable: 0xffff_ffff, reset: 0x1234_5678 },
        0x04: { name: "COUNT" },
        0x08: { name: "MISSING", writable: 0xffff_ffff, isEmulated: false },
        0x0c: { name: "PARTLY", writable: 0x0f },
      },
      { reads: 0 },
    );
  }

  override read(offset: number): number {
    return offset === 4 ? ++this.state.reads : super.read(offset);
  }

  override peek(offset: number): number {
    return offset === 4 ? this.state.reads : super.peek(offset);
  }
}

function bench() {
  const reports: string[] = [];
  const bus = new PeripheralBus({ onUnimplemented: (name, access) => reports.push(`${access} ${name}`) });
  const block = new TestBlock();
  bus.attach(block, APB);
  return { bus, block, reports };
}

const BASE = 0x4003_4000;

describe("PeripheralBus", () => {
  it("resolves XOR, SET and CLR aliases (2.1.2)", () => {
    const { bus } = bench();
    bus.write(BASE + 0x1000, 4, 0xffff_0000);
    expect(bus.read(BASE, 4)).toBe(0xedcb_5678);
    bus.write(BASE + 0x2000, 4, 0x0000_8001);
    expect(bus.read(BASE, 4)).toBe(0xedcb_d679);
    bus.write(BASE + 0x3000, 4, 0xffff_ffff);
    expect(bus.read(BASE, 4)).toBe(0);
  });

  it("reads through an alias without side effects", () => {
    const { bus } = bench();
    bus.read(BASE + 4, 4);
    expect(bus.read(BASE + 0x2004, 4)).toBe(1);
    expect(bus.read(BASE + 4, 4)).toBe(2);
    expect(bus.peek(BASE + 4, 4)).toBe(2);
  });

  it("repeats a narrow write in every lane and selects the lane of a narrow read (2.1.4)", () => {
    const { bus } = bench();
    expect(bus.read(BASE + 1, 1)).toBe(0x56);
    expect(bus.read(BASE + 2, 2)).toBe(0x1234);
    bus.write(BASE + 3, 1, 0xa5);
    expect(bus.read(BASE, 4)).toBe(0xa5a5_a5a5);
    bus.write(BASE + 2, 2, 0xbeef);
    expect(bus.read(BASE, 4)).toBe(0xbeef_beef);
  });

  it("stores only the bits that exist", () => {
    const { bus } = bench();
    bus.write(BASE + 0xc, 4, 0xffff_ffff);
    expect(bus.read(BASE + 0xc, 4)).toBe(0x0f);
  });

  it("counts wait cycles by the port", () => {
    const { bus } = bench();
    bus.read(BASE, 4);
    expect(bus.waitCycles).toBe(2);
    bus.write(BASE, 4, 0);
    expect(bus.waitCycles).toBe(3);
  });

  it("reports what is not emulated once per register and direction, by name or by offset", () => {
    const { bus, reports } = bench();
    bus.write(BASE + 8, 4, 7);
    expect(bus.read(BASE + 8, 4)).toBe(7);
    expect(bus.read(BASE + 8, 4)).toBe(7);
    bus.read(BASE + 0x34, 4);
    bus.write(BASE + 0x2034, 4, 1);
    expect(reports).toEqual(["write TEST.MISSING", "read TEST.MISSING", "read TEST+0x34", "write TEST+0x34"]);
  });

  it("does not report what a debugger peeks at", () => {
    const { bus, reports } = bench();
    bus.peek(BASE + 8, 4);
    expect(reports).toEqual([]);
  });

  it("ignores writes to a block that is held in reset", () => {
    const { bus, block } = bench();
    bus.holdInReset(block, true);
    bus.write(BASE, 4, 1);
    expect(bus.read(BASE, 4)).toBe(0x1234_5678);
    bus.read(BASE + 4, 4);
    expect(block.state.reads).toBe(0);
    bus.holdInReset(block, false);
    bus.write(BASE, 4, 1);
    expect(bus.read(BASE, 4)).toBe(1);
  });

  it("knows what is mapped, and refuses blocks that overlap", () => {
    const { bus } = bench();
    expect(bus.isMapped(BASE)).toBe(true);
    expect(bus.isMapped(BASE + 0x3ffc)).toBe(true);
    expect(bus.isMapped(BASE + 0x4000)).toBe(false);
    expect(bus.isMapped(0x9000_0000)).toBe(false);
    expect(() => bus.attach(new TestBlock(BASE + 0x1000, "OTHER"), APB)).toThrow("OTHER and TEST overlap");
  });
});
