import type { RomChip } from "./boot-rom";
import type { FakeBoard } from "./fake-board";
import type { FakeComputer } from "./fake-computer";

/** A machine in memory whose USB devices are told by its programs. */
export interface FakeSystem {
  readonly computer: FakeComputer;
  /** Plugs a board in that waits for a program; the places are numbers of USB ports. */
  readonly plugBootsel: (options: PlugBootsel) => FakeBoard;
  /** Plugs any other device in. */
  readonly plug: (place: number, device: FakeDevice) => void;
  readonly unplug: (place: number) => void;
  /** What the program writes that tells of USB devices; without an answer it is as if it were not there. */
  readonly usbText: () => string;
  /** Stands in for the programs: undefined for one that is not there, or a text that they write. */
  readonly breakUsb: (answer: () => string | undefined) => void;
}

export interface PlugBootsel {
  readonly place: number;
  readonly chip: RomChip;
  readonly serial?: string;
  /** Whether the system mounts its drive; it does if not given. */
  readonly isMounted?: boolean;
}

export interface FakeDevice {
  readonly vendor: number;
  readonly product: number;
  readonly serial?: string;
  readonly name: string;
  /** `02/02/01 Board CDC`: class, subclass and protocol, and perhaps a name. */
  readonly interfaces?: readonly string[];
  /** Number of its serial port. */
  readonly port?: number;
  /** Name of its disk, and where that is mounted. */
  readonly disk?: string;
  readonly folder?: string | undefined;
}

/** What pico-sdk's programs are on USB: a serial port, and the interface to restart the board. */
export const RUNNING_PICO: FakeDevice = {
  vendor: 0x2e8a,
  product: 0x000a,
  serial: "E6614C775B6C7F31",
  name: "Pico",
  interfaces: ["02/02/00 Board CDC", "0a/00/00", "ff/00/01 Reset"],
  port: 5,
};

/** What a boot ROM is on USB. Every RP2040 has the same serial number there. */
export function bootDevice({ chip, serial = "E0C9125B0D9B" }: PlugBootsel): FakeDevice {
  const isRp2040 = chip === "RP2040";
  return {
    vendor: 0x2e8a,
    product: isRp2040 ? 0x0003 : 0x000f,
    serial,
    name: isRp2040 ? "RP2 Boot" : "RP2350 Boot",
    interfaces: ["08/06/50", "ff/00/00"],
  };
}

/** Class, subclass and protocol of an interface, and its name. */
export function interfaceNumbers(text: string): { numbers: readonly number[]; name: string | undefined } {
  const [numbers = "", ...words] = text.split(" ");
  return {
    numbers: numbers.split("/").map((each) => parseInt(each, 16)),
    name: words.length === 0 ? undefined : words.join(" "),
  };
}

/** A text as a program writes it: in pieces that end anywhere. */
export async function* inPieces(text: string | undefined): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text ?? "");
  for (let at = 0; at < bytes.length; at += 1021) yield await Promise.resolve(bytes.subarray(at, at + 1021));
}
