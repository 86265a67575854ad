import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { BootselBoard, RunningBoard } from "#extension/pico/boards/board";
import { boardWays } from "#extension/pico/boards/board-ways";
import { findBoards } from "#extension/pico/boards/find-boards";
import { type BoardUse, useBoard } from "#extension/pico/routes/board-use";
import { decodeUf2 } from "#extension/pico/uf2/uf2-file";
import type { InterfaceRequest } from "#extension/pico/usb/usb-transport";
import type { RomChip } from "./boot-rom";
import { type FakeComputer, fakeComputer } from "./fake-computer";
import { fakePeer, type UsbSide } from "./fake-usb-peer";
import { flashAttached } from "./flash-attached";
import { noise } from "./made-firmware";

const BLINK = readFileSync("samples/prebuilt/blink-release.elf");

function attached(chip: RomChip = "RP2040", flashSize = 2 << 20) {
  const computer = fakeComputer();
  computer.usbPeers = new Map();
  const board = computer.plugBootsel({ chip, port: "1-4", flashSize });
  board.flash.set(noise(5, 300_000));
  return { computer, board };
}

async function waiting(computer: FakeComputer): Promise<BootselBoard> {
  const [board] = await findBoards(computer);
  return board as BootselBoard;
}

async function use(
  computer: FakeComputer,
  what: BoardUse,
  options: { flashSize?: number; signal?: AbortSignal } = {},
) {
  const fractions: number[] = [];
  await useBoard({
    computer,
    use: what,
    flashSize: undefined,
    driveFolders: [],
    signal: new AbortController().signal,
    onProgress: (fraction) => fractions.push(fraction),
    ...options,
  });
  return fractions;
}

