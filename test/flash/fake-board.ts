import type { Computer, OpenFile } from "#extension/pico/computer/computer";
import { bootRom, type BootRom, type RomChip } from "./boot-rom";

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

/** A board whose boot ROM shows a drive. */
export interface FakeBoard {
  readonly rom: BootRom;
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
  /** Told how files are created on its drive. */
  readonly onAttach: (create: () => Promise<OpenFile>) => void;
  readonly onDetach: () => void;
}

/** Milliseconds from the last block to the restart (RP2040 boot ROM, `safe_reboot`). */
const RESTART_AFTER = 1000;

export function fakeBoard({ chip, flash, clock, onAttach, onDetach }: FakeBoardOptions): FakeBoard {
  const faults: Faults = {};
  let rom = bootRom(chip, flash);
  let sectors = 0;
  let isAttached = false;
  const attach = () => {
    isAttached = true;
    rom = bootRom(chip, flash);
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
    get sectors() {
      return sectors;
    },
    get isAttached() {
      return isAttached;
    },
    replug: () => {
      detach();
      attach();
    },
  };
}

export function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: as told`), { code });
}
