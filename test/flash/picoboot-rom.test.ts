import { describe, expect, it } from "vitest";
import { Picoboot, RomRefusal } from "#extension/pico/picoboot/picoboot";
import type { UsbConnection } from "#extension/pico/usb/usb-transport";
import { erasedFlash, type RomChip } from "./boot-rom";
import { fakeComputer } from "./fake-computer";
import { noise } from "./made-firmware";
import { picobootRom } from "./picoboot-rom";

const FLASH = 0x1000_0000;

function opened(chip: RomChip) {
  const flash = erasedFlash();
  const rom = picobootRom({ chip, flash, onRestart: () => undefined });
  const connection: UsbConnection = {
    ...rom,
    claim: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const picoboot = new Picoboot(fakeComputer(), connection, { number: 1, send: 3, receive: 4 });
  return { rom, flash, picoboot };
}

const refusal = (error: unknown) =>
  error instanceof RomRefusal ? { command: error.command, code: error.code } : error;
const refused = (promise: Promise<unknown>) => promise.then(() => undefined, refusal);

describe.each(["RP2040", "RP2350"] as const)("the boot ROM of an %s", (chip) => {
  it("clears bits when it writes, and sets them when it erases", async () => {
    const { flash, picoboot } = opened(chip);
    await picoboot.takeFlash();
    const [one, two] = [noise(1, 256), noise(2, 256)];
    await picoboot.write(FLASH + 0x1000, one);
    await picoboot.write(FLASH + 0x1000, two);
    const both = one.map((byte, i) => byte & two[i]!);
    expect(await picoboot.read(FLASH + 0x1000, 256)).toEqual(both);
    await picoboot.erase(FLASH + 0x1000, 4096);
    expect(flash.every((byte) => byte === 0xff)).toBe(true);
  });

  it("does nothing with flash that was not readied", async () => {
    const { flash, picoboot } = opened(chip);
    await picoboot.write(FLASH, noise(1, 256));
    expect(flash.every((byte) => byte === 0xff)).toBe(true);
  });

  it.each([
    {
      what: "a write that is not aligned",
      run: (rom: Picoboot) => rom.write(FLASH + 8, noise(1, 256)),
      code: 5,
    },
    { what: "a write to nowhere", run: (rom: Picoboot) => rom.write(0x4000_0000, noise(1, 256)), code: 4 },
    { what: "a write to the ROM", run: (rom: Picoboot) => rom.write(0, noise(1, 256)), code: 4 },
    { what: "a read from nowhere", run: (rom: Picoboot) => rom.read(0x4000_0000, 256), code: 4 },
    { what: "a read that is not aligned", run: (rom: Picoboot) => rom.read(FLASH + 1, 256), code: 5 },
  ])("refuses $what, and takes the next command after it has recovered", async ({ run, code }) => {
    const { picoboot } = opened(chip);
    await picoboot.takeFlash();
    expect(await refused(run(picoboot))).toMatchObject({ code });
    await picoboot.recover();
    await picoboot.takeFlash();
    await picoboot.write(FLASH, noise(1, 256));
    expect(await picoboot.read(FLASH, 256)).toEqual(noise(1, 256));
  });

  it("says no to a command of the other chip", async () => {
    const { picoboot } = opened(chip);
    const run =
      chip === "RP2040"
        ? picoboot.reboot2({ type: "normal", core: "any", params: [0, 0], delay: 500 })
        : picoboot.reboot({ pc: 0, sp: 0, delay: 500 });
    expect(await refused(run)).toEqual({ command: chip === "RP2040" ? "reboot2" : "reboot", code: 1 });
  });

  it("tells of an erasure that failed if it is an RP2350, and acknowledges it otherwise", async () => {
    const { picoboot } = opened(chip);
    await picoboot.takeFlash();
    const expected = chip === "RP2040" ? undefined : { command: "flash erase", code: 5 };
    expect(await refused(picoboot.erase(FLASH + 256, 4096))).toEqual(expected);
  });
});
