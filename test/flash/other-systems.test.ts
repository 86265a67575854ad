import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Board, boardTitle } from "#extension/pico/boards/board";
import { boardWays } from "#extension/pico/boards/board-ways";
import { findBoards } from "#extension/pico/boards/find-boards";
import { parseIoRegistry } from "#extension/pico/boards/io-registry";
import { parseMounts } from "#extension/pico/boards/macos-usb";
import { parsePnpDevices } from "#extension/pico/boards/pnp-devices";
import { usbDevices, isPluggedIn } from "#extension/pico/boards/usb-devices";
import type { Computer } from "#extension/pico/computer/computer";
import { flashBoard } from "#extension/pico/routes/flash-board";
import type { RouteName } from "#extension/pico/routes/flashing";
import { firmwareImage } from "#extension/pico/uf2/firmware-image";
import type { FakeBoard } from "./fake-board";
import { fakeMac } from "./fake-mac";
import { type FakeDevice, type FakeSystem, RUNNING_PICO } from "./fake-usb";
import { fakeWindows, POWERSHELL } from "./fake-windows";

const BLINK = readFileSync("samples/prebuilt/blink-release.elf");

const PROBE: FakeDevice = {
  vendor: 0x2e8a,
  product: 0x000c,
  serial: "E6614C311B7E6F35",
  name: "Debug Probe (CMSIS-DAP)",
  interfaces: ["ff/00/00 CMSIS-DAP v2 Interface", "02/02/00 CDC-ACM UART Interface", "0a/00/00"],
  port: 12,
};
const MICRO_BIT: FakeDevice = {
  vendor: 0x0d28,
  product: 0x0204,
  serial: "9900",
  name: "BBC micro:bit",
  interfaces: ["08/06/50", "ff/00/00 mbed CMSIS-DAP"],
};
const KEYBOARD: FakeDevice = {
  vendor: 0x046d,
  product: 0xc31c,
  name: "Keys <&> \u00fc",
  interfaces: ["03/01/01"],
};

const SYSTEMS = [
  {
    name: "macOS",
    make: fakeMac,
    parse: (text: string) => parseIoRegistry(text, parseMounts("/dev/disk3s1s1 on / (apfs, local)\n")),
    ports: ["0x14110000", "0x14120000", "0x14130000", "0x14140000"],
    folders: ["/Volumes/RPI-RP2", "/Volumes/RP2350"],
    serialPorts: ["/dev/cu.usbmodem14105", "/dev/cu.usbmodem141012"],
    picotool: ["--bus", "20", "--address", "8"],
  },
  {
    name: "Windows",
    make: fakeWindows,
    parse: parsePnpDevices,
    ports: ["1-1", "1-2", "1-3", "1-4"],
    folders: ["E:\\", "F:\\"],
    serialPorts: ["COM5", "COM12"],
    // Which numbers libusb gives cannot be known.
    picotool: ["--ser", "E0C9125B0D9B"],
  },
];

const brief = (boards: readonly Board[]) => boards.map((board) => `${board.id}: ${boardTitle(board)}`);

/** Flashes a board; without one, the only one there is. */
async function flash(computer: Computer, board?: Board, route?: RouteName) {
  const boards = await findBoards(computer);
  if (board === undefined) expect(boards.length).toBe(1);
  return flashBoard({
    computer,
    image: firmwareImage(BLINK, "blink.elf"),
    firmware: "blink.elf",
    board: board ?? boards[0]!,
    route,
    flashSize: undefined,
    driveFolders: [],
    signal: new AbortController().signal,
    isVerified: false,
    isStarted: true,
    onProgress: () => undefined,
  });
}

function expectInFlash(board: FakeBoard): void {
  for (const { address, bytes } of firmwareImage(BLINK, "blink.elf").pages) {
    const at = address - 0x1000_0000;
    expect(Buffer.compare(board.flash.subarray(at, at + 256), bytes)).toBe(0);
  }
}

