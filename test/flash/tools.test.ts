import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { UserError } from "#adapter/base/errors";
import type { Board, BootselBoard, ProbeBoard, RunningBoard } from "#extension/pico/boards/board";
import { boardProgram } from "#extension/pico/boards/board-program";
import { listProbes, withProbes } from "#extension/pico/boards/probe-list";
import { RP2040 } from "#extension/pico/chip";
import type { Computer } from "#extension/pico/computer/computer";
import { findTool } from "#extension/pico/computer/find-program";
import { thisComputer } from "#extension/pico/computer/this-computer";
import { flashBoard } from "#extension/pico/routes/flash-board";
import { type PicotoolAction, usePicotool } from "#extension/pico/routes/picotool-actions";
import type { FlashProgress, RouteName } from "#extension/pico/routes/flashing";
import { firmwareImage } from "#extension/pico/uf2/firmware-image";
import { fakeClock, fakeComputer } from "./fake-computer";
import { MADE_FIRMWARE } from "./made-firmware";

const BLINK = "samples/prebuilt/blink-release.elf";

let folder: string;
beforeAll(() => {
  // A folder that a shell would take apart.
  folder = mkdtempSync(join(tmpdir(), "pollscope $(tools) '"));
  for (const tool of ["picotool", "probe-rs"]) {
    symlinkSync(resolve(`test/flash/fake-tools/${tool}.mjs`), join(folder, tool));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => behave("works"));

function behave(mode: string): void {
  writeFileSync(join(folder, "behaviour.json"), JSON.stringify({ mode }));
  writeFileSync(join(folder, "asked.jsonl"), "");
}

const asked = () =>
  readFileSync(join(folder, "asked.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as string[]);

const usb = {
  port: "1-4",
  vendor: 0x2e8a,
  product: 3,
  serial: "E0C9125B0D9B",
  name: "RP2 Boot",
  attachment: "14",
  usbNumbers: { bus: 1, address: 14 },
  interfaces: [],
  serialPorts: [],
  volumes: [],
};
const bootsel: BootselBoard = {
  kind: "bootsel",
  id: "1-4",
  serial: usb.serial,
  usb,
  chip: RP2040,
  drive: undefined,
};
const running: RunningBoard = {
  kind: "running",
  id: "1-4",
  serial: "E66",
  usb,
  name: "Pico",
  port: undefined,
  hasResetInterface: true,
};
const probe: ProbeBoard = {
  kind: "probe",
  id: "1-5",
  serial: "E661; rm -rf",
  usb,
  name: "Debugprobe on Pico (CMSIS-DAP)",
  selector: "2e8a:000c:E661; rm -rf",
  port: "/dev/ttyACM0",
};

interface Attempt {
  readonly route?: RouteName;
  readonly isVerified?: boolean;
  readonly isStarted?: boolean;
  readonly elf?: Uint8Array;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FlashProgress) => void;
  readonly computer?: Partial<Computer>;
}

async function flash(board: Board, attempt: Attempt = {}) {
  const { route, isVerified = true, isStarted = true, elf = readFileSync(BLINK) } = attempt;
  const progress: FlashProgress[] = [];
  const flashed = await flashBoard({
    computer: { ...thisComputer(), environment: { PATH: folder }, ...attempt.computer },
    image: firmwareImage(elf, "blink.elf"),
    firmware: resolve(BLINK),
    board,
    route,
    isVerified,
    isStarted,
    flashSize: undefined,
    driveFolders: [],
    signal: attempt.signal ?? new AbortController().signal,
    onProgress: (each) => {
      progress.push(each);
      attempt.onProgress?.(each);
    },
  });
  return { flashed, progress };
}

/** What is told; afterwards the same board is flashed without trouble. */
async function told(board: Board, mode: string): Promise<string> {
  behave(mode);
  const error: unknown = await flash(board).catch((fault: unknown) => fault);
  expect(error).toBeInstanceOf(UserError);
  behave("works");
  expect((await flash(board)).flashed.isRunning).toBe(true);
  return (error as UserError).message;
}

describe("picotool", () => {
  it("is asked for the board by its address, and tells how far it is", async () => {
    const { flashed, progress } = await flash(bootsel);
    expect(asked()).toEqual([
      ["load", "-v", "-x", resolve(BLINK), "-t", "elf", "--bus", "1", "--address", "14"],
    ]);
    expect(flashed).toEqual({ route: "picotool", checked: "read back", isRunning: true });
    for (const step of ["writing", "verifying"]) {
      const fractions = progress.filter((each) => each.step === step && each.fraction !== undefined);
      expect(fractions.map(({ fraction }) => Math.round(100 * fraction!))).toEqual(
        Array.from({ length: 101 }, (_, i) => i),
      );
    }
  });

  it("leaves out what is not wanted", async () => {
    const { flashed } = await flash(bootsel, { route: "picotool", isVerified: false, isStarted: false });
    expect(asked()).toEqual([["load", resolve(BLINK), "-t", "elf", "--bus", "1", "--address", "14"]]);
    expect(flashed).toEqual({ route: "picotool", checked: "written", isRunning: false });
  });

  it("restarts a program of pico-sdk itself", async () => {
    await flash(running);
    expect(asked()[0]).toEqual(expect.arrayContaining(["-f"]));
    behave("works");
    await flash(running, { route: "picotool", isStarted: false });
    expect(asked()[0]).toEqual(expect.arrayContaining(["-F"]));
  });

  it.each([
    {
      mode: "no device",
      says: "picotool could not load blink.elf (No accessible RP-series devices in BOOTSEL mode were found at bus 1, address 14.)",
    },
    {
      mode: "no permission",
      says: "picotool sees the board, but may not use it; run `Pollscope: Set Up USB Access`",
    },
    {
      mode: "unplugged",
      says: "picotool could not load blink.elf (The RP-series device returned an error: unknown error); unplug the board",
    },
    { mode: "verify fails", says: "picotool could not load blink.elf (Verify failed)" },
    { mode: "killed", says: "picotool could not load blink.elf (it was ended)" },
  ])("says what happened: $mode", async ({ mode, says }) => {
    expect(await told(bootsel, mode)).toContain(says);
  });

  it("is ended when the user cancels", async () => {
    behave("hangs");
    const controller = new AbortController();
    const attempt = flash(bootsel, {
      signal: controller.signal,
      onProgress: ({ fraction }) => fraction === 0.4 && controller.abort(),
    });
    await expect(attempt).rejects.toMatchObject({ name: "AbortError" });
    behave("works");
    await flash(bootsel);
  });
});

describe("probe-rs", () => {
  it("is asked for the chip of the firmware, at the probe that was chosen", async () => {
    const { flashed } = await flash(probe);
    const common = ["--chip", "RP2040", "--probe", "2e8a:000c:E661; rm -rf", "--non-interactive"];
    expect(asked()).toEqual([
      ["download", ...common, "--disable-progressbars", "--verify", resolve(BLINK)],
      ["reset", ...common],
    ]);
    expect(flashed).toEqual({ route: "probe-rs", checked: "read back", isRunning: true });
  });

  it("lists probes that are no CMSIS-DAP, too, each once", async () => {
    const computer = { ...thisComputer(), environment: { PATH: folder } };
    const { signal } = new AbortController();
    const probes = await listProbes(computer, signal);
    expect(probes.map(({ name, selector, serial }) => [name, selector, serial])).toEqual([
      ["Debugprobe on Pico (CMSIS-DAP)", "2e8a:000c:E6614", "E6614"],
      ["Dual RS232-HS", "0403:6010-1", undefined],
      ["J-Link", "1366:0101:000123", "000123"],
    ]);
    const seen: ProbeBoard = { ...probe, selector: "2e8a:000c:E6614", port: "/dev/ttyACM0" };
    expect(withProbes([seen], probes)).toEqual([seen, probes[1], probes[2]]);
    behave("no probe");
    expect(await listProbes(computer, signal)).toEqual([]);
    expect(await listProbes({ ...computer, environment: {} }, signal)).toEqual([]);
  });

  it.each([
    { name: "rp2350-arm-s", chip: "RP235x" },
    { name: "rp2350-riscv", chip: "RP235x_riscv" },
  ])("names the core of $name", async ({ name, chip }) => {
    await flash(probe, { elf: MADE_FIRMWARE[name]!(), isStarted: false });
    expect(asked().map((words) => words.slice(0, 3))).toEqual([["download", "--chip", chip]]);
  });

  it.each([
    { mode: "no probe", says: "probe-rs finds no such debug probe; plug it in again" },
    { mode: "in use", says: "The debug probe is in use; end the debug session" },
    {
      mode: "no permission",
      says: "probe-rs sees the debug probe, but may not use it; run `Pollscope: Set Up USB Access`",
    },
    {
      mode: "no target",
      says: "No RP2040 answers at the debug probe; check that SWCLK, SWDIO and GND are connected",
    },
    {
      mode: "unplugged",
      says: "probe-rs could not load blink.elf (USB Communication Error: device disconnected); check the wires",
    },
  ])("says what happened: $mode", async ({ mode, says }) => {
    expect(await told(probe, mode)).toContain(says);
  });

  it("that says nothing for minutes is ended", async () => {
    behave("hangs");
    const { now, sleep } = fakeClock();
    // Its clock stands until the program has begun.
    let hasBegun: () => void = () => undefined;
    const begun = new Promise<void>((done) => (hasBegun = done));
    const real = thisComputer();
    const computer: Partial<Computer> = {
      now,
      sleep: (milliseconds, signal) => begun.then(() => sleep(milliseconds, signal)),
      run: (run) =>
        real.run({
          ...run,
          onLine: (line) => {
            run.onLine?.(line);
            hasBegun();
          },
        }),
    };
    await expect(flash(probe, { computer })).rejects.toThrow(
      "has said nothing for 3 minutes, and was ended; unplug",
    );
    behave("works");
    await flash(probe);
  });

  it("is not asked where another route was named", async () => {
    await expect(flash(probe, { route: "uf2" })).rejects.toThrow(
      "A debug probe is used by probe-rs, not by the route uf2",
    );
  });
});

describe("what else picotool does with a board", () => {
  const computer = () => ({ ...thisComputer(), environment: { PATH: folder } });
  const { signal } = new AbortController();
  async function use(board: BootselBoard | RunningBoard, action: PicotoolAction) {
    const fractions: number[] = [];
    await usePicotool({
      computer: computer(),
      board,
      action,
      signal,
      onProgress: (each) => fractions.push(each),
    });
    return fractions;
  }
  const selection = ["--bus", "1", "--address", "14"];

  it("starts, restarts, erases and reads back, and tells how far it is", async () => {
    await use(bootsel, { kind: "start" });
    await use(running, { kind: "bootsel" });
    expect((await use(bootsel, { kind: "erase" })).at(-1)).toBe(1);
    expect((await use(bootsel, { kind: "save", file: "/tmp/a b.uf2" })).length).toBe(101);
    expect(asked()).toEqual([
      ["reboot", "-a", ...selection],
      ["reboot", "-u", ...selection, "-f"],
      ["erase", "-a", ...selection],
      ["save", "-a", "/tmp/a b.uf2", ...selection],
    ]);
  });

  it("says what it could not do", async () => {
    behave("no device");
    await expect(use(bootsel, { kind: "erase" })).rejects.toThrow(
      "picotool could not erase the flash (No accessible RP-series devices in BOOTSEL mode were found.); unplug",
    );
    const nothing = { ...thisComputer(), environment: { PATH: "/nowhere" } };
    const attempt = usePicotool({
      computer: nothing,
      board: bootsel,
      action: { kind: "start" },
      signal,
      onProgress: () => undefined,
    });
    await expect(attempt).rejects.toThrow("This needs picotool, and there is none here; install it");
  });

  it("asks what is in the flash, and takes no answer for nothing", async () => {
    expect(await boardProgram(computer(), bootsel, signal)).toEqual([
      { name: "name", value: "hello_world" },
      { name: "features", value: "stdout to UART" },
      { name: "binary start", value: "0x10000000" },
      { name: "flash size", value: "2048K" },
      { name: "ROM version", value: "2" },
    ]);
    behave("no device");
    expect(await boardProgram(computer(), bootsel, signal)).toEqual([]);
    expect(await boardProgram({ ...computer(), environment: {} }, bootsel, signal)).toEqual([]);
  });
});

describe("a tool that is not there", () => {
  const usb = () => ({ kind: "missing", reason: "as told" }) as const;
  const nowhere = { computer: { environment: { PATH: "/nowhere" }, usb } };
  it("is named, with where to get it", async () => {
    await expect(flash(bootsel, nowhere)).rejects.toThrow(
      "The RP2040 has to be flashed by PICOBOOT; install picotool (https://",
    );
    await expect(flash(bootsel, { ...nowhere, route: "picotool" })).rejects.toThrow(
      "There is no picotool here; install it (https://",
    );
    await expect(flash(probe, nowhere)).rejects.toThrow(
      "There is no probe-rs here, which a debug probe needs; install it",
    );
  });

  it("is looked for where its installers put it", async () => {
    const computer = fakeComputer();
    expect(await findTool(computer, "probe-rs")).toBeUndefined();
    computer.write("/home/me/.cargo/bin/probe-rs", "");
    computer.write("/home/me/.pico-sdk/picotool/2.1.0/picotool/picotool", "");
    computer.write("/home/me/.pico-sdk/picotool/2.2.0/picotool/picotool", "");
    expect(await findTool(computer, "probe-rs")).toBe("/home/me/.cargo/bin/probe-rs");
    expect(await findTool(computer, "picotool")).toBe("/home/me/.pico-sdk/picotool/2.2.0/picotool/picotool");
    computer.write("/usr/bin/picotool", "");
    expect(await findTool(computer, "picotool")).toBe("/usr/bin/picotool");
  });
});
