import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { bootRom, erasedFlash, INFO_UF2, type RomChip } from "./boot-rom";

/** A folder that behaves like the drive of a boot ROM. */
export interface BootRomDrive {
  readonly folder: string;
  readonly flash: Uint8Array;
  /** Resolves when the board has a program and has restarted: the drive is gone. */
  readonly restarted: Promise<void>;
  /** Pulls the board out. */
  unplug(): void;
}

/**
 * Shows a boot ROM's drive as a folder, and takes what is written into it until it has a whole program.
 * @param flash what is in the flash chip; an erased one if not given
 */
export function serveBootRom(folder: string, chip: RomChip, flash = erasedFlash()): BootRomDrive {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "INFO_UF2.TXT"), INFO_UF2[chip]);
  writeFileSync(join(folder, "INDEX.HTM"), "<html></html>\n");
  const rom = bootRom(chip, flash);
  const taken = new Map<string, number>();
  let restart: () => void = () => undefined;
  const restarted = new Promise<void>((resolve) => (restart = resolve));
  const unplug = () => {
    watcher.close();
    rmSync(folder, { recursive: true, force: true });
  };
  const takeNews = () => {
    if (!existsSync(folder)) return;
    for (const name of newFiles(folder, taken)) taken.set(name, 0);
    for (const [name, done] of taken) {
      const bytes = readFileSync(join(folder, name));
      const end = bytes.length - (bytes.length % 512);
      for (let at = done; at < end; at += 512) rom.takeSector(bytes.subarray(at, at + 512));
      taken.set(name, Math.max(done, end));
    }
    if (!rom.isComplete) return;
    unplug();
    restart();
  };
  const watcher = watch(folder, takeNews);
  return { folder, flash, restarted, unplug };
}

/** In the order of their writing, which a drive sees: one is whole before the next is created. */
function newFiles(folder: string, known: ReadonlyMap<string, number>): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".UF2") && !known.has(name))
    .map((name) => ({ name, written: statSync(join(folder, name), { bigint: true }).mtimeNs }))
    .sort((a, b) => (a.written < b.written ? -1 : 1))
    .map(({ name }) => name);
}
