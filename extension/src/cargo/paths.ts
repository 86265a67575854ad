import { isAbsolute, relative, sep } from "node:path";

/** Whether a file is in a folder, at whatever depth, or is the folder itself. */
export function isWithin(file: string, folder: string): boolean {
  const path = relative(folder, file);
  return path === "" || !(path === ".." || path.startsWith(`..${sep}`) || isAbsolute(path));
}
