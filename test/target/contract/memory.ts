import { describe, expect, it } from "vitest";
import { address } from "#adapter/base/brand";
import { UserError } from "#adapter/base/errors";
import { Register, REGISTER_COUNT, REGISTER_NAMES, type RegisterNumber } from "#adapter/target/architecture";
import { cmpImmediate, movs } from "#test/helpers/thumb";
import type { MakeTarget } from "../target-contract";
import { RAM, RAM_SIZE, STACK, thumbImage } from "../thumb-image";

const NOWHERE = address(0x6000_0000);

export function describeMemory(make: MakeTarget): void {
  describe("memory", () => {
    it("gives back what was written, at any alignment", async () => {
      const target = await make(thumbImage([]).segments);
      await target.writeMemory(address(RAM + 101), Uint8Array.of(1, 2, 3, 4, 5));
      expect([...(await target.readMemory(address(RAM + 100), 7))]).toEqual([0, 1, 2, 3, 4, 5, 0]);
    });

    it("holds the image", async () => {
      const image = thumbImage([movs(0, 1)]);
      const target = await make(image.segments);
      for (const { address: start, bytes } of image.segments) {
        expect(await target.readMemory(address(start), bytes.length)).toEqual(bytes);
      }
    });

    it("is read as far as it goes", async () => {
      const target = await make(thumbImage([]).segments);
      const end = RAM + RAM_SIZE;
      expect((await target.readMemory(address(end - 3), 16)).length).toBe(3);
      expect((await target.readMemory(address(end), 1)).length).toBe(0);
      expect((await target.readMemory(NOWHERE, 4)).length).toBe(0);
      expect((await target.readMemory(address(0xffff_fffe), 4)).length).toBeLessThanOrEqual(2);
      expect((await target.readMemory(RAM, 0)).length).toBe(0);
    });

    it("refuses to write where there is none", async () => {
      const target = await make(thumbImage([]).segments);
      await expect(target.writeMemory(NOWHERE, Uint8Array.of(1))).rejects.toThrow(UserError);
      await expect(target.writeMemory(address(RAM + RAM_SIZE - 1), Uint8Array.of(1, 2))).rejects.toThrow(
        UserError,
      );
      // A register of a peripheral is no memory: writing one does something.
      await expect(target.writeMemory(address(0x4000_c000), Uint8Array.of(1, 0, 0, 0))).rejects.toThrow(
        UserError,
      );
    });

    it("is what the program executes from, and a change is executed", async () => {
      const image = thumbImage([movs(0, 1), movs(1, 2)]);
      const target = await make(image.segments);
      const stub = address(RAM + 0x100);
      await target.writeMemory(stub, new Uint8Array(Uint16Array.of(movs(3, 77)).buffer));
      await target.writeRegister(Register.pc, stub);
      await target.step();
      expect((await target.readRegisters())[3]).toBe(77);
      await target.writeMemory(stub, new Uint8Array(Uint16Array.of(movs(3, 78)).buffer));
      await target.writeRegister(Register.pc, stub);
      await target.step();
      expect((await target.readRegisters())[3]).toBe(78);
    });
  });

  describe("registers", () => {
    it("stand at the program's start", async () => {
      const image = thumbImage([]);
      const registers = await (await make(image.segments)).readRegisters();
      expect(registers.length).toBe(REGISTER_COUNT);
      expect(registers[Register.pc]).toBe(image.at(0));
      expect(registers[Register.sp]).toBe(STACK);
      expect(registers[Register.msp]).toBe(STACK);
    });

    it.each(REGISTER_NAMES.flatMap((name, number) => (WRITABLE.has(name) ? [{ name, number }] : [])))(
      "$name keeps what is written",
      async ({ number }) => {
        const target = await make(thumbImage([]).segments);
        const others = await target.readRegisters();
        await target.writeRegister(number as RegisterNumber, 0x2000_0810);
        const registers = await target.readRegisters();
        expect(registers[number]).toBe(0x2000_0810);
        const changed = [...registers.keys()].filter((i) => registers[i] !== others[i]);
        // SP and MSP are one register as long as the main stack is in use (ARMv6-M ARM B1.4.1).
        const isStack = number === Register.sp || number === Register.msp;
        expect(changed).toEqual(isStack ? [Register.sp, Register.msp] : [number]);
      },
    );

    it("xpsr takes flags and leaves the rest, primask takes one bit, control is refused", async () => {
      const target = await make(thumbImage([]).segments);
      const before = (await target.readRegisters())[Register.xpsr]!;
      await target.writeRegister(Register.xpsr, 0x9000_0003);
      expect((await target.readRegisters())[Register.xpsr]).toBe(
        (0x9000_0000 | (before & 0x0fff_ffff)) >>> 0,
      );
      await target.writeRegister(Register.primask, 3);
      expect((await target.readRegisters())[Register.primask]).toBe(1);
      await expect(target.writeRegister(Register.control, 2)).rejects.toThrow(UserError);
    });

    it("are unsigned, and flags follow the program", async () => {
      const target = await make(thumbImage([cmpImmediate(0, 0)]).segments);
      await target.writeRegister(Register.r0, 0xffff_ffff);
      expect((await target.readRegisters())[0]).toBe(0xffff_ffff);
      await target.step();
      // -1 - 0: negative, no borrow.
      expect((await target.readRegisters())[Register.xpsr]! >>> 28).toBe(0b1010);
    });
  });
}

const WRITABLE = new Set([...Array.from({ length: 13 }, (_, i) => `r${i}`), "sp", "lr", "pc", "msp", "psp"]);
