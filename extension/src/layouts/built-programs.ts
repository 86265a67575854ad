import { ELFCLASS32, EM_ARM, EM_RISCV } from "#adapter/elf/constants";
import { open, readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

/** A program that cargo has linked. */
export interface BuiltProgram {
  readonly elf: string;
  /** The binary's or example's name. */
  readonly name: string;
  /** As the folder is called: `debug` for the profile `dev`, else the profile's name. */
  readonly profile: string;
  /** Whether it is for a 32-bit microcontroller, and not for a machine with an operating system. */
  readonly isFirmware: boolean;
  /** When it was linked, in milliseconds since 1970. */
  readonly modified: number;
  /** The files it was built from, as far as cargo watches them; null where cargo has not written them down. */
  readonly sources: readonly string[] | null;
}

const ELF_MAGIC = Buffer.from("\x7fELF", "latin1");

/** To the end of `e_machine`. */
const HEAD_BYTES = 20;

/**
 * The programs in cargo's target folder, the newest first: in each profile's folder (`target/release`,
 * `target/thumbv6m-none-eabi/debug`), and in `examples` below it. An empty list where nothing was built.
 */
export async function findBuiltPrograms(target: string): Promise<BuiltProgram[]> {
  const folders = await profileFolders(target);
  const found = await Promise.all(
    folders.flatMap((folder) => [programsIn(folder), programsIn(join(folder, "examples"))]),
  );
  return found.flat().sort((a, b) => b.modified - a.modified || (a.elf < b.elf ? -1 : 1));
}

/** Folders in which cargo puts what it has linked: those that hold its lock. */
export async function profileFolders(target: string): Promise<string[]> {
  const inside = await foldersIn(target);
  const deeper = await Promise.all(inside.map(foldersIn));
  const folders = [...inside, ...deeper.flat()];
  const isProfile = await Promise.all(folders.map((folder) => exists(join(folder, ".cargo-lock"))));
  return folders.filter((_, i) => isProfile[i]);
}

async function programsIn(folder: string): Promise<BuiltProgram[]> {
  const names = await namesIn(folder);
  const possible = names.filter((name) => /^[^.][^.]*(?:\.elf)?$/.test(name));
  const found = await Promise.all(possible.map((name) => programAt(join(folder, name))));
  return found.filter((each) => each !== undefined);
}

async function programAt(elf: string): Promise<BuiltProgram | undefined> {
  try {
    const status = await stat(elf);
    const kind = status.isFile() ? await elfKind(elf) : undefined;
    if (kind === undefined) return undefined;
    const folder = dirname(elf);
    const isExample = basename(folder) === "examples";
    return {
      elf,
      name: basename(elf).replace(/\.elf$/, ""),
      isFirmware: kind === "firmware",
      profile: basename(isExample ? dirname(folder) : folder),
      modified: status.mtimeMs,
      sources: await sourcesOf(elf),
    };
  } catch {
    // It has been built again, or cleaned away, in between.
    return undefined;
  }
}

/** What the head of a file says it is (gABI 4.2); undefined for all but ELF files. */
async function elfKind(path: string): Promise<"firmware" | "other" | undefined> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
    if (bytesRead < HEAD_BYTES || !head.subarray(0, ELF_MAGIC.length).equals(ELF_MAGIC)) return undefined;
    const isSmall = head[4] === ELFCLASS32 && [EM_ARM, EM_RISCV].includes(head.readUInt16LE(18));
    return isSmall ? "firmware" : "other";
  } finally {
    await file.close();
  }
}

/** Cargo writes a rule for make beside each program ("Dep-Info Files", the Cargo book). */
async function sourcesOf(elf: string): Promise<readonly string[] | null> {
  try {
    return sourcesInRule(await readFile(`${elf.replace(/\.elf$/, "")}.d`, "utf8"), dirname(elf));
  } catch {
    return null;
  }
}

/** The files that a rule for make names: `PROGRAM: FILE FILE`, with a backslash before each space in a path. */
export function sourcesInRule(rule: string, folder: string): string[] {
  const colon = /:\s/.exec(rule);
  if (colon === null) return [];
  const end = rule.indexOf("\n");
  const list = rule.slice(colon.index + 1, end < 0 ? undefined : end).trim();
  const paths = list.match(/(?:\\ |\S)+/g) ?? [];
  return paths.map((path) => resolve(folder, path.replaceAll("\\ ", " ")));
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
