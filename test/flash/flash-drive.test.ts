import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { UserError } from "#adapter/base/errors";
import { findBoards } from "#extension/pico/boards/find-boards";
import type { BoardFlashing } from "#extension/pico/routes/flash-board";
import { firmwareImage } from "#extension/pico/uf2/firmware-image";
import { bootRom, erasedFlash, INFO_UF2 } from "./boot-rom";
import type { FakeBoard } from "./fake-board";
import { type FakeComputer, fakeComputer } from "./fake-computer";
import { expectBlinks } from "./expect-blinks";
import { expectInFlash, flashAttached } from "./flash-attached";
import { code, firmware, MADE_FIRMWARE, noise, secondStage } from "./made-firmware";

const BLINK = readFileSync("samples/prebuilt/blink-release.elf");

/** As many pages as blink has, all others. */
function rivalOfBlink(): Uint8Array {
  const { pages, end } = firmwareImage(BLINK, "blink.elf");
  const rival = firmware({
    entry: 0x1000_0101,
    sections: [
      code(".boot2", 0x1000_0000, secondStage()),
      code(".text", 0x1000_0100, noise(77, end - 0x1000_0100)),
    ],
  });
  expect(firmwareImage(rival, "rival.elf").pages.length).toBe(pages.length);
  return rival;
}

describe("a program on the drive of a boot ROM", () => {
  it("is taken block by block; the board restarts, and the program blinks as it does when it is loaded directly", async () => {
    const computer = fakeComputer();
    const board = computer.plugBootsel({ chip: "RP2040", port: "1-4" });
    const { flashed, progress } = await flashAttached(computer, BLINK);
    expect(flashed).toEqual({ route: "uf2", checked: "blocks counted", isRunning: true });
    expect(board.isAttached).toBe(false);
    expectInFlash(board, BLINK);
    const fractions = progress.filter(({ step }) => step === "writing").map(({ fraction }) => fraction);
    expect([fractions[0], fractions.at(-1)]).toEqual([0, 1]);
    expect(progress.at(-1)!.step).toBe("starting");

    expectBlinks(board.flash);
  });

  it.each(Object.keys(MADE_FIRMWARE))("arrives whole: %s", async (name) => {
    const elf = MADE_FIRMWARE[name]!();
    const computer = fakeComputer();
    const chip = name.startsWith("rp2040") ? "RP2040" : "RP2350";
    const board = computer.plugBootsel({ chip, port: "1-4", flashSize: 4 << 20 });
    await flashAttached(computer, elf);
    const { place, pages } = firmwareImage(elf, name);
    if (place === "flash") expectInFlash(board, elf);
    else for (const { address, bytes } of pages) expect(board.rom.ram.get(address)).toEqual(bytes);
  });

  it("tells how far it is, in true steps", async () => {
    const computer = fakeComputer();
    computer.plugBootsel({ chip: "RP2040", port: "1-4" });
    const { progress } = await flashAttached(
      computer,
      readFileSync("samples/prebuilt/producer-consumer-dev.elf"),
    );
    const fractions = progress.filter(({ step }) => step === "writing").map(({ fraction }) => fraction!);
    expect(fractions.length).toBeGreaterThan(4);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect([fractions[0], fractions.at(-1)]).toEqual([0, 1]);
  });

  it("has arrived when the board has left its USB port, although its drive stays mounted", async () => {
    const computer = fakeComputer();
    const board = computer.plugBootsel({ chip: "RP2040", port: "1-4", staysMounted: true });
    expect((await flashAttached(computer, BLINK)).flashed.isRunning).toBe(true);
    expect(await computer.list("/media/me/RP2040")).toContain("INFO_UF2.TXT");
    expectInFlash(board, BLINK);
  });

  it("is not mixed with one that was broken off before and is as long", async () => {
    const computer = fakeComputer();
    const board = computer.plugBootsel({ chip: "RP2040", port: "1-4" });
    const rival = rivalOfBlink();
    board.faults.writeError = { after: 8, code: "EIO" };
    await expect(flashAttached(computer, rival)).rejects.toThrow(UserError);
    expect(board.isAttached).toBe(true);
    await flashAttached(computer, BLINK);
    expectInFlash(board, BLINK);
  });

  it("would be mixed with it, were the boot ROM not told to forget", () => {
    // The rule of the real boot ROM for which the one block is sent before each program.
    const flash = erasedFlash();
    const rom = bootRom("RP2040", flash);
    const blocks = (elf: Uint8Array) =>
      firmwareImage(elf, "x").pages.map(({ address, bytes }, number, all) =>
        block(address, bytes, number, all.length),
      );
    for (const each of blocks(rivalOfBlink()).slice(0, 8)) rom.takeSector(each);
    for (const each of blocks(BLINK)) rom.takeSector(each);
    expect(rom.isComplete).toBe(true);
    expect(Buffer.compare(flash.subarray(256, 512), firmwareImage(BLINK, "x").pages[1]!.bytes)).not.toBe(0);
  });
});

