import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "smol-toml";
import { type CrateFacts, NO_CRATE } from "./semantics/workspace";

/** What rustc takes where a manifest names no edition. */
const FIRST_EDITION = 2015;

/** Packages whose version decides what a rule says. */
const VERSIONED = ["embassy-executor"];

/** Reads what manifests say of the crates that files belong to, each once. */
export class Crates {
  private readonly byFolder = new Map<string, CrateFacts>();

  /** The crate of a file: that of the nearest `Cargo.toml` that describes a package. A manifest that cannot be read is none. */
  of(file: string): CrateFacts {
    return this.ofFolder(dirname(file));
  }

  /** Forgets what was read: a manifest has changed. */
  clear(): void {
    this.byFolder.clear();
  }

  private ofFolder(folder: string): CrateFacts {
    const known = this.byFolder.get(folder);
    if (known !== undefined) return known;
    const parent = dirname(folder);
    const facts = readCrate(folder) ?? (parent === folder ? NO_CRATE : this.ofFolder(parent));
    this.byFolder.set(folder, facts);
    return facts;
  }
}

interface Manifest {
  readonly package?: { readonly name?: unknown; readonly edition?: unknown };
  readonly lib?: { readonly name?: unknown };
  readonly workspace?: { readonly package?: { readonly edition?: unknown } };
  readonly dependencies?: Readonly<Record<string, unknown>>;
}

function readCrate(folder: string): CrateFacts | undefined {
  const manifest = readManifest(folder);
  if (manifest?.package === undefined) return undefined;
  const name = typeof manifest.lib?.name === "string" ? manifest.lib.name : manifest.package.name;
  const { edition } = manifest.package;
  return {
    root: folder,
    name: typeof name === "string" ? name.replaceAll("-", "_") : "",
    edition: typeof edition === "object" ? workspaceEdition(folder) : editionOf(edition),
    dependencies: dependencyVersions(folder, manifest),
  };
}

function readManifest(folder: string): Manifest | undefined {
  const file = join(folder, "Cargo.toml");
  if (!existsSync(file)) return undefined;
  try {
    return parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function editionOf(value: unknown): number {
  return typeof value === "string" && /^20\d\d$/.test(value) ? Number(value) : FIRST_EDITION;
}

/** `edition.workspace = true` */
function workspaceEdition(folder: string): number {
  for (const each of foldersFrom(folder)) {
    const edition = readManifest(each)?.workspace?.package?.edition;
    if (edition !== undefined) return editionOf(edition);
  }
  return FIRST_EDITION;
}

/** From the lock file; where there is none yet, the version that the manifest asks for. */
function dependencyVersions(folder: string, { dependencies }: Manifest): Map<string, string> {
  const versions = new Map<string, string>();
  const lock = foldersFrom(folder)
    .map((each) => join(each, "Cargo.lock"))
    .find((file) => existsSync(file));
  const text = lock === undefined ? "" : readText(lock);
  for (const name of VERSIONED) {
    const locked = [...text.matchAll(new RegExp(`name = "${name}"\\r?\\nversion = "([^"]+)"`, "g"))];
    const asked = dependencies?.[name];
    const wanted = typeof asked === "string" ? asked : (asked as { version?: unknown } | undefined)?.version;
    if (locked.length === 1) versions.set(name, locked[0]![1]!);
    else if (locked.length === 0 && typeof wanted === "string")
      versions.set(name, wanted.replace(/^[\^=~]\s*/, ""));
  }
  return versions;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function foldersFrom(folder: string): string[] {
  const folders = [folder];
  for (let at = folder; dirname(at) !== at; at = dirname(at)) folders.push(dirname(at));
  return folders;
}
