import { describe, expect, test } from "vitest";
import { CODE, CoreFixture, FLASH, handlerOf, RAM, RAM_SIZE, STACK } from "#test/helpers/core-fixture";
import * as thumb from "#test/helpers/thumb";
import { PC, SP } from "./core-state";

const BUS = 0x40000000;
const HANDLER = handlerOf(16);

describe("run", () => {
  test("stops at a cycle, overshooting by less than an instruction", () => {
    const { core } = new CoreFixture(Array<number>(100).fill(thumb.NOP));
    expect(core.run(10)).toBe("time");
    expect([core.cycles, core.instructions]).toEqual([10, 10]);
    expect(core.run(10)).toBe("time");
    expect(core.cycles).toBe(10);
    const slow = new CoreFixture([thumb.b(4), thumb.NOP, thumb.ldr(0, 0), thumb.NOP]).set({ 0: RAM });
    slow.core.run(3);
    expect([slow.core.cycles, slow.core.instructions]).toEqual([4, 2]);
  });

  test("executes exactly as many instructions as it may, whatever they cost", () => {
    const { core } = new CoreFixture([thumb.movs(0, 100), thumb.subsImmediate(0, 1), thumb.bcond("ne", -2)]);
    expect(core.run(Infinity, 7)).toBe("budget");
    expect(core.instructions).toBe(7);
    expect(core.run(Infinity, 100)).toBe("budget");
    expect(core.instructions).toBe(107);
    expect(core.run(Infinity, 0)).toBe("budget");
  });

  test("counts past 2^32", () => {
    const fixture = new CoreFixture([thumb.NOP]);
    fixture.core.skipTo(2 ** 40);
    fixture.core.run(2 ** 40 + 101);
    expect(fixture.core.cycles).toBe(2 ** 40 + 101);
  });

  test("ends when somebody asks, after the instruction", () => {
    const fixture = new CoreFixture([thumb.ldr(1, 0), thumb.NOP]).set({ 0: BUS });
    fixture.bus.onAccess = () => fixture.core.requestStop("request");
    expect(fixture.step(9)).toBe("request");
    expect(fixture.register(PC)).toBe(CODE + 2);
  });

  test("SYSRESETREQ is the machine's to do", () => {
    const fixture = new CoreFixture([thumb.str(1, 0)]).set({ 0: 0xe000ed0c, 1: 0x05fa0004 });
    expect(fixture.step(9)).toBe("reset");
    const wrongKey = new CoreFixture([thumb.str(1, 0)]).set({ 0: 0xe000ed0c, 1: 4 });
    expect(wrongKey.step(9)).toBe("budget");
  });
});