describe.each(SYSTEMS)("on $name", ({ make, parse, ports, folders, serialPorts, picotool }) => {
  it("boards and probes are found by what they are on USB", async () => {
    const { computer, ...system } = make();
    system.plugBootsel({ place: 1, chip: "RP2040" });
    system.plugBootsel({ place: 2, chip: "RP2350", serial: "5A1B" });
    system.plug(3, RUNNING_PICO);
    system.plug(4, PROBE);
    system.plug(5, MICRO_BIT);
    system.plug(6, KEYBOARD);
    const boards = await findBoards(computer);
    expect(brief(boards).slice(0, 4)).toEqual([
      `${ports[0]!}: RP2040 in BOOTSEL mode, E0C9125B0D9B`,
      `${ports[1]!}: RP2350 in BOOTSEL mode, 5A1B`,
      `${ports[2]!}: Pico (running), E6614C775B6C7F31`,
      `${ports[3]!}: Debug Probe (CMSIS-DAP), E6614C311B7E6F35`,
    ]);
    expect(boards.slice(4).map((board) => board.kind === "probe" && board.selector)).toEqual([
      "0d28:0204:9900",
    ]);
    expect(boards[0]).toMatchObject({ drive: { kind: "mounted", folder: folders[0] } });
    expect(boards[1]).toMatchObject({ drive: { kind: "mounted", folder: folders[1] } });
    expect(boards[2]).toMatchObject({ port: serialPorts[0], hasResetInterface: true });
    expect(boards[3]).toMatchObject({ selector: "2e8a:000c:E6614C311B7E6F35", port: serialPorts[1] });
    expect(boardWays(boards[2]!, "picotool")).toEqual([
      `USB serial ${serialPorts[0]!}`,
      "reset interface (picotool)",
    ]);
    const keyboard = (await usbDevices(computer)).find(({ vendor }) => vendor === 0x046d);
    expect(keyboard).toMatchObject({ name: "Keys <&> \u00fc", serial: undefined });
  });

  it("boards with the same serial number are told apart by where they are, each with its drive", async () => {
    const { computer, ...system } = make();
    // Windows gives the second one an identity of its own making.
    system.plugBootsel({ place: 1, chip: "RP2040" });
    system.plugBootsel({ place: 2, chip: "RP2040", serial: "5&1B2C3D4E&0&2" });
    const boards = await findBoards(computer);
    expect(boards.map(({ id }) => id)).toEqual(ports.slice(0, 2));
    const drives = boards.map((board) => board.kind === "bootsel" && board.drive);
    expect(new Set(drives.map((drive) => JSON.stringify(drive))).size).toBe(2);
    expect(drives.every((drive) => drive !== false && drive?.kind === "mounted")).toBe(true);
  });

  it("a board is flashed over its drive, which goes away when all has arrived", async () => {
    const { computer, plugBootsel } = make();
    const board = plugBootsel({ place: 1, chip: "RP2040" });
    expect(await flash(computer)).toMatchObject({ route: "uf2", isRunning: true });
    expect(board.isAttached).toBe(false);
    expectInFlash(board);
  });

  it("a board that stays although it has every block is told", async () => {
    const { computer, plugBootsel } = make();
    const board = plugBootsel({ place: 1, chip: "RP2040" });
    board.faults.staysForEver = true;
    await expect(flash(computer)).rejects.toThrow("has not restarted 10 s after its last block");
  });

  it("a board that is pulled out midway is told", async () => {
    const { computer, plugBootsel } = make();
    const board = plugBootsel({ place: 1, chip: "RP2040" });
    board.faults.unplug = { after: 5 };
    await expect(flash(computer)).rejects.toThrow("The RP2040 was unplugged, or restarted");
  });

  it("a device is plugged in until it is not, or is there anew", async () => {
    const { computer, ...system } = make();
    const board = system.plugBootsel({ place: 1, chip: "RP2040" });
    const [device] = await usbDevices(computer);
    expect(await isPluggedIn(computer, device!)).toBe(true);
    system.unplug(1);
    system.plug(1, RUNNING_PICO);
    expect(await isPluggedIn(computer, device!)).toBe(false);
    expect(board.isAttached).toBe(true);
  });

  it.each([
    { what: "is not there", answer: () => undefined },
    { what: "writes nonsense", answer: () => "what?" },
    {
      what: "tells of no device at all",
      answer: () => (make === fakeMac ? "<plist><array/></plist>" : "{}"),
    },
  ])("without a program that tells of USB devices the drives are found: it $what", async ({ answer }) => {
    const { computer, ...system } = make();
    const board = system.plugBootsel({ place: 1, chip: "RP2040" });
    system.plugBootsel({ place: 2, chip: "RP2350" });
    system.breakUsb(answer);
    const boards = await findBoards(computer);
    expect(boards.map(({ id }) => id).sort()).toEqual([...folders].sort());
    await flash(
      computer,
      boards.find(({ id }) => id === folders[0]),
    );
    expectInFlash(board);
  });

  it("a program that tells of USB devices and hangs is not waited for", async () => {
    const { computer, ...system } = make();
    system.plugBootsel({ place: 1, chip: "RP2040" });
    const hang = async function* (): AsyncGenerator<Uint8Array> {
      yield await new Promise<never>(() => undefined);
    };
    computer.streams.set(make === fakeMac ? "/usr/sbin/ioreg" : POWERSHELL, hang);
    expect((await findBoards(computer)).map(({ id }) => id)).toEqual([folders[0]]);
    expect(computer.now()).toBeLessThanOrEqual(15_000);
  });

  it("a board whose program stops telling while it is flashed is judged by its drive", async () => {
    const { computer, ...system } = make();
    const board = system.plugBootsel({ place: 1, chip: "RP2040" });
    const [device] = await usbDevices(computer);
    system.breakUsb(() => undefined);
    expect(await isPluggedIn(computer, device!)).toBe(true);
    expect(board.isAttached).toBe(true);
  });

  it("a drive of which it is not told whose it is belongs to the one board that it can", async () => {
    const { computer, ...system } = make();
    system.plugBootsel({ place: 1, chip: "RP2040" });
    system.breakUsb(() => withoutDisks(system.usbText()));
    expect((await findBoards(computer)).map(({ id, kind }) => [id, kind])).toEqual([[ports[0], "bootsel"]]);
    expect((await findBoards(computer))[0]).toMatchObject({ drive: { kind: "mounted", folder: folders[0] } });
    // With two it could be either: each is listed once, as its drive.
    system.plugBootsel({ place: 2, chip: "RP2040", serial: "5&1B2C3D4E&0&2" });
    const boards = await findBoards(computer);
    expect(boards.length).toBe(2);
    expect(boards.every(({ usb }) => usb === undefined)).toBe(true);
  });

  it("a running board is sent to BOOTSEL mode by 1200 baud, and flashed when its drive comes", async () => {
    const { computer, ...system } = make();
    system.plug(1, RUNNING_PICO);
    let board: FakeBoard | undefined;
    const touch = () => {
      system.unplug(1);
      void computer.sleep(1500, new AbortController().signal).then(() => {
        board = system.plugBootsel({ place: 1, chip: "RP2040" });
      });
      return { status: 0, lines: [] };
    };
    computer.programs.set("stty", touch);
    computer.programs.set(POWERSHELL, touch);
    expect(await flash(computer)).toMatchObject({ route: "uf2", isRunning: true });
    expectInFlash(board!);
    const [program, ...words] = computer.runs[0]!;
    if (make === fakeMac) expect([program, ...words]).toEqual(["/bin/stty", "-f", serialPorts[0], "1200"]);
    else {
      expect(program).toBe(POWERSHELL);
      expect(words.at(-1)).toContain("New-Object IO.Ports.SerialPort 'COM5', 1200");
    }
  });

  it("picotool is told which board is meant, as far as that is known", async () => {
    const { computer, plugBootsel } = make();
    plugBootsel({ place: 1, chip: "RP2040" });
    const [board] = await findBoards(computer);
    computer.programs.set("picotool", () => ({ status: 0, lines: [] }));
    await flash(computer, board, "picotool");
    expect(computer.runs[0]!.slice(-picotool.length)).toEqual(picotool);
  });

  it("no text of that program makes anything throw", () => {
    const system: FakeSystem = make();
    system.plugBootsel({ place: 1, chip: "RP2040" });
    system.plug(2, RUNNING_PICO);
    const whole = system.usbText();
    expect(parse(whole)?.some(({ vendor }) => vendor === 0x2e8a)).toBe(true);
    const position = fc.nat({ max: whole.length });
    fc.assert(
      fc.property(position, (end) => {
        // A part is told from the whole: else a board would seem to have been unplugged.
        const isWhole = whole.slice(end).trim() === "";
        expect(parse(whole.slice(0, end)) === undefined).toBe(!isWhole);
      }),
    );
    fc.assert(
      fc.property(
        position,
        fc.nat({ max: 40 }),
        fc.string({ unit: "binary", maxLength: 20 }),
        (at, gap, put) => {
          parse(whole.slice(0, at) + put + whole.slice(at + gap));
        },
      ),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(parse(text)).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(fc.json(), (text) => {
        parse(text);
      }),
    );
  });
});

