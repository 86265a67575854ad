import type { Computer, OpenFile } from "#extension/pico/computer/computer";
import { bootRom, type BootRom, type RomChip } from "./boot-rom";
import type { UsbSide, UsbTrouble } from "./fake-usb-peer";
import { type PicobootRom, picobootRom, type Restart } from "./picoboot-rom";

/** What may go wrong while sectors are written to a board; each happens once. Counts are of sectors, of all files. */
export interface Faults {
  /** Writing gives this error once so many have arrived. */
  writeError?: { readonly after: number; readonly code: string };
  /** The board is pulled out once so many have arrived. */
  unplug?: { readonly after: number };
  /** Writing never ends once so many have arrived. */
  hang?: { readonly after: number };
  /** Creating a file gives this error. */
  createError?: string;
  /** The boot ROM has everything and does not restart. */
  staysForEver?: boolean;
}

/** A board whose boot ROM shows a drive, and speaks PICOBOOT. */
export interface FakeBoard {
  readonly rom: BootRom;
  readonly picoboot: PicobootRom;
  /** The device on USB, as long as it is not pulled out. */
  readonly usb: UsbSide;
  /** What goes wrong on USB. */
  usbTrouble: UsbTrouble | undefined;
  /** Steps that were taken on USB. */
  readonly usbSteps: number;
  /** Counts a step on USB, and says what goes wrong with it. */
  onUsbStep(): UsbTrouble["kind"] | undefined;
  /** How it was told to restart over USB, each time. */
  readonly restarts: readonly Restart[];
  readonly flash: Uint8Array;
  readonly faults: Faults;
  /** Sectors that have arrived. */
  readonly sectors: number;
  readonly isAttached: boolean;
  /** Pulled out, and plugged in with BOOTSEL held: flash stays, what the boot ROM remembered does not. */
  replug(): void;
}

interface FakeBoardOptions {
  readonly chip: RomChip;
  readonly flash: Uint8Array;
  readonly clock: Pick<Computer, "sleep">;
  readonly hasPartitionTable?: boolean;
  readonly isForbidden?: (address: number) => boolean;
  /** Told how files are created on its drive. */
  readonly onAttach: (create: () => Promise<OpenFile>) => void;
  readonly onDetach: () => void;
}

/** Milliseconds from the last block to the restart (RP2040 boot ROM, `safe_reboot`). */
const RESTART_AFTER = 1000;

export function fakeBoard(options: FakeBoardOptions): FakeBoard {
  const { chip, flash, clock, onAttach, onDetach } = options;
  const faults: Faults = {};
  const restarts: Restart[] = [];
  let rom = bootRom(chip, flash);
  const newPicoboot = () => {
    const onRestart = (restart: Restart) => {
      restarts.push(restart);
      if (faults.staysForEver === true) return;
      const here = picoboot;
      void clock
        .sleep(restart.delay, new AbortController().signal)
        .then(() => isAttached && here === picoboot && detach());
    };
    return picobootRom({ ...options, onRestart });
  };
  let picoboot = newPicoboot();
  let usbTrouble: UsbTrouble | undefined;
  let usbSteps = 0;
  let sectors = 0;
  let isAttached = false;
  const attach = () => {
    isAttached = true;
    rom = bootRom(chip, flash);
    picoboot = newPicoboot();
    onAttach(create);
  };
  const detach = () => {
    isAttached = false;
    onDetach();
  };
  const hasCome = (fault: { readonly after: number } | undefined) =>
    fault !== undefined && sectors >= fault.after;

  const takeSector = async (sector: Uint8Array) => {
    if (hasCome(faults.hang)) {
      delete faults.hang;
      await new Promise(() => undefined);
    }
    if (!isAttached) throw systemError("EIO");
    if (picoboot.isDriveLocked || picoboot.isDriveEjected) throw systemError("EIO");
    if (faults.writeError !== undefined && hasCome(faults.writeError)) {
      const { code } = faults.writeError;
      delete faults.writeError;
      throw systemError(code);
    }
    if (hasCome(faults.unplug)) {
      delete faults.unplug;
      detach();
      throw systemError("EIO");
    }
    sectors++;
    const wasComplete = rom.isComplete;
    rom.takeSector(sector);
    if (wasComplete || !rom.isComplete || faults.staysForEver === true) return;
    void clock.sleep(RESTART_AFTER, new AbortController().signal).then(() => isAttached && detach());
  };

  const create = (): Promise<OpenFile> => {
    const { createError } = faults;
    delete faults.createError;
    if (createError !== undefined) return Promise.reject(systemError(createError));
    // As a system does, it keeps what is written until it is told to hand it over.
    let pending: Uint8Array[] = [];
    return Promise.resolve({
      write: (bytes) => {
        if (!isAttached) return Promise.reject(systemError("EIO"));
        for (let at = 0; at < bytes.length; at += 512) pending.push(bytes.slice(at, at + 512));
        return Promise.resolve();
      },
      sync: async () => {
        const sent = pending;
        pending = [];
        for (const sector of sent) await takeSector(sector);
      },
      close: () => (isAttached ? Promise.resolve() : Promise.reject(systemError("EIO"))),
    });
  };

  attach();
  return {
    flash,
    faults,
    get rom() {
      return rom;
    },
    get picoboot() {
      return picoboot;
    },
    get usb() {
      const here = picoboot;
      return {
        ...here,
        get isAttached() {
          return isAttached && here === picoboot;
        },
        unplug: detach,
      };
    },
    get usbTrouble() {
      return usbTrouble;
    },
    set usbTrouble(trouble) {
      usbTrouble = trouble;
    },
    get usbSteps() {
      return usbSteps;
    },
    onUsbStep: () => {
      const step = usbSteps++;
      if (usbTrouble?.at !== step) return undefined;
      const { kind } = usbTrouble;
      usbTrouble = undefined;
      return kind;
    },
    restarts,
    get sectors() {
      return sectors;
    },
    get isAttached() {
      return isAttached;
    },
    replug: () => {
      if (isAttached) detach();
      attach();
    },
  };
}

export function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: as told`), { code });
}
