import type { InterfaceRequest, UsbConnection, UsbDirection } from "#extension/pico/usb/usb-transport";
import { UsbFault } from "#extension/pico/usb/usb-transport";
import type { RomChip } from "./boot-rom";
import { type MemoryOptions, OK, romMemory } from "./rom-memory";

/** How a board was told to restart. */
export type Restart =
  | { readonly kind: "reboot"; readonly pc: number; readonly sp: number; readonly delay: number }
  | { readonly kind: "reboot2"; readonly flags: number; readonly delay: number; readonly params: number[] };

/** What a boot ROM does with what arrives on its PICOBOOT interface. */
export interface PicobootRom extends Pick<
  UsbConnection,
  "interfaces" | "send" | "receive" | "control" | "ask" | "clearHalt"
> {
  /** All of RAM that was written, by address. */
  readonly ram: ReadonlyMap<number, number>;
  /** Whether the drive may not write at present. */
  readonly isDriveLocked: boolean;
  /** Whether the drive has been ejected. */
  readonly isDriveEjected: boolean;
  /** Ids of the commands that were taken. */
  readonly commands: readonly number[];
  readonly restart: Restart | undefined;
}

interface RomOptions extends MemoryOptions {
  /** Whether an RP2350 has found a partition table. */
  readonly hasPartitionTable?: boolean;
  /** Told how it is about to restart. */
  readonly onRestart: (restart: Restart) => void;
}

/** As `picoboot.h` of pico-sdk has them. */
const UNKNOWN_COMMAND = 1;
const INVALID_COMMAND_LENGTH = 2;
const INVALID_TRANSFER_LENGTH = 3;
const REBOOTING = 7;
const INVALID_ARGUMENT = 11;

const OUT = 3;
const IN = 4;

/** Bytes of arguments that each command has; ids without the top bit. */
const SIZES: Readonly<Record<RomChip, Readonly<Record<number, number>>>> = {
  RP2040: { 1: 1, 2: 12, 3: 8, 4: 8, 5: 8, 6: 0, 7: 0, 8: 4, 9: 4 },
  RP2350: { 1: 1, 2: 12, 3: 8, 4: 8, 5: 8, 6: 0, 7: 0, 8: 4, 9: 4, 10: 16, 11: 16, 12: 5, 13: 5 },
};

/** What it waits for. */
type Phase =
  | { readonly kind: "command" }
  /** Bytes from the computer, which it takes by pages. */
  | { readonly kind: "data"; readonly address: number; readonly size: number }
  | { readonly kind: "answer"; readonly bytes: Uint8Array; readonly isCut: boolean }
  | { readonly kind: "ack"; readonly direction: UsbDirection };

/**
 * The rules of the boot ROMs (pico-bootrom-rp2040 `usb_boot_device.c`, `async_task.c`; pico-bootrom-rp2350
 * `nsboot_usb_client.c`, `nsboot_async_task.c`), the awkward ones included: the RP2040 acknowledges commands without data
 * even if they have failed, and stalls one endpoint only when data is at fault.
 */