/** The same outputs without anything that is below a disk, or without its letters. */
function withoutDisks(text: string): string {
  return text
    .replaceAll("<key>BSD Name</key>", "<key>Other Name</key>")
    .replaceAll(/"letters":\["\w:"\]/g, '"letters":[]');
}

describe("on macOS", () => {
  it("a drive that is not mounted is mounted by diskutil, or it is said why not", async () => {
    const { computer, ...system } = fakeMac();
    const board = system.plugBootsel({ place: 1, chip: "RP2040", isMounted: false });
    expect((await findBoards(computer))[0]).toMatchObject({
      drive: { kind: "unmounted", device: "/dev/disk5s1" },
    });
    await expect(flash(computer)).rejects.toThrow(
      "/dev/disk5s1 is not mounted, and cannot be (there is no diskutil)",
    );
    const said = "Volume on disk5s1 failed to mount";
    computer.programs.set("diskutil", () => ({ status: 1, lines: [said] }));
    await expect(flash(computer)).rejects.toThrow(`cannot be (${said}); mount it yourself`);
    computer.programs.set("diskutil", () => {
      system.mount(1);
      return { status: 0, lines: ["Volume RPI-RP2 on disk5s1 mounted"] };
    });
    await flash(computer);
    expect(computer.runs.at(-1)).toEqual(["/usr/sbin/diskutil", "mount", "/dev/disk5s1"]);
    expectInFlash(board);
  });

  it("a board behind a hub is told once, though ioreg tells it twice, and a hub has no port of its own", async () => {
    const { computer, ...system } = fakeMac();
    system.plug(1, RUNNING_PICO);
    const inner = /<dict>[^]*<\/dict>/.exec(system.usbText())![0];
    const hub = `<dict><key>IOObjectClass</key><string>IOUSBHostDevice</string>
      <key>idVendor</key><integer>1507</integer><key>idProduct</key><integer>1552</integer>
      <key>locationID</key><integer>336592896</integer>
      <key>IORegistryEntryChildren</key><array>${inner}</array></dict>`;
    system.breakUsb(() => `<plist version="1.0"><array>${hub}${inner}</array></plist>`);
    const devices = await usbDevices(computer);
    expect(devices.map(({ vendor, serialPorts }) => [vendor, serialPorts])).toEqual([
      [1507, []],
      [0x2e8a, ["/dev/cu.usbmodem14105"]],
    ]);
    expect(devices[1]!.interfaces.map((each) => each.class)).toEqual([2, 10, 255]);
  });

  it("mounts are read with spaces and brackets in their names", () => {
    const text = "/dev/disk4s1 on /Volumes/RPI-RP2 (1) x (msdos, local)\nmap x on /y (autofs)\n";
    expect(parseMounts(text)).toEqual(new Map([["/dev/disk4s1", ["/Volumes/RPI-RP2 (1) x"]]]));
    expect(parseMounts("")).toBeUndefined();
    expect(parseMounts("mount: what?")).toBeUndefined();
  });
});