describe("code hooks", () => {
  const loop = [thumb.addsImmediate(0, 1), thumb.addsImmediate(1, 1), thumb.b(-4)];

  test("are called before the instruction, each time, with state and time up to date", () => {
    const seen: number[][] = [];
    const fixture: CoreFixture = new CoreFixture(loop, {
      hooks: {
        onCode: (address) => {
          seen.push([
            address,
            fixture.register(0),
            fixture.register(1),
            fixture.register(PC),
            fixture.clock.syncedTo,
          ]);
          return false;
        },
      },
    });
    fixture.core.setCodeHook(CODE + 2, true);
    fixture.step(7);
    expect(seen).toEqual([
      [CODE + 2, 1, 0, CODE + 2, 1],
      [CODE + 2, 2, 1, CODE + 2, 5],
    ]);
    expect(fixture.core.instructions).toBe(7);
    expect(fixture.register(1)).toBe(2);
  });

  test("stop before the instruction, and are not called again for it", () => {
    let calls = 0;
    const fixture = new CoreFixture(loop, { hooks: { onCode: () => ++calls > 0 } });
    fixture.core.setCodeHook(CODE, true);
    expect(fixture.step(10)).toBe("hook");
    expect([fixture.core.instructions, fixture.register(PC), calls]).toEqual([0, CODE, 1]);
    expect(fixture.step(1)).toBe("budget");
    expect([fixture.core.instructions, fixture.register(0), calls]).toEqual([1, 1, 1]);
    expect(fixture.step(10)).toBe("hook");
    expect([fixture.core.instructions, calls]).toEqual([3, 2]);
  });

  test("an interrupt between stop and instruction does not call the hook twice", () => {
    let calls = 0;
    const fixture = new CoreFixture(loop, {
      handlers: { 16: [thumb.bx(14)] },
      hooks: { onCode: () => ++calls === 1 },
    });
    fixture.core.nvic.write(0x100, 1);
    fixture.core.setCodeHook(CODE, true);
    fixture.step(10);
    fixture.core.nvic.write(0x200, 1);
    fixture.step(2);
    expect([calls, fixture.register(0), fixture.register(PC)]).toEqual([1, 1, CODE + 2]);
  });

  test.each([
    ["passes", [CODE, HANDLER]],
    ["stops at", [CODE, HANDLER]],
  ])("an interrupt whose handler %s a hook of its own does not call the first twice", (what, expected) => {
    const seen: number[] = [];
    const fixture = new CoreFixture(loop, {
      handlers: { 16: [thumb.bx(14)] },
      hooks: {
        onCode: (address) => {
          seen.push(address);
          return address === CODE || what === "stops at";
        },
      },
    });
    fixture.core.nvic.write(0x100, 1);
    fixture.core.setCodeHook(CODE, true);
    fixture.core.setCodeHook(HANDLER, true);
    fixture.step(10);
    fixture.core.nvic.write(0x200, 1);
    if (what === "stops at") expect(fixture.step(10)).toBe("hook");
    fixture.step(2);
    expect([seen, fixture.register(0), fixture.register(PC)]).toEqual([expected, 1, CODE + 2]);
  });

  test("a hook that is set anew after a stop at its place is called when the program comes back", () => {
    let calls = 0;
    const fixture = new CoreFixture(loop, { hooks: { onCode: () => ++calls > 0 } });
    fixture.core.setCodeHook(CODE, true);
    fixture.step(10);
    fixture.core.setCodeHook(CODE, false);
    fixture.step(3);
    fixture.core.setCodeHook(CODE, true);
    expect([fixture.step(10), calls]).toEqual(["hook", 2]);
  });

  test("are called again after the debugger has moved PC there, and no more once removed", () => {
    let calls = 0;
    const fixture = new CoreFixture(loop, { hooks: { onCode: () => ++calls > 0 } });
    fixture.core.setCodeHook(CODE, true);
    fixture.step(10);
    fixture.core.writeRegister(PC, CODE);
    expect(fixture.step(10)).toBe("hook");
    fixture.core.setCodeHook(CODE, false);
    expect(fixture.step(10)).toBe("budget");
    expect(calls).toBe(2);
  });

  test("cost the program nothing: cycles and results are the same", () => {
    const plain = new CoreFixture(loop);
    const hooked = new CoreFixture(loop, { hooks: { onCode: () => false } });
    for (const offset of [0, 2, 4]) hooked.core.setCodeHook(CODE + offset, true);
    plain.step(100);
    hooked.step(100);
    expect(hooked.core.copyState()).toEqual(plain.core.copyState());
  });

  test("stay when the code under them is written", () => {
    let calls = 0;
    const fixture = new CoreFixture([thumb.NOP], { hooks: { onCode: () => ++calls < 0 } });
    fixture.core.setCodeHook(CODE, true);
    fixture.place(CODE, [thumb.movs(3, 33)]);
    fixture.step();
    expect([calls, fixture.register(3)]).toEqual([1, 33]);
    fixture.place(CODE, [thumb.movs(3, 44)]);
    fixture.core.writeRegister(PC, CODE);
    fixture.step();
    expect([calls, fixture.register(3)]).toEqual([2, 44]);
  });

  test("cannot be where no code can be", () => {
    expect(new CoreFixture([]).core.setCodeHook(0x30000000, true)).toBe(false);
  });

  test("a trap runs instead of the instruction", () => {
    const fixture: CoreFixture = new CoreFixture([thumb.blx(0), thumb.movs(2, 2)]);
    fixture.core.setTrap(FLASH + 0x1000, () => {
      fixture.core.registers[0] = 77;
      fixture.core.registers[PC] = fixture.core.registers[14]! & ~1;
    });
    fixture.set({ 0: FLASH + 0x1001 }).step(2);
    expect([0, 2, PC].map((i) => fixture.register(i))).toEqual([77, 2, CODE + 4]);
  });
});

describe("data hooks", () => {
  test("a store to a watched word is told while memory still holds the old value", () => {
    const seen: (number | string)[][] = [];
    const fixture: CoreFixture = new CoreFixture(
      [thumb.str(1, 0), thumb.strb(1, 0, 5), thumb.strh(1, 0, 8)],
      {
        hooks: {
          onStore: (address, size, value) => {
            seen.push([address, size, value, fixture.word(RAM), fixture.clock.syncedTo]);
            return false;
          },
        },
      },
    );
    fixture.core.watchStores(RAM, 6, true);
    fixture.set({ 0: RAM, 1: 0xffffff81 }).step(3);
    expect(seen).toEqual([
      [RAM, 4, 0xffffff81, 0, 0],
      [RAM + 5, 1, 0x81, 0xffffff81, 2],
    ]);
    expect([fixture.word(RAM), fixture.word(RAM + 4), fixture.word(RAM + 8)]).toEqual([
      0xffffff81, 0x8100, 0xff81,
    ]);
  });

  test("stop after the instruction", () => {
    const fixture = new CoreFixture([thumb.push(0, 1), thumb.NOP], { hooks: { onStore: () => true } });
    fixture.core.watchStores(STACK - 4, 4, true);
    fixture.set({ 0: 10, 1: 11 });
    expect(fixture.step(9)).toBe("hook");
    expect([
      fixture.register(PC),
      fixture.register(SP),
      fixture.word(STACK - 8),
      fixture.word(STACK - 4),
    ]).toEqual([CODE + 2, STACK - 8, 10, 11]);
    expect(fixture.core.cycles).toBe(3);
  });

  test("loads, of memory, literals and registers on the bus", () => {
    const seen: number[][] = [];
    const fixture = new CoreFixture(
      [thumb.ldrh(1, 0, 2), thumb.ldrLiteral(2, 0), thumb.ldr(3, 4), thumb.pop(5)],
      {
        hooks: { onLoad: (address, size) => seen.push([address, size]) < 0 },
      },
    );
    fixture.core.watchLoads(RAM, 4, true);
    fixture.core.watchLoads(CODE + 4, 4, true);
    fixture.core.watchLoads(BUS + 8, 4, true);
    fixture.core.watchLoads(RAM + 0x10, 4, true);
    fixture.set({ 0: RAM, 4: BUS + 8, [SP]: RAM + 0x10 }).step(4);
    expect(seen).toEqual([
      [RAM + 2, 2],
      [CODE + 4, 4],
      [BUS + 8, 4],
      [RAM + 0x10, 4],
    ]);
    fixture.core.watchLoads(RAM, RAM_SIZE, false);
    fixture.core.watchLoads(CODE, 8, false);
    expect(fixture.core.hasLoadWatches).toBe(true);
    fixture.core.watchLoads(BUS + 8, 4, false);
    expect(fixture.core.hasLoadWatches).toBe(false);
  });

  test("a store on the bus", () => {
    const fixture = new CoreFixture([thumb.str(1, 0)], { hooks: { onStore: () => true } }).set({
      0: BUS,
      1: 3,
    });
    fixture.core.watchStores(BUS, 4, true);
    expect(fixture.step(9)).toBe("hook");
    expect(fixture.bus.values.get(BUS)).toBe(3);
  });
});

