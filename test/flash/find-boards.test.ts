import { describe, expect, it } from "vitest";
import { type Board, boardTitle } from "#extension/pico/boards/board";
import { findBoards } from "#extension/pico/boards/find-boards";
import { INFO_UF2 } from "./boot-rom";
import { fakeComputer } from "./fake-computer";

const brief = (boards: readonly Board[]) => boards.map((board) => `${board.id}: ${boardTitle(board)}`);

describe("the boards that are attached", () => {
  it("are found by what they are on USB, behind hubs too", async () => {
    const computer = fakeComputer();
    computer.plugUsb({ port: "1-4", vendor: "05e3", product: "0610", name: "USB2.1 Hub" });
    computer.plugBootsel({ chip: "RP2040", port: "1-4.1" });
    computer.plugBootsel({ chip: "RP2350", port: "1-4.2", serial: "5A1B" });
    computer.plugUsb({
      port: "1-4.3",
      vendor: "2e8a",
      product: "000a",
      serial: "E661",
      name: "Pico",
      tty: "ttyACM0",
      interfaces: ["02/02/00", "0a/00/00", "ff/00/01 Reset"],
    });
    computer.plugUsb({
      port: "1-4.4",
      vendor: "c0de",
      product: "cafe",
      serial: "12345678",
      name: "USB-serial example",
      tty: "ttyACM1",
    });
    computer.plugUsb({
      port: "2-1",
      vendor: "2e8a",
      product: "000c",
      serial: "E6614",
      name: "Debugprobe on Pico (CMSIS-DAP)",
      tty: "ttyACM2",
    });
    computer.plugUsb({
      port: "2-2",
      vendor: "0d28",
      product: "0204",
      serial: "9900",
      name: "micro:bit",
      interfaces: ["08/06/50", "ff/00/00 mbed CMSIS-DAP"],
    });
    computer.plugUsb({ port: "2-3", vendor: "046d", product: "c31c", name: "Keyboard" });
    const boards = await findBoards(computer);
    expect(brief(boards)).toEqual([
      "1-4.1: RP2040 in BOOTSEL mode, E0C9125B0D9B",
      "1-4.2: RP2350 in BOOTSEL mode, 5A1B",
      "1-4.3: Pico (running), E661",
      "1-4.4: USB-serial example (running), 12345678",
      "2-1: Debugprobe on Pico (CMSIS-DAP), E6614",
      "2-2: micro:bit, 9900",
    ]);
    expect(boards[0]).toMatchObject({ drive: { kind: "mounted", folder: "/media/me/RP2040" } });
    expect(boards[2]).toMatchObject({ port: "/dev/ttyACM0", hasResetInterface: true });
    expect(boards[3]).toMatchObject({ port: "/dev/ttyACM1", hasResetInterface: false });
    expect(boards[4]).toMatchObject({ selector: "2e8a:000c:E6614", port: "/dev/ttyACM2" });
  });

  it("are told apart where their serial numbers are the same", async () => {
    const computer = fakeComputer();
    computer.plugBootsel({ chip: "RP2040", port: "1-1", mount: "/media/me/RPI-RP2" });
    computer.plugBootsel({
      chip: "RP2040",
      port: "1-2",
      mount: "/media/me/RPI-RP2 (2)".replaceAll(" ", "\\040"),
    });
    const boards = await findBoards(computer);
    expect(boards.map(({ id, serial }) => [id, serial])).toEqual([
      ["1-1", "E0C9125B0D9B"],
      ["1-2", "E0C9125B0D9B"],
    ]);
  });

  it("have a drive that is not mounted, or none", async () => {
    const computer = fakeComputer();
    computer.plugUsb({
      port: "1-1",
      vendor: "2e8a",
      product: "0003",
      interfaces: ["08/06/50"],
      block: "sdb",
    });
    computer.plugUsb({ port: "1-2", vendor: "2e8a", product: "000f", interfaces: ["ff/00/00"] });
    const boards = await findBoards(computer);
    expect(boards.map((board) => board.kind === "bootsel" && board.drive)).toEqual([
      { kind: "unmounted", device: "/dev/sdb1" },
      undefined,
    ]);
  });
});