function block(address: number, page: Uint8Array, number: number, count: number): Uint8Array {
  const bytes = new Uint8Array(512);
  const view = new DataView(bytes.buffer);
  [0x0a324655, 0x9e5d5157, 0x2000, address, 256, number, count, 0xe48bff56].forEach((word, i) =>
    view.setUint32(4 * i, word, true),
  );
  bytes.set(page, 32);
  view.setUint32(508, 0x0ab16f30, true);
  return bytes;
}

describe("whatever goes wrong on the way is one sentence, and the board can be flashed again", () => {
  const blocks = firmwareImage(BLINK, "blink.elf").pages.length;
  const everySector = Array.from({ length: blocks + 1 }, (_, after) => after);

  /** What is told, after which the board is there, or plugged in again, and takes the program. */
  async function failing(prepare: (board: FakeBoard, computer: FakeComputer) => void): Promise<string> {
    const computer = fakeComputer();
    const board = computer.plugBootsel({ chip: "RP2040", port: "1-4" });
    prepare(board, computer);
    const error: unknown = await flashAttached(computer, BLINK).then(
      () => undefined,
      (fault: unknown) => fault,
    );
    expect(error).toBeInstanceOf(UserError);
    const { message } = error as UserError;
    expect(message).toMatch(/^[A-Z].*; .*[^.]$/);
    board.faults.staysForEver = false;
    if (!board.isAttached || /does not answer|has not restarted/.test(message)) board.replug();
    await flashAttached(computer, BLINK);
    expectInFlash(board, BLINK);
    return message;
  }

  it("an error of the drive, at every block", async () => {
    for (const after of everySector) {
      const told = await failing((board) => (board.faults.writeError = { after, code: "EIO" }));
      expect(told).toContain("The drive of the RP2040 (/media/me/RP2040) cannot be written");
    }
  });

  it("unplugged, at every block", async () => {
    for (const after of everySector) {
      const told = await failing((board) => (board.faults.unplug = { after }));
      expect(told).toContain("was unplugged, or restarted, before it had the whole program");
    }
  });

  it("no answer, at every block", async () => {
    for (const after of everySector) {
      const told = await failing((board) => (board.faults.hang = { after }));
      expect(told).toContain("The RP2040 at /media/me/RP2040 does not answer");
    }
  });

  it.each([
    { code: "EROFS", says: "is mounted read-only" },
    { code: "EACCES", says: "You may not write to the drive" },
    { code: "EPERM", says: "You may not write to the drive" },
    { code: "ENOSPC", says: "is full" },
    { code: "ENXIO", says: "cannot be written" },
  ])("$code when the file is created", async ({ code: createError, says }) => {
    expect(await failing((board) => (board.faults.createError = createError))).toContain(says);
  });

  it("full half-way", async () => {
    const told = await failing((board) => (board.faults.writeError = { after: 5, code: "ENOSPC" }));
    expect(told).toContain("The drive of the RP2040 (/media/me/RP2040) is full");
  });

  it("a board that does not restart has not got everything", async () => {
    const told = await failing((board) => (board.faults.staysForEver = true));
    expect(told).toContain("has not restarted 10 s after its last block");
  });

  it("cancelled, at every progress", async () => {
    const whole = fakeComputer();
    whole.plugBootsel({ chip: "RP2040", port: "1-4" });
    const steps = (await flashAttached(whole, BLINK)).progress.length;
    for (let when = 1; when <= steps; when++) {
      const computer = fakeComputer();
      const board = computer.plugBootsel({ chip: "RP2040", port: "1-4" });
      const controller = new AbortController();
      let seen = 0;
      const onProgress = () => ++seen === when && controller.abort();
      const attempt = flashAttached(computer, BLINK, { signal: controller.signal, onProgress });
      await expect(attempt).rejects.toMatchObject({ name: "AbortError" });
      // Cancelled after its last block, it restarts with the program.
      if (board.rom.isComplete) board.replug();
      expect(board.isAttached).toBe(true);
      await flashAttached(computer, BLINK);
      expectInFlash(board, BLINK);
    }
  });
});

