import { basename, isAbsolute, join } from "node:path";

/**
 * Where a source file may be on this machine, as the compiler has named it: there; in a folder, if the name is relative;
 * or below a folder that has the same name as one of its own: `/build/blink/src/main.rs` in the folder `blink`.
 * The best guess first; none may exist.
 */
export function sourcePaths(file: string, folders: readonly string[]): string[] {
  if (!isAbsolute(file) && !/^[a-z]:[\\/]/i.test(file))
    return [...folders.map((folder) => join(folder, file)), file];
  const parts = file.split(/[\\/]/);
  const below = folders.flatMap((folder) => {
    const at = parts.lastIndexOf(basename(folder));
    return at < 0 ? [] : [join(folder, ...parts.slice(at + 1))];
  });
  return [file, ...below];
}