describe("a folder is the drive of a boot ROM only if", () => {
  async function found(prepare: (computer: ReturnType<typeof fakeComputer>) => void): Promise<number> {
    const computer = fakeComputer();
    prepare(computer);
    return (await findBoards(computer, { driveFolders: ["/drives"] })).length;
  }

  it("it has both files, and names a chip of Raspberry Pi", async () => {
    const both = (info: string) => (computer: ReturnType<typeof fakeComputer>) => {
      computer.write("/drives/a/INFO_UF2.TXT", info);
      computer.write("/drives/a/INDEX.HTM", "");
    };
    expect(await found(both(INFO_UF2.RP2040))).toBe(1);
    expect(await found(both(INFO_UF2.RP2350))).toBe(1);
    expect(await found(both(INFO_UF2.RP2040.replaceAll("\n", "\r\n")))).toBe(1);
    // The first silicon says v2.0, later one v3.0.
    expect(await found(both(INFO_UF2.RP2040.replace("v3.0", "v2.0")))).toBe(1);
    expect(
      await found(
        both("UF2 Bootloader v0.6.1\nModel: Adafruit Feather nRF52840\nBoard-ID: nRF52840-Feather-revD\n"),
      ),
    ).toBe(0);
    expect(await found(both("Board-ID: RPI-RP2\n"))).toBe(0);
    expect(await found(both(""))).toBe(0);
    expect(await found(both("UF2 Bootloader v1.0\nBoard-ID: constructor\n"))).toBe(0);
    expect(await found((computer) => computer.write("/drives/a/INFO_UF2.TXT", INFO_UF2.RP2040))).toBe(0);
    expect(await found((computer) => computer.write("/drives/INFO_UF2.TXT", INFO_UF2.RP2040))).toBe(0);
  });

  it("it lies on USB, where it is mounted: a copy on a hard disk is none", async () => {
    const copy = (computer: ReturnType<typeof fakeComputer>, source: string) => {
      computer.write("/proc/self/mounts", `${source} /home ext4 rw 0 0\n`);
      computer.write("/home/INFO_UF2.TXT", INFO_UF2.RP2040);
      computer.write("/home/INDEX.HTM", "");
    };
    expect(await found((computer) => copy(computer, "/dev/nvme0n1p2"))).toBe(0);
    expect(await found((computer) => copy(computer, "tmpfs"))).toBe(0);
    const onDisk = (computer: ReturnType<typeof fakeComputer>) => {
      copy(computer, "/dev/sda2");
      computer.plugBootsel({ chip: "RP2350", port: "1-1", mount: "/media/x" });
      computer.link("/sys/class/block/sda2", "/sys/devices/pci0000:00/ata1/host0/block/sda/sda2");
    };
    expect(await found(onDisk)).toBe(1);
  });

  it("on macOS it is a volume, on Windows a drive letter", async () => {
    const mac = fakeComputer();
    mac.write("/Volumes/RPI-RP2/INFO_UF2.TXT", INFO_UF2.RP2040);
    mac.write("/Volumes/RPI-RP2/INDEX.HTM", "");
    mac.write("/Volumes/Macintosh HD/Users/me/notes.txt", "");
    expect(brief(await findBoards({ ...mac, platform: "macos" }))).toEqual([
      "/Volumes/RPI-RP2: RP2040 in BOOTSEL mode, /Volumes/RPI-RP2",
    ]);
    const windows = fakeComputer();
    windows.write("E:\\/INFO_UF2.TXT", INFO_UF2.RP2350);
    windows.write("E:\\/INDEX.HTM", "");
    expect(
      brief(await findBoards({ ...windows, platform: "windows", list: (path) => windows.list(path) })),
    ).toEqual(["E:\\: RP2350 in BOOTSEL mode, E:\\"]);
  });
});