describe("what does not fit is refused before anything is written", () => {
  async function refused(
    elf: Uint8Array,
    options: Partial<BoardFlashing> = {},
    chip: "RP2040" | "RP2350" = "RP2040",
  ) {
    const computer = fakeComputer();
    const board = computer.plugBootsel({ chip, port: "1-4" });
    const error = await flashAttached(computer, elf, options).catch((fault: unknown) => fault);
    expect(board.sectors).toBe(0);
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).message;
  }

  it("a program for another chip", async () => {
    expect(await refused(BLINK, {}, "RP2350")).toBe(
      "firmware.elf is for the RP2040 of a Pico, and this board has an RP2350; build it for a Pico 2, or choose another board",
    );
    expect(await refused(MADE_FIRMWARE["rp2350-arm-s"]!())).toContain(
      "is for the RP2350 of a Pico 2, and this board has an RP2040",
    );
  });

  it("a program larger than the flash", async () => {
    const large = firmware({
      entry: 0x1000_0101,
      sections: [
        code(".boot2", 0x1000_0000, secondStage()),
        code(".text", 0x1000_0100, noise(1, 64)),
        code(".table", 0x101f_ffff, noise(2, 2)),
      ],
    });
    expect(await refused(large)).toContain(
      "needs 2097153 bytes of flash, and a Pico has 2097152; build it smaller, or say",
    );
    expect(await refused(large, { flashSize: 1 << 20 })).toContain(
      "and the board has 1048576; build it smaller",
    );
    const computer = fakeComputer();
    const board = computer.plugBootsel({ chip: "RP2040", port: "1-4", flashSize: 4 << 20 });
    await flashAttached(computer, large, { flashSize: 4 << 20 });
    expectInFlash(board, large);
  });

  it("a drive that has become another", async () => {
    const computer = fakeComputer();
    const board = computer.plugBootsel({ chip: "RP2040", port: "1-4" });
    const [found] = await findBoards(computer);
    computer.write("/media/me/RP2040/INFO_UF2.TXT", INFO_UF2.RP2350);
    const told = await flashAttached(computer, BLINK, { board: found! }).catch(
      (error: unknown) => (error as Error).message,
    );
    expect(told).toContain("There is no RP2040 in BOOTSEL mode at /media/me/RP2040 any more");
    expect(board.sectors).toBe(0);
  });

  it("a route that the board has not", async () => {
    expect(await refused(BLINK, { route: "probe-rs" })).toContain("hangs on no debug probe");
    expect(await refused(BLINK, { route: "uf2", isStarted: false })).toContain("always starts");
    expect(await refused(BLINK, { route: "picotool" })).toContain("There is no picotool here; install it");
  });
});

describe("a board whose program runs", () => {
  const running = {
    port: "1-4",
    vendor: "2e8a",
    product: "000a",
    serial: "E66",
    name: "Pico",
    tty: "ttyACM0",
  };

  it("is sent to BOOTSEL mode by 1200 baud, and flashed", async () => {
    const computer = fakeComputer();
    computer.plugUsb(running);
    let board: FakeBoard | undefined;
    computer.programs.set("stty", () => {
      computer.unplugUsb("1-4");
      board = computer.plugBootsel({ chip: "RP2040", port: "1-4" });
      return { status: 0, lines: [] };
    });
    const { flashed, progress } = await flashAttached(computer, BLINK);
    expect(computer.runs).toEqual([["stty", "-F", "/dev/ttyACM0", "1200"]]);
    expect(flashed.isRunning).toBe(true);
    expect(progress[0]).toEqual({ step: "restarting", fraction: undefined });
    expectInFlash(board!, BLINK);
  });

  it("that does not listen says what to do", async () => {
    const computer = fakeComputer();
    computer.plugUsb(running);
    computer.programs.set("stty", () => ({ status: 0, lines: [] }));
    await expect(flashAttached(computer, BLINK)).rejects.toThrow(
      "Pico cannot be sent to BOOTSEL mode by its program (it does not listen to 1200 baud); unplug the board, hold BOOTSEL",
    );
  });

  it("that comes back with another chip than the program's is not written to", async () => {
    const computer = fakeComputer();
    computer.plugUsb(running);
    let board: FakeBoard | undefined;
    computer.programs.set("stty", () => {
      computer.unplugUsb("1-4");
      board = computer.plugBootsel({ chip: "RP2350", port: "1-4" });
      return { status: 0, lines: [] };
    });
    await expect(flashAttached(computer, BLINK)).rejects.toThrow("this board has an RP2350");
    expect(board!.sectors).toBe(0);
  });
});

describe("a drive that the desktop has not mounted", () => {
  const plug = (computer: FakeComputer) =>
    computer.plugUsb({
      port: "1-4",
      vendor: "2e8a",
      product: "0003",
      serial: "E0",
      interfaces: ["08/06/50"],
      block: "sda",
    });

  it("is mounted as a desktop would", async () => {
    const computer = fakeComputer();
    plug(computer);
    let board: FakeBoard | undefined;
    computer.programs.set("udisksctl", () => {
      computer.unplugUsb("1-4");
      board = computer.plugBootsel({ chip: "RP2040", port: "1-4" });
      return { status: 0, lines: ["Mounted /dev/sda1 at /media/me/RP2040"] };
    });
    await flashAttached(computer, BLINK);
    expect(computer.runs).toEqual([["udisksctl", "mount", "--no-user-interaction", "-b", "/dev/sda1"]]);
    expectInFlash(board!, BLINK);
  });

  it("says why it cannot be", async () => {
    const computer = fakeComputer();
    plug(computer);
    await expect(flashAttached(computer, BLINK)).rejects.toThrow(
      "/dev/sda1 is not mounted, and cannot be (there is no udisksctl)",
    );
    computer.programs.set("udisksctl", () => ({
      status: 1,
      lines: ["Error mounting /dev/sda1: Not authorized"],
    }));
    await expect(flashAttached(computer, BLINK)).rejects.toThrow(
      "(Error mounting /dev/sda1: Not authorized); mount it yourself",
    );
  });
});
