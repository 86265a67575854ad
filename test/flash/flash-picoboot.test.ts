import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { UserError } from "#adapter/base/errors";
import { flashedText } from "#extension/pico/routes/flash-words";
import { firmwareImage } from "#extension/pico/uf2/firmware-image";
import { type BootselOptions, fakeComputer, type FakeComputer } from "./fake-computer";
import type { FakeBoard } from "./fake-board";
import type { UsbTrouble } from "./fake-usb-peer";
import { expectBlinks } from "./expect-blinks";
import { expectInFlash, flashAttached } from "./flash-attached";
import { MADE_FIRMWARE, noise } from "./made-firmware";

const BLINK = readFileSync("samples/prebuilt/blink-release.elf");
const OVER_USB = { route: "picoboot", isVerified: true } as const;

/** A computer with the library for USB, and a board in BOOTSEL mode with something old in its flash. */
function attached(options: Partial<BootselOptions> = {}): { computer: FakeComputer; board: FakeBoard } {
  const computer = fakeComputer();
  computer.usbPeers = new Map();
  const board = computer.plugBootsel({ chip: "RP2040", port: "1-4", ...options });
  board.flash.set(noise(31, 0x8000));
  return { computer, board };
}

const message = (error: unknown) => (error as Error).message;

describe("a program by PICOBOOT", () => {
  it("is written, read back and started; it blinks as it does when it is loaded directly", async () => {
    const { computer, board } = attached();
    const { flashed, progress } = await flashAttached(computer, BLINK, OVER_USB);
    expect(flashed).toEqual({ route: "picoboot", checked: "read back", isRunning: true });
    expect(flashedText("blink.elf", flashed)).toBe(
      "blink.elf is in the board (Pollscope has read it back) and runs.",
    );
    expect(board.isAttached).toBe(false);
    expect(board.restarts).toEqual([{ kind: "reboot", pc: 0, sp: 0x2004_2000, delay: 500 }]);
    for (const step of ["writing", "verifying"]) {
      const fractions = progress.filter((each) => each.step === step).map(({ fraction }) => fraction!);
      expect(fractions.at(-1)).toBe(1);
      expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    }
    expect(progress.at(-1)!.step).toBe("starting");

    expectBlinks(board.flash);
  });

  const samples = readdirSync("samples/prebuilt").filter((name) => name.endsWith(".elf"));
  it.each(samples)("leaves in flash what the drive does: %s", async (name) => {
    const elf = readFileSync(`samples/prebuilt/${name}`);
    const byUsb = attached();
    await flashAttached(byUsb.computer, elf, OVER_USB);
    const byDrive = attached();
    await flashAttached(byDrive.computer, elf, { route: "uf2" });
    expectInFlash(byUsb.board, elf);
    expect(Buffer.compare(byUsb.board.flash, byDrive.board.flash)).toBe(0);
  });

  it.each(Object.keys(MADE_FIRMWARE))("leaves in the board what the drive does: %s", async (name) => {
    const elf = MADE_FIRMWARE[name]!();
    const options = {
      chip: name.startsWith("rp2040") ? "RP2040" : "RP2350",
      flashSize: 4 << 20,
    } as const;
    const byUsb = attached(options);
    await flashAttached(byUsb.computer, elf, OVER_USB);
    const byDrive = attached(options);
    await flashAttached(byDrive.computer, elf, { route: "uf2" });
    // The last sector: the block against RP2350-E10, which only drives need.
    const end = (4 << 20) - 4096;
    const [ours, theirs] = [byUsb, byDrive].map(({ board }) => board.flash.subarray(0, end));
    expect(Buffer.compare(ours!, theirs!)).toBe(0);
    for (const [address, page] of byDrive.board.rom.ram) {
      const inRam = Uint8Array.from(page, (_, i) => byUsb.board.picoboot.ram.get(address + i)!);
      expect(Buffer.compare(inRam, page)).toBe(0);
    }
  });

  it.each([
    { name: "rp2040-ram", expected: { kind: "reboot", pc: 0x2000_0000, sp: 0x2004_2000, delay: 500 } },
    {
      name: "rp2350-ram",
      expected: { kind: "reboot2", flags: 0x13, delay: 500, params: [0x2000_0000, 0x8_2000] },
    },
    {
      name: "rp2350-arm-s",
      expected: { kind: "reboot2", flags: 0x14, delay: 500, params: [0x1000_0000, 0] },
    },
    {
      name: "rp2350-riscv",
      expected: { kind: "reboot2", flags: 0x24, delay: 500, params: [0x1000_0000, 0] },
    },
  ])("is started as the boot ROM starts what came over its drive: $name", async ({ name, expected }) => {
    const { computer, board } = attached({ chip: name.startsWith("rp2040") ? "RP2040" : "RP2350" });
    await flashAttached(computer, MADE_FIRMWARE[name]!(), OVER_USB);
    expect(board.restarts).toEqual([expected]);
  });

  it("need not start, nor be read back; the drive can be written afterwards", async () => {
    const { computer, board } = attached();
    const options = { route: "picoboot", isVerified: false, isStarted: false } as const;
    const { flashed } = await flashAttached(computer, BLINK, options);
    expect(flashed).toEqual({ route: "picoboot", checked: "written", isRunning: false });
    expect(board.picoboot.commands).not.toContain(0x84);
    expect(board.restarts).toEqual([]);
    expect(board.picoboot.isDriveLocked).toBe(false);
    expect(board.picoboot.isDriveEjected).toBe(false);
    expectInFlash(board, BLINK);
    await flashAttached(computer, BLINK, { route: "uf2" });
  });

  it("keeps the drive from writing meanwhile", async () => {
    const { computer, board } = attached();
    const locked: boolean[] = [];
    const onProgress = () => locked.push(board.picoboot.isDriveLocked);
    await flashAttached(computer, BLINK, { ...OVER_USB, isStarted: false, onProgress });
    // The first is told before anything is sent.
    expect(locked.slice(1)).not.toContain(false);
    expect(locked.length).toBeGreaterThan(1);
  });

  it("that was written in part does not start: its first sector comes last", async () => {
    const { computer, board } = attached();
    const elf = readFileSync("samples/prebuilt/producer-consumer-dev.elf");
    const controller = new AbortController();
    const onProgress = ({ fraction }: { fraction: number | undefined }) =>
      fraction !== undefined && fraction > 0.5 && controller.abort();
    const attempt = flashAttached(computer, elf, { ...OVER_USB, signal: controller.signal, onProgress });
    await expect(attempt).rejects.toMatchObject({ name: "AbortError" });
    expect(board.flash.subarray(0, 4096).every((byte) => byte === 0xff)).toBe(true);
  });
});