export function picobootRom(options: RomOptions): PicobootRom {
  const { chip, hasPartitionTable = false, onRestart } = options;
  const memory = romMemory(options);
  const commands: number[] = [];
  const halted = new Set<UsbDirection>();
  let phase: Phase = { kind: "command" };
  let status = { token: 0, code: OK, id: 0 };
  let isLocked = false;
  let isEjected = false;
  let restart: Restart | undefined;

  const halt = (...directions: UsbDirection[]): never => {
    directions.forEach((direction) => halted.add(direction));
    phase = { kind: "command" };
    throw new UsbFault("stalled", "endpoint stalled");
  };
  const haltBoth = (code: number): never => {
    status.code = code;
    return halt("in", "out");
  };

  /** A command without data: done at once. */
  const done = (code: number) => {
    if (code !== OK && chip === "RP2350") haltBoth(code);
    phase = { kind: "ack", direction: "in" };
  };

  const restartAs = (how: Restart) => {
    restart = how;
    onRestart(how);
    phase = { kind: "ack", direction: "in" };
  };

  const answerInfo = (type: number, flags: number, size: number) => {
    if (size > 256) haltBoth(INVALID_TRANSFER_LENGTH);
    if (type !== 2 || flags !== 1) haltBoth(INVALID_ARGUMENT);
    const bytes = new Uint8Array(size);
    const view = new DataView(bytes.buffer);
    [4, 1, hasPartitionTable ? 0x101 : 0, 0xfc00_0000, 0xfc06_1000].forEach((word, i) =>
      view.setUint32(4 * i, word, true),
    );
    phase = { kind: "answer", bytes, isCut: false };
  };

  const takeCommand = (bytes: Uint8Array) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length !== 32 || view.getUint32(0, true) !== 0x431f_d10b) return halt("in", "out");
    const word = (i: number) => view.getUint32(16 + 4 * i, true);
    const id = view.getUint8(8);
    const length = view.getUint32(12, true);
    status = { token: view.getUint32(4, true), code: UNKNOWN_COMMAND, id };
    const size = SIZES[chip][id & 0x7f];
    if (size === undefined) return halt("in", "out");
    if (view.getUint8(9) !== size) return haltBoth(INVALID_COMMAND_LENGTH);
    status.code = OK;
    const isTransfer = id === 0x84 || id === 0x05;
    if (length !== (isTransfer ? word(1) : id === 0x8b ? length : 0))
      return haltBoth(INVALID_TRANSFER_LENGTH);
    commands.push(id);
    switch (id) {
      case 0x01:
        isLocked = view.getUint8(16) !== 0;
        isEjected ||= view.getUint8(16) === 2;
        {
          done(OK);
          return;
        }
      case 0x02:
        if (chip === "RP2350") return haltBoth(UNKNOWN_COMMAND);
        {
          restartAs({ kind: "reboot", pc: word(0), sp: word(1), delay: word(2) });
          return;
        }
      case 0x03: {
        done(restart === undefined ? memory.erase(word(0), word(1)) : REBOOTING);
        return;
      }
      case 0x84: {
        const { bytes: found, code } = memory.read(word(0), word(1));
        status.code = code;
        phase = { kind: "answer", bytes: found, isCut: code !== OK };
        return;
      }
      case 0x05:
        phase = { kind: "data", address: word(0), size: word(1) };
        return;
      case 0x06:
        memory.readyFlash();
        {
          done(OK);
          return;
        }
      case 0x0a: {
        restartAs({ kind: "reboot2", flags: word(0), delay: word(1), params: [word(2), word(3)] });
        return;
      }
      case 0x8b: {
        answerInfo(view.getUint8(16), word(1), length);
        return;
      }
      default:
        return haltBoth(UNKNOWN_COMMAND);
    }
  };

  const takeData = (data: { address: number; size: number }, bytes: Uint8Array) => {
    if (bytes.length !== data.size) throw new UsbFault("timeout", "transfer was cancelled");
    for (let at = 0; at < bytes.length; at += 256) {
      const code =
        restart === undefined ? memory.write(data.address + at, bytes.subarray(at, at + 256)) : REBOOTING;
      if (code === OK) continue;
      status.code = code;
      return chip === "RP2040" ? halt("out") : halt("in", "out");
    }
    phase = { kind: "ack", direction: "in" };
  };

  const control = ({ request }: InterfaceRequest) => {
    if (request !== 0x41) throw new UsbFault("stalled", "endpoint stalled");
    halted.clear();
    phase = { kind: "command" };
    status = { token: 0, code: OK, id: 0 };
    isLocked = false;
  };

  return {
    interfaces: [
      { number: 0, class: 8, subclass: 6, protocol: 0x50, endpoints: bulk(2, 1) },
      { number: 1, class: 0xff, subclass: 0, protocol: 0, endpoints: bulk(OUT, IN) },
    ],
    ram: memory.ram,
    commands,
    get isDriveLocked() {
      return isLocked;
    },
    get isDriveEjected() {
      return isEjected;
    },
    get restart() {
      return restart;
    },
    send: async (endpoint, bytes) => {
      if (endpoint !== OUT) throw new UsbFault("other", "endpoint not found");
      if (halted.has("out")) throw new UsbFault("stalled", "endpoint stalled");
      await Promise.resolve();
      if (phase.kind === "command") takeCommand(bytes);
      else if (phase.kind === "data") takeData(phase, bytes);
      else if (phase.kind === "ack" && phase.direction === "out" && bytes.length === 0) {
        phase = { kind: "command" };
      } else throw new UsbFault("timeout", "transfer was cancelled");
    },
    receive: async (endpoint, length) => {
      if (endpoint !== IN) throw new UsbFault("other", "endpoint not found");
      if (halted.has("in")) throw new UsbFault("stalled", "endpoint stalled");
      await Promise.resolve();
      if (phase.kind === "answer") {
        const { bytes, isCut } = phase;
        if (isCut) return chip === "RP2040" ? halt("in") : halt("in", "out");
        phase = { kind: "ack", direction: "out" };
        return bytes.slice(0, length);
      }
      if (phase.kind !== "ack" || phase.direction !== "in") {
        throw new UsbFault("timeout", "transfer was cancelled");
      }
      phase = { kind: "command" };
      return new Uint8Array();
    },
    control: async (request) => {
      await Promise.resolve();
      control(request);
    },
    ask: async ({ request }, length) => {
      await Promise.resolve();
      if (request !== 0x42 || length !== 16) throw new UsbFault("stalled", "endpoint stalled");
      const view = new DataView(new ArrayBuffer(16));
      view.setUint32(0, status.token, true);
      view.setUint32(4, status.code, true);
      view.setUint8(8, status.id);
      return new Uint8Array(view.buffer);
    },
    clearHalt: async (direction) => {
      await Promise.resolve();
      halted.delete(direction);
    },
  };
}

function bulk(out: number, into: number) {
  return [
    { number: out, direction: "out", isBulk: true },
    { number: into, direction: "in", isBulk: true },
  ] as const;
}
