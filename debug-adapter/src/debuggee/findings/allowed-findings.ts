import { readFileSync } from "node:fs";
import type { Finding } from "../../analysis/finding";
import type { SourcePlace } from "../../trace/trace";

/** Lines of source files, as far as the files are there. */
export class SourceLines {
  private readonly files = new Map<string, readonly string[]>();

  /** @param pathOf where a file of the debug info is on this machine */
  constructor(private readonly pathOf: (file: string) => string = (file) => file) {}

  /** A line without its end; undefined if the file is not there, or has no such line. */
  line({ file, line }: SourcePlace): string | undefined {
    let lines = this.files.get(file);
    if (lines === undefined) {
      lines = readLines(this.pathOf(file));
      this.files.set(file, lines);
    }
    return lines[line - 1];
  }
}

/** Whether the source says that a finding is meant: `// pollscope: allow(starvation)` at its line, or at the one before. */
export function isAllowed({ place, kind }: Pick<Finding, "place" | "kind">, sources: SourceLines): boolean {
  if (place === null) return false;
  const here = allowedKinds(sources.line(place) ?? "");
  const before = sources.line({ ...place, line: place.line - 1 })?.trim() ?? "";
  // What stands behind code is about that code.
  const above = before.startsWith("//") ? allowedKinds(before) : [];
  return [...here, ...above].includes(kind);
}

function allowedKinds(text: string): string[] {
  const list = /\/\/\s*pollscope:\s*allow\(([^)]*)\)/.exec(text)?.[1] ?? "";
  return list.split(",").map((kind) => kind.trim());
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split(/\r?\n/);
  } catch {
    return [];
  }
}
