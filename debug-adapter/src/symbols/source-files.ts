/** A source file of the program. Equal paths are one object. */
export interface SourceFile {
  /** Position in `SourceFiles.all`. */
  readonly id: number;
  /** Absolute as far as the debug info tells, normalised, after remapping. */
  readonly path: string;
  /** The last part of the path. */
  readonly name: string;
  readonly origin: FileOrigin;
}

/** Whose code a file is. */
export type FileOrigin =
  /** The user's own: nothing below says otherwise. */
  | { readonly kind: "own" }
  /** A dependency from a registry or a git checkout. */
  | { readonly kind: "dependency"; readonly crate: string; readonly version: string | undefined }
  /** `core`, `alloc`, `std` and what they are built with. */
  | { readonly kind: "std"; readonly crate: string };

/** A line in a source file. */
export interface SourcePlace {
  readonly file: SourceFile;
  /** From 1; 0 for code that belongs to no line. */
  readonly line: number;
  /** From 1; 0 where the debug info does not tell. */
  readonly column: number;
}

export interface SourceFileOptions {
  /** Where a path that the compiler wrote down is on this machine; called once per file, when its path is first asked for. */
  readonly remap?: (path: string) => string;
}

/** A file by the path that the compiler wrote down: to find it on this machine takes a look at the disk. */
class WrittenFile implements SourceFile {
  private located: string | undefined;
  private recognised: FileOrigin | undefined;

  constructor(
    readonly id: number,
    private readonly written: string,
    private readonly options: SourceFileOptions,
  ) {}

  get path(): string {
    return (this.located ??= this.options.remap?.(this.written) ?? this.written);
  }

  get name(): string {
    const { path } = this;
    return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  }

  get origin(): FileOrigin {
    return (this.recognised ??= originOf(this.written));
  }
}

/** The source files of one program. */
export class SourceFiles {
  private readonly files: SourceFile[] = [];
  private readonly byPath = new Map<string, SourceFile>();

  constructor(private readonly options: SourceFileOptions = {}) {}

  get all(): readonly SourceFile[] {
    return this.files;
  }

  get(id: number): SourceFile | undefined {
    return this.files[id];
  }

  /** The file of a path as written in debug info, relative to the directory its unit was compiled in. */
  intern(directory: string, path: string): SourceFile {
    const written = joinPath(directory, path);
    let file = this.byPath.get(written);
    if (file === undefined) {
      file = new WrittenFile(this.files.length, written, this.options);
      this.files.push(file);
      this.byPath.set(written, file);
    }
    return file;
  }

  /** Files whose path is `path` or ends in it at a separator: `src/main.rs`, `main.rs`. */
  matching(path: string): SourceFile[] {
    const wanted = normalise(path.replaceAll("\\", "/"));
    return this.files.filter((file) => {
      const own = file.path.replaceAll("\\", "/");
      return (
        own === wanted ||
        (own.endsWith(wanted) && (wanted.startsWith("/") || own.at(-wanted.length - 1) === "/"))
      );
    });
  }
}

/** Joins as the compiler means it: an absolute second path stands alone. Without `.` and `..` where possible. */
export function joinPath(directory: string, path: string): string {
  const isAbsolute = /^(?:[/\\]|[A-Za-z]:[/\\])/.test(path);
  if (isAbsolute || directory === "") return normalise(path);
  const separator = directory.includes("\\") && !directory.includes("/") ? "\\" : "/";
  return normalise(directory.replace(/[/\\]$/, "") + separator + path);
}

function normalise(path: string): string {
  if (!/(?:^|[/\\])\.{0,2}(?:[/\\]|$)/.test(path.slice(1))) return path;
  const separator = path.includes("\\") && !path.includes("/") ? "\\" : "/";
  const parts: string[] = [];
  for (const part of path.split(/[/\\]/)) {
    if (part === "." || (part === "" && parts.length > 0)) continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== ".." && parts.at(-1) !== "") parts.pop();
    else parts.push(part);
  }
  return parts.join(separator);
}

/**
 * Recognises the places that cargo and rustup keep foreign sources in, also after `--remap-path-prefix`:
 * what stays of a registry path is the folder `NAME-VERSION`, of the standard library `library/CRATE/src`.
 */
function originOf(path: string): FileOrigin {
  const unified = path.replaceAll("\\", "/");
  const std = /\/library\/(?:(?:stdarch\/crates|compiler-builtins)\/)?([a-z_-]+)\/src\//.exec(unified);
  if (std && /^\/rustc\/|\/rustlib\/src\/|\/rust\//.test(unified)) return { kind: "std", crate: std[1]! };
  const vendored = /\/(?:registry|vendor)\/(?:.*\/)?([A-Za-z0-9_-]+?)-(\d+\.\d+\.\d+[^/]*)\//.exec(unified);
  if (vendored) {
    const isOfStd = /\/rustlib\/src\/|^\/rust\/deps\/|\/library\/vendor\//.test(unified);
    if (isOfStd) return { kind: "std", crate: vendored[1]! };
    return { kind: "dependency", crate: vendored[1]!, version: vendored[2] };
  }
  const checkout = /\/git\/checkouts\/([^/]+)-[0-9a-f]{8,}\//.exec(unified);
  if (checkout) return { kind: "dependency", crate: checkout[1]!, version: undefined };
  return { kind: "own" };
}