describe("code that changes", () => {
  test("by the core's own stores, of every size, also in the middle of a wide instruction", () => {
    const fixture = new CoreFixture([thumb.blx(0), thumb.strh(2, 1), thumb.blx(0)]);
    fixture.place(RAM, [thumb.NOP, ...thumb.bl(4), thumb.movs(3, 1), thumb.bx(14)]);
    // R4 keeps the way back, since BL changes LR.
    fixture.place(RAM, [thumb.mov(4, 14), thumb.movs(3, 1), thumb.bx(4)]);
    fixture.set({ 0: RAM + 1, 1: RAM + 2, 2: thumb.movs(3, 2) }).step(4);
    expect(fixture.register(3)).toBe(1);
    fixture.step(4);
    expect(fixture.register(3)).toBe(2);
  });

  test("the second half of a wide instruction in the next word", () => {
    const fixture = new CoreFixture([]);
    const [first, second] = thumb.mrs(3, "primask");
    fixture.place(RAM, [thumb.NOP, first, second, thumb.b(-6)]);
    fixture.core.writeRegister(PC, RAM);
    fixture.set({ 3: 9 }).step(3);
    expect(fixture.register(3)).toBe(0);
    fixture.ram.writeHalfword(4, thumb.mrs(5, "primask")[1]);
    fixture.set({ 3: 9, 5: 9 }).step(3);
    expect([fixture.register(3), fixture.register(5)]).toEqual([9, 0]);
  });

  test("by another master of the bus, by a debugger, and by a snapshot", () => {
    const fixture = new CoreFixture([]);
    fixture.place(RAM, [thumb.movs(3, 1), thumb.b(-2)]);
    const saved = fixture.ram.bytes.slice();
    fixture.core.writeRegister(PC, RAM);
    const next = () => {
      fixture.step(2);
      return fixture.register(3);
    };
    expect(next()).toBe(1);
    fixture.ram.writeWord(0, thumb.movs(3, 2) | (thumb.b(-2) << 16));
    expect(next()).toBe(2);
    fixture.ram.writeByte(0, 3);
    expect(next()).toBe(3);
    fixture.ram.write(0, Uint8Array.of(4));
    expect(next()).toBe(4);
    fixture.ram.restore(saved);
    expect(next()).toBe(1);
  });
});

describe("snapshots", () => {
  test("a run from a restored state is the same run", () => {
    const fixture = new CoreFixture(
      [thumb.addsImmediate(0, 1), thumb.push(0), thumb.pop(1), ...thumb.mrs(2, "apsr"), thumb.b(-10)],
      { handlers: { 16: [thumb.addsImmediate(7, 1), thumb.bx(14)] } },
    );
    const { core, ram } = fixture;
    core.nvic.write(0x100, 1);
    core.systemControl.write(0xe014, 30);
    core.systemControl.write(0xe010, 7);
    core.run(1000);
    core.nvic.setLevel(0, true);
    core.run(core.cycles + 3);
    const saved = { core: core.copyState(), ram: ram.bytes.slice() };
    core.run(5000);
    const after = { core: core.copyState(), ram: ram.bytes.slice() };
    core.restoreState(saved.core);
    ram.restore(saved.ram);
    expect(core.copyState()).toEqual(saved.core);
    core.run(5000);
    expect({ core: core.copyState(), ram: ram.bytes.slice() }).toEqual(after);
  });

  test("share nothing with the core", () => {
    const { core } = new CoreFixture([thumb.movs(0, 1)]);
    const saved = core.copyState();
    core.run(Infinity, 1);
    expect(saved.words[0]).toBe(0);
  });
});
