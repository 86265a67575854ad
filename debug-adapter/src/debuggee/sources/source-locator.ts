import { dirname, join } from "node:path";

/** Where to look for sources that are not where the compiler found them. */
export interface SourceFolders {
  /** Beginnings of paths as the compiler wrote them down, and what stands in their place here. */
  readonly sourceMap: Readonly<Record<string, string>>;
  /** The firmware's file: a project that was moved as a whole has its sources near it. */
  readonly firmware: string;
  /** Folders with unpacked crates, `NAME-VERSION` each: cargo's `registry/src/INDEX`. */
  readonly registries: readonly string[];
  /** Folders with the sources of the standard library: they contain `library`. */
  readonly rustSources: readonly string[];
  readonly exists: (path: string) => boolean;
}

/** The fewest parts of a path that have to agree before a file near the firmware is taken for the one that is meant. */
const FEWEST_PARTS = 2;

/** Finds on this machine the source files that debug info names. */
export class SourceLocator {
  private readonly found = new Map<string, string | undefined>();
  private readonly prefixes: readonly (readonly [string, string])[];

  constructor(private readonly folders: SourceFolders) {
    // The longest prefix says most about a path.
    this.prefixes = Object.entries(folders.sourceMap).sort(([a], [b]) => b.length - a.length);
  }

  /** Where the file of a path is that the compiler wrote down; undefined if it is nowhere. */
  locate(written: string): string | undefined {
    if (!this.found.has(written)) this.found.set(written, this.search(written.replaceAll("\\", "/")));
    return this.found.get(written);
  }

  private search(written: string): string | undefined {
    const { exists } = this.folders;
    for (const candidate of this.candidates(written)) {
      if (exists(candidate)) return candidate;
    }
    return undefined;
  }

  private *candidates(written: string): Generator<string> {
    for (const [from, to] of this.prefixes) {
      const prefix = from.replaceAll("\\", "/").replace(/\/$/, "");
      if (written === prefix || written.startsWith(`${prefix}/`))
        yield join(to, written.slice(prefix.length));
    }
    yield written;
    const ofStd = /\/(library\/.+)$/.exec(written)?.[1];
    if (ofStd !== undefined) for (const folder of this.folders.rustSources) yield join(folder, ofStd);
    const ofCrate = /\/registry\/(?:src\/[^/]+\/)?([^/]+-\d+\.\d+\.\d+[^/]*\/.+)$/.exec(written)?.[1];
    if (ofCrate !== undefined) for (const folder of this.folders.registries) yield join(folder, ofCrate);
    if (ofStd === undefined && ofCrate === undefined) yield* this.nearFirmware(written);
  }

  /** The longest end of the path that is a file in a folder around the firmware. */
  private *nearFirmware(written: string): Generator<string> {
    const parts = written.split("/").filter((part) => part !== "");
    for (let first = 0; first <= parts.length - FEWEST_PARTS; first++) {
      const end = parts.slice(first).join("/");
      for (let folder = dirname(this.folders.firmware); ; folder = dirname(folder)) {
        yield join(folder, end);
        if (dirname(folder) === folder) break;
      }
    }
  }
}