describe("on Windows", () => {
  it("a port that is in use cannot be told to restart its board, which is said soon", async () => {
    const { computer, plug } = fakeWindows();
    plug(1, RUNNING_PICO);
    computer.programs.set(POWERSHELL, () => ({ status: 1, lines: ["UnauthorizedAccessException"] }));
    await expect(flash(computer)).rejects.toThrow("COM5 is in use by another program");
    expect(computer.now()).toBeLessThan(6000);
  });

  it("a program that ignores 1200 baud is told", async () => {
    const { computer, plug } = fakeWindows();
    plug(1, RUNNING_PICO);
    computer.programs.set(POWERSHELL, () => ({ status: 0, lines: ["open"] }));
    await expect(flash(computer)).rejects.toThrow("Pico cannot be sent to BOOTSEL mode by its program");
  });

  it("a device of one function is its own interface, and has its port itself", () => {
    const device = {
      id: "USB\\VID_C0DE&PID_CAFE\\12345678",
      name: "USB Serial Device (COM17)",
      present: true,
      compatible: ["USB\\Class_02&SubClass_02&Prot_00", "USB\\Class_02"],
      parent: "USB\\ROOT_HUB30\\4&2A93D76F&0&0",
      location: "Port_#0012.Hub_#0003",
      reported: "USB-serial example",
    };
    const [found] = parsePnpDevices(JSON.stringify({ devices: [device], disks: [] }))!;
    expect(found).toMatchObject({
      port: "3-12",
      vendor: 0xc0de,
      serial: "12345678",
      name: "USB-serial example",
      serialPorts: ["COM17"],
      interfaces: [{ class: 2, subclass: 2, protocol: 0 }],
    });
  });

  it("lists are read as PowerShell 5.1 writes them too, and what is not present is left out", () => {
    const hub = { id: "USB\\ROOT_HUB30\\4", present: true };
    const pico = { id: "USB\\VID_2E8A&PID_0003\\E0", present: true, compatible: "USB\\COMPOSITE" };
    const gone = { id: "USB\\VID_2E8A&PID_000A\\E6", present: false };
    const devices = { value: [hub, pico, gone], Count: 3 };
    expect(parsePnpDevices(`\uFEFF${JSON.stringify({ devices })}`)!.map(({ product }) => product)).toEqual([
      3,
    ]);
    expect(parsePnpDevices(JSON.stringify({ devices: pico }))!.length).toBe(1);
    expect(parsePnpDevices(JSON.stringify({ devices: [hub] }))).toEqual([]);
  });
});
