import type { Computer, OpenFile, ProgramEnd, ProgramRun } from "#extension/pico/computer/computer";
import type { UsbPeer } from "#extension/pico/usb/usb-transport";
import { erasedFlash, INFO_UF2, type RomChip } from "./boot-rom";
import { type FakeBoard, fakeBoard, systemError } from "./fake-board";
import { fakePeer } from "./fake-usb-peer";

export interface FakeComputer extends Computer {
  /** Writes a file of the tree, with its folders. */
  write(path: string, text: string): void;
  link(path: string, target: string): void;
  remove(path: string): void;
  /** Shows a boot ROM's drive in a folder; what is written there goes where `create` says. */
  showDrive(folder: string, chip: RomChip, create: () => Promise<OpenFile>): void;
  hideDrive(folder: string): void;
  /** Devices that are kept open, one entry for each. */
  readonly held: string[];
  /** Plugs a board in that waits for a program, its drive mounted. */
  plugBootsel(options: BootselOptions): FakeBoard;
  /** Plugs any other USB device in. */
  plugUsb(options: UsbOptions): void;
  unplugUsb(port: string): void;
  /** What a program does; without an entry there is no such program. */
  readonly programs: Map<string, (run: ProgramRun) => Promise<ProgramEnd> | ProgramEnd>;
  /** What a program writes to its standard output, for those that are read as they write. */
  readonly streams: Map<string, (words: readonly string[]) => AsyncIterable<Uint8Array>>;
  /** Devices that the USB library sees; undefined if it is not installed. */
  usbPeers: Map<string, UsbPeer> | undefined;
  /** What was written into files of the home folder. */
  readonly saved: ReadonlyMap<string, Uint8Array>;
  /** Programs that were run, with their words. */
  readonly runs: string[][];
}

export interface BootselOptions {
  readonly chip: RomChip;
  readonly port: string;
  readonly serial?: string;
  readonly mount?: string;
  /** Whether the system goes on showing the drive's files when the board is gone, as it remembers them. */
  readonly staysMounted?: boolean;
  /** In bytes; 2 MB if not given. */
  readonly flashSize?: number;
  /** Whether the boot ROM shows a drive; it does if not given. */
  readonly hasDrive?: boolean;
  readonly hasPartitionTable?: boolean;
  /** What the settings of an RP2350 forbid to be written. */
  readonly isForbidden?: (address: number) => boolean;
}

export interface UsbOptions {
  readonly port: string;
  readonly vendor: string;
  readonly product: string;
  readonly serial?: string;
  readonly name?: string;
  readonly interfaces?: readonly string[];
  readonly tty?: string;
  readonly block?: string;
}

const DEVICES = "/sys/bus/usb/devices";
const HOME = "/home/me";