describe("what can be done with a board without picotool", () => {
  it("its program is started", async () => {
    const { computer, board } = attached();
    await use(computer, { kind: "start", board: await waiting(computer) });
    expect(board.restarts).toEqual([{ kind: "reboot", pc: 0, sp: 0x2004_2000, delay: 500 }]);
    expect(board.isAttached).toBe(false);
  });

  it("an RP2350's program is started without a partition for diagnosis", async () => {
    const { computer, board } = attached("RP2350", 4 << 20);
    await use(computer, { kind: "start", board: await waiting(computer) });
    expect(board.restarts).toEqual([{ kind: "reboot2", flags: 0, delay: 500, params: [0xffff_ffff, 0] }]);
  });

  it.each([
    { chip: "RP2040", size: 2 << 20 },
    { chip: "RP2040", size: 16 << 20 },
    { chip: "RP2350", size: 4 << 20 },
  ] as const)("all of $size bytes of an $chip are erased", async ({ chip, size }) => {
    const { computer, board } = attached(chip, size);
    board.flash.set(noise(6, 5000), size - 5000);
    const fractions = await use(computer, { kind: "erase", board: await waiting(computer) });
    expect(board.flash.every((byte) => byte === 0xff)).toBe(true);
    expect(fractions.at(-1)).toBe(1);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(board.picoboot.isDriveLocked).toBe(false);
  });

  it("as much flash is read back as there is: plain bytes", async () => {
    const { computer, board } = attached("RP2040", 4 << 20);
    await use(computer, { kind: "save", board: await waiting(computer), file: "/home/me/flash.bin" });
    const saved = computer.saved.get("/home/me/flash.bin")!;
    expect(Buffer.compare(saved, board.flash)).toBe(0);
    expect(board.restarts).toEqual([]);
  });

  it.each([
    { chip: "RP2040", family: "rp2040" },
    { chip: "RP2350", family: "absolute" },
  ] as const)("an $chip's flash is read back as UF2, as far as the user says", async ({ chip, family }) => {
    const { computer, board } = attached(chip);
    const options = { flashSize: 1 << 20 };
    await use(computer, { kind: "save", board: await waiting(computer), file: "/home/me/x.UF2" }, options);
    const file = decodeUf2(computer.saved.get("/home/me/x.UF2")!, "x.uf2");
    expect(file).toMatchObject({ family, hasE10Block: false });
    expect(file.pages[0]!.address).toBe(0x1000_0000);
    const bytes = Buffer.concat(file.pages.map((page) => page.bytes));
    expect(Buffer.compare(bytes, board.flash.subarray(0, 1 << 20))).toBe(0);
  });

  it("a file that cannot be written is told", async () => {
    const { computer } = attached();
    const save = use(computer, { kind: "save", board: await waiting(computer), file: "/nowhere/x.bin" });
    await expect(save).rejects.toThrow("/nowhere/x.bin cannot be written (ENOENT: as told); choose another");
  });

  it("what is cancelled leaves a board that takes the next command", async () => {
    const { computer, board } = attached();
    const controller = new AbortController();
    const erasing = useBoard({
      computer,
      use: { kind: "erase", board: await waiting(computer) },
      flashSize: undefined,
      driveFolders: [],
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(erasing).rejects.toMatchObject({ name: "AbortError" });
    expect(board.picoboot.isDriveLocked).toBe(false);
    await use(computer, { kind: "erase", board: await waiting(computer) });
    expect(board.flash.every((byte) => byte === 0xff)).toBe(true);
  });

  it("without the library for USB it says what is missing", async () => {
    const { computer } = attached();
    computer.usbPeers = undefined;
    await expect(use(computer, { kind: "erase", board: await waiting(computer) })).rejects.toThrow(
      "This needs PICOBOOT, and nothing here speaks it; install picotool (https://",
    );
  });

  it("picotool does it where it is installed", async () => {
    const { computer, board } = attached();
    computer.write("/usr/bin/picotool", "");
    computer.programs.set("picotool", () => ({ status: 0, lines: [] }));
    await use(computer, { kind: "erase", board: await waiting(computer) });
    expect(computer.runs[0]!.slice(0, 3)).toEqual(["/usr/bin/picotool", "erase", "-a"]);
    expect(board.usbSteps).toBe(0);
  });
});

describe("a running program with pico-sdk's reset interface, and no serial port", () => {
  function running() {
    const computer = fakeComputer();
    computer.usbPeers = new Map();
    const usb = { port: "1-4", vendor: "2e8a", product: "0009", serial: "E66", name: "Pico" };
    computer.plugUsb({ ...usb, interfaces: ["ff/00/01 Reset"] });
    const requests: InterfaceRequest[] = [];
    const unanswered = () => Promise.reject(new Error("not asked for"));
    const side: UsbSide = {
      isAttached: true,
      interfaces: [{ number: 2, class: 0xff, subclass: 0, protocol: 1, endpoints: [] }],
      unplug: () => undefined,
      send: unanswered,
      receive: unanswered,
      ask: unanswered,
      clearHalt: unanswered,
      control: (request) => {
        requests.push(request);
        computer.unplugUsb("1-4");
        computer.plugBootsel({ chip: "RP2040", port: "1-4" });
        return Promise.resolve();
      },
    };
    const peer = { vendor: 0x2e8a, product: 9, serial: "E66", bus: "001", address: 24 };
    computer.usbPeers.set("1-4", fakePeer({ ...peer, side: () => side, onStep: () => undefined }));
    return { computer, requests };
  }

  it("is sent to BOOTSEL mode", async () => {
    const { computer, requests } = running();
    const [found] = await findBoards(computer);
    await use(computer, { kind: "bootsel", board: found as RunningBoard });
    // Class request to the interface (pico-sdk, `reset_interface.c`): RESET_REQUEST_BOOTSEL, no flags.
    expect(requests).toEqual([{ type: "class", request: 1, value: 0, interface: 2 }]);
    expect((await findBoards(computer))[0]!.kind).toBe("bootsel");
  });

  it.each([undefined, "picoboot"] as const)("is flashed without picotool (route %s)", async (route) => {
    const { computer, requests } = running();
    const { flashed, progress } = await flashAttached(computer, BLINK, { route });
    expect(requests.length).toBe(1);
    expect(progress[0]!.step).toBe("restarting");
    expect(flashed).toMatchObject({ route: route ?? "uf2", isRunning: true });
  });
});

describe("a running program with a serial port", () => {
  it("is not ended for a route that cannot be taken", async () => {
    const computer = fakeComputer();
    const usb = { port: "1-4", vendor: "2e8a", product: "000a", serial: "E66", name: "Pico", tty: "ttyACM0" };
    computer.plugUsb(usb);
    const attempt = flashAttached(computer, BLINK, { route: "picoboot" });
    await expect(attempt).rejects.toThrow("Pollscope cannot speak PICOBOOT here (as told); install it");
    expect(computer.runs).toEqual([]);
  });
});

describe("how a board can be reached", () => {
  it("is told by what is installed", async () => {
    const { computer } = attached();
    const board = await waiting(computer);
    const drive = "drive /media/me/RP2040";
    expect(boardWays(board, "picotool")).toEqual([drive, "PICOBOOT (picotool)"]);
    expect(boardWays(board, "Pollscope")).toEqual([drive, "PICOBOOT (Pollscope)"]);
    expect(boardWays(board, undefined)).toEqual([drive, "PICOBOOT (picotool is not installed)"]);
  });
});