describe("whatever goes wrong on USB is one sentence, and the board can be flashed again", () => {
  /** In several sectors, with holes between. */
  const HOLES = MADE_FIRMWARE["rp2040-holes"]!();

  /** Steps on USB of a flashing that succeeds. */
  async function stepsOfSuccess(options: Partial<BootselOptions> = {}, elf: Uint8Array = HOLES) {
    const { computer, board } = attached(options);
    await flashAttached(computer, elf, OVER_USB);
    return board.usbSteps;
  }

  /** What is told, if anything is; whatever has happened, the board takes the program over USB and over its drive. */
  async function after(trouble: UsbTrouble, options: Partial<BootselOptions> = {}, elf: Uint8Array = HOLES) {
    const { computer, board } = attached(options);
    board.usbTrouble = trouble;
    const error: unknown = await flashAttached(computer, elf, OVER_USB).then(
      () => undefined,
      (fault: unknown) => fault,
    );
    if (error === undefined) {
      // Only what comes after the restart may fail without being told.
      expect(board.restarts.length).toBe(1);
      expectInFlash(board, elf);
    } else {
      expect(error).toBeInstanceOf(UserError);
      expect(message(error)).toMatch(/^[A-Z].*; .*[^.]$/);
    }
    const isLeft = board.isAttached && board.restarts.length === 0;
    // One that hangs for the library may hang for good: the sentence says to pull it out.
    if (!isLeft || trouble.kind === "hang") board.replug();
    expect(board.picoboot.isDriveLocked).toBe(false);
    await flashAttached(computer, elf, { ...OVER_USB, isStarted: false });
    expectInFlash(board, elf);
    await flashAttached(computer, elf, { route: "uf2" });
    expectInFlash(board, elf);
    return error;
  }

  it.each([
    { kind: "stalled", says: /has refused the command|does not take commands/ },
    { kind: "gone", says: /was unplugged, or restarted, before all was done; unplug the board/ },
    { kind: "timeout", says: /The RP2040 does not answer over USB; unplug the board, hold BOOTSEL/ },
    { kind: "late", says: /does not answer over USB/ },
    { kind: "hang", says: /does not answer over USB/ },
    { kind: "forbidden", says: /You may not use the RP2040 over USB; / },
    { kind: "busy", says: /Another program is using the RP2040; end picotool/ },
    { kind: "other", says: /Something went wrong on USB with the RP2040 \(other, as told\); / },
    { kind: "no driver", says: /Windows has no driver .* Zadig/ },
  ] as const)("$kind, at every step", async ({ kind, says }) => {
    const steps = await stepsOfSuccess();
    expect(steps).toBeGreaterThan(25);
    let told = 0;
    for (let at = 0; at < steps; at++) {
      const error = await after({ at, kind });
      if (error === undefined) continue;
      expect(message(error)).toMatch(says);
      told++;
    }
    // Closing comes last, when the board has been told to restart.
    expect(told).toBe(steps - 1);
  });

  it.each(["stalled", "gone", "late"] as const)("%s, at every step, on an RP2350", async (kind) => {
    const elf = MADE_FIRMWARE["rp2350-arm-s"]!();
    const options = { chip: "RP2350", flashSize: 4 << 20 } as const;
    const steps = await stepsOfSuccess(options, elf);
    for (let at = 0; at < steps - 1; at++) {
      expect(await after({ at, kind }, options, elf)).toBeInstanceOf(UserError);
    }
  });

  it("cancelled, at every progress", async () => {
    const whole = attached();
    const steps = (await flashAttached(whole.computer, BLINK, OVER_USB)).progress.length;
    for (let when = 1; when <= steps; when++) {
      const { computer, board } = attached();
      const controller = new AbortController();
      let seen = 0;
      const onProgress = () => ++seen === when && controller.abort();
      const attempt = flashAttached(computer, BLINK, { ...OVER_USB, signal: controller.signal, onProgress });
      await expect(attempt).rejects.toMatchObject({ name: "AbortError" });
      // Cancelled while it starts, it restarts with the program.
      if (board.restarts.length > 0) board.replug();
      expect(board.isAttached).toBe(true);
      expect(board.picoboot.isDriveLocked).toBe(false);
      await flashAttached(computer, BLINK, { route: "uf2" });
      expectInFlash(board, BLINK);
    }
  });

  it("a flash chip that does not keep what is written is found by reading back", async () => {
    const { computer, board } = attached();
    const onProgress = ({ step }: { step: string }) => step === "verifying" || (board.flash[0x0200] = 0);
    await expect(flashAttached(computer, BLINK, { ...OVER_USB, onProgress })).rejects.toThrow(
      "What was read back at 0x10000200 is not what was written; flash it once more",
    );
    await flashAttached(computer, BLINK, OVER_USB);
    expectInFlash(board, BLINK);
  });

  it("a board that does not restart", async () => {
    const { computer, board } = attached();
    board.faults.staysForEver = true;
    await expect(flashAttached(computer, BLINK, OVER_USB)).rejects.toThrow(
      "The RP2040 has not restarted 10 s after it was told to; unplug the board",
    );
  });

  it("what an RP2350's settings forbid is told in the boot ROM's words", async () => {
    const elf = MADE_FIRMWARE["rp2350-arm-s"]!();
    const { computer } = attached({ chip: "RP2350", isForbidden: (address) => address >= 0x1000_1000 });
    await expect(flashAttached(computer, elf, OVER_USB)).rejects.toThrow(
      "The boot ROM of the RP2350 has refused the command `flash erase` (not permitted); use the BOOTSEL drive",
    );
  });

  it("a partition table is not written over", async () => {
    const elf = MADE_FIRMWARE["rp2350-arm-s"]!();
    const { computer, board } = attached({ chip: "RP2350", flashSize: 4 << 20, hasPartitionTable: true });
    const before = board.flash.slice();
    await expect(flashAttached(computer, elf, OVER_USB)).rejects.toThrow(
      "The RP2350 has a partition table, and Pollscope's PICOBOOT does not know which partition to write; flash it through",
    );
    expect(Buffer.compare(board.flash, before)).toBe(0);
    expect(board.picoboot.isDriveLocked).toBe(false);
    await flashAttached(computer, MADE_FIRMWARE["rp2350-ram"]!(), OVER_USB);
  });
});