/** A Linux machine in memory: a tree of files, USB devices in sysfs, boards that take sectors, a clock of its own. */
export function fakeComputer(): FakeComputer {
  const files = new Map<string, string>();
  const links = new Map<string, string>();
  const boards = new Map<string, () => Promise<OpenFile>>();
  const clock = fakeClock();
  const programs: FakeComputer["programs"] = new Map();
  const runs: string[][] = [];
  const saved = new Map<string, Uint8Array>();
  const streams: FakeComputer["streams"] = new Map();
  const held: string[] = [];

  const paths = () => [...files.keys(), ...links.keys()];
  const real = (path: string) => links.get(path) ?? path;
  const isThere = (path: string) => paths().some((each) => each === path || each.startsWith(`${path}/`));
  const remove = (path: string) => {
    for (const each of paths()) {
      if (each !== path && !each.startsWith(`${path}/`)) continue;
      files.delete(each);
      links.delete(each);
    }
  };
  const mounts = () => (files.get("/proc/self/mounts") ?? "").split("\n").filter((line) => line !== "");
  const setMounts = (lines: readonly string[]) =>
    files.set("/proc/self/mounts", lines.map((line) => `${line}\n`).join(""));

  const computer: FakeComputer = {
    platform: "linux",
    environment: { HOME, PATH: "/usr/bin" },
    programs,
    runs,
    saved,
    streams,
    held,
    hold: (path) => {
      held.push(path);
      return Promise.resolve(() => {
        held.splice(held.indexOf(path), 1);
        return Promise.resolve();
      });
    },
    showDrive: (folder, chip, create) => {
      files.set(`${folder}/INFO_UF2.TXT`, INFO_UF2[chip]);
      files.set(`${folder}/INDEX.HTM`, "<html></html>");
      boards.set(folder, create);
    },
    hideDrive: (folder) => {
      remove(folder);
      boards.delete(folder);
    },
    freePort: () => Promise.resolve(40_123),
    stream: ({ program, words }) => streams.get(program)?.(words) ?? nothing(),
    usbPeers: undefined,
    usb: () => {
      const { usbPeers } = computer;
      if (usbPeers === undefined) return { kind: "missing", reason: "as told" };
      const devices = () => Promise.resolve([...usbPeers.values()]);
      return { kind: "ready", transport: { devices } };
    },
    write: (path, text) => files.set(path, text),
    link: (path, target) => links.set(path, target),
    remove,
    readText: (path) => Promise.resolve(files.get(path)),
    list: (folder) => {
      const names = paths()
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1).split("/")[0]!);
      return Promise.resolve([...new Set(names)].sort());
    },
    resolve: (path) => Promise.resolve(isThere(path) ? real(path) : undefined),
    create: async (path) => {
      const folder = path.slice(0, path.lastIndexOf("/"));
      if (folder === HOME) return fileIn(saved, path);
      const board = boards.get(folder);
      if (board === undefined) throw systemError("ENOENT");
      return board();
    },
    run: async (run) => {
      run.signal.throwIfAborted();
      runs.push([run.program, ...run.words]);
      const name = run.program.slice(run.program.lastIndexOf("/") + 1);
      return programs.get(name)?.(run);
    },
    ...clock,
    plugUsb: ({ port, vendor, product, serial, name, interfaces = [], tty, block }) => {
      const folder = `${DEVICES}/${port}`;
      const put = (file: string, text: string | undefined) =>
        text !== undefined && files.set(`${folder}/${file}`, `${text}\n`);
      put("idVendor", vendor);
      put("idProduct", product);
      put("serial", serial);
      put("product", name);
      put("busnum", port.split("-")[0]);
      put("devnum", String(addressOf(port)));
      interfaces.forEach((each, i) => {
        const [numbers, ...words] = each.split(" ");
        ["bInterfaceClass", "bInterfaceSubClass", "bInterfaceProtocol"].forEach((file, j) =>
          files.set(`${DEVICES}/${port}:1.${i}/${file}`, `${numbers!.split("/")[j]!}\n`),
        );
        if (words.length > 0) files.set(`${DEVICES}/${port}:1.${i}/interface`, `${words.join(" ")}\n`);
      });
      const place = `/sys/devices/pci0000:00/usb1/1-0/${port}/${port}:1.0`;
      if (tty !== undefined) links.set(`/sys/class/tty/${tty}`, `${place}/tty/${tty}`);
      if (block !== undefined)
        links.set(`/sys/class/block/${block}`, `${place}/host6/target6:0:0/6:0:0:0/block/${block}`);
      if (block !== undefined)
        links.set(
          `/sys/class/block/${block}1`,
          `${place}/host6/target6:0:0/6:0:0:0/block/${block}/${block}1`,
        );
    },
    unplugUsb: (port) => {
      remove(`${DEVICES}/${port}`);
      for (const path of paths()) if (path.startsWith(`${DEVICES}/${port}:`)) remove(path);
      for (const [path, target] of [...links]) if (target.includes(`/${port}/`)) links.delete(path);
    },
    plugBootsel: ({
      chip,
      port,
      serial = "E0C9125B0D9B",
      mount = `/media/me/${chip}`,
      flashSize,
      staysMounted,
      hasDrive = true,
      hasPartitionTable = false,
      isForbidden = () => false,
    }) => {
      const block = `sd${String.fromCharCode(97 + boards.size)}`;
      const product = chip === "RP2040" ? "0003" : "000f";
      const interfaces = ["08/06/50", "ff/00/00"];
      const peer = fakePeer({
        vendor: 0x2e8a,
        product: parseInt(product, 16),
        serial,
        bus: port.split("-")[0]!.padStart(3, "0"),
        address: addressOf(port),
        side: () => board.usb,
        onStep: () => board.onUsbStep(),
      });
      const board = fakeBoard({
        chip,
        flash: erasedFlash(flashSize),
        hasPartitionTable,
        isForbidden,
        clock,
        onAttach: (create) => {
          const usb = { port, vendor: "2e8a", product, serial, name: "RP2 Boot", interfaces };
          computer.plugUsb(hasDrive ? { ...usb, block } : usb);
          computer.usbPeers?.set(port, peer);
          if (!hasDrive) return;
          setMounts([...mounts(), `/dev/${block}1 ${mount} vfat rw,nosuid 0 0`]);
          computer.showDrive(mount, chip, create);
        },
        onDetach: () => {
          computer.unplugUsb(port);
          computer.usbPeers?.delete(port);
          if (staysMounted === true) return;
          computer.hideDrive(mount);
          setMounts(mounts().filter((line) => !line.includes(` ${mount} `)));
        },
      });
      return board;
    },
  };
  return computer;
}

/** The address that a device in a port has on its bus. */
function addressOf(port: string): number {
  return 10 + Number(port.replaceAll(/\D/g, ""));
}

function fileIn(saved: Map<string, Uint8Array>, path: string): OpenFile {
  saved.set(path, new Uint8Array());
  return {
    write: (bytes) => Promise.resolve(void saved.set(path, Buffer.concat([saved.get(path)!, bytes]))),
    sync: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // A program that is not there writes nothing.
}

export type Clock = Pick<Computer, "now" | "sleep">;

/** Time passes as soon as nothing else happens: a wait of hours takes none. */
export function fakeClock(): Clock {
  let now = 0;
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  let isTicking = false;
  const tick = () => {
    const next = [...sleepers].sort((a, b) => a.at - b.at)[0];
    isTicking = next !== undefined;
    if (next === undefined) return;
    sleepers.delete(next);
    now = Math.max(now, next.at);
    next.wake();
    setImmediate(tick);
  };
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason as Error);
          return;
        }
        const sleeper = {
          at: now + milliseconds,
          wake: () => {
            signal.removeEventListener("abort", cancel);
            resolve();
          },
        };
        const cancel = () => {
          sleepers.delete(sleeper);
          reject(signal.reason as Error);
        };
        sleepers.add(sleeper);
        signal.addEventListener("abort", cancel);
        if (!isTicking) setImmediate(tick);
        isTicking = true;
      }),
  };
}