describe("PICOBOOT is taken", () => {
  it("where there is no drive and no picotool", async () => {
    const { computer, board } = attached({ hasDrive: false });
    const { flashed } = await flashAttached(computer, BLINK);
    expect(flashed.route).toBe("picoboot");
    expectInFlash(board, BLINK);
  });

  it("where the drive cannot be mounted", async () => {
    const { computer, board } = attached({ hasDrive: false });
    computer.link("/sys/class/block/sda1", "/sys/devices/usb1/1-4/1-4:1.0/block/sda/sda1");
    expect((await flashAttached(computer, BLINK)).flashed.route).toBe("picoboot");
    expect(computer.runs).toEqual([["udisksctl", "mount", "--no-user-interaction", "-b", "/dev/sda1"]]);
    board.replug();
    computer.link("/sys/class/block/sda1", "/sys/devices/usb1/1-4/1-4:1.0/block/sda/sda1");
    await expect(flashAttached(computer, BLINK, { route: "uf2" })).rejects.toThrow("is not mounted");
  });

  it("for a program that is not to start", async () => {
    const { computer } = attached();
    expect((await flashAttached(computer, BLINK, { isStarted: false })).flashed.route).toBe("picoboot");
  });

  it("only if it is named, where the drive can be used", async () => {
    const { computer } = attached();
    expect((await flashAttached(computer, BLINK)).flashed.route).toBe("uf2");
  });

  it("after picotool, which knows more", async () => {
    const { computer } = attached({ hasDrive: false });
    computer.write("/usr/bin/picotool", "");
    computer.programs.set("picotool", () => ({ status: 0, lines: [] }));
    expect((await flashAttached(computer, BLINK)).flashed.route).toBe("picotool");
    expect((await flashAttached(computer, BLINK, { isStarted: false })).flashed.route).toBe("picotool");
  });

  it("not without its library, and says how to get it", async () => {
    const { computer, board } = attached();
    computer.usbPeers = undefined;
    await expect(flashAttached(computer, BLINK, OVER_USB)).rejects.toThrow(
      "Pollscope cannot speak PICOBOOT here (as told); install it (`npm install --prefix ~/.pollscope usb@3`), or flash",
    );
    await expect(flashAttached(computer, BLINK, { isStarted: false })).rejects.toThrow(
      "The RP2040 has to be flashed by PICOBOOT; install picotool",
    );
    expect(board.usbSteps).toBe(0);
  });

  it("for the board that was chosen, not for one beside it", async () => {
    const { computer, board } = attached();
    const other = computer.plugBootsel({ chip: "RP2040", port: "1-5", mount: "/media/me/other" });
    await flashAttached(computer, BLINK, OVER_USB);
    expectInFlash(board, BLINK);
    expect(other.usbSteps).toBe(0);
  });

  it("not where boards cannot be told apart", async () => {
    const { computer } = attached();
    computer.plugBootsel({ chip: "RP2040", port: "1-5", mount: "/media/me/other" });
    Object.assign(computer, { platform: "macos" });
    const board = { kind: "bootsel", id: "/Volumes/RPI-RP2", serial: undefined, usb: undefined } as const;
    const { chip } = firmwareImage(BLINK, "x");
    const drive = { kind: "mounted", folder: "/Volumes/RPI-RP2" } as const;
    const attempt = flashAttached(computer, BLINK, { ...OVER_USB, board: { ...board, chip, drive } });
    await expect(attempt).rejects.toThrow(
      "2 boards are attached that PICOBOOT cannot tell from this RP2040; unplug the others",
    );
  });
});
