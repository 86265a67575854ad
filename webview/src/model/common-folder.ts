import type { SourcePlace, Trace } from "#adapter/trace/trace";

/**
 * The folder, with its separator at the end, that holds all sources in which tasks are declared or wait; the paths
 * below it are what tells them apart.
 */
export function commonFolder({ tasks, suspensions }: Trace): string {
  const places = [...tasks, ...suspensions].map((row) => row?.place ?? null);
  const folders = places
    .filter((place): place is SourcePlace => place !== null)
    .map(({ file }) => file.slice(0, Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1));
  return folders.reduce(commonStart, folders[0] ?? "");
}

/** What two folders have in common, in whole names. */
function commonStart(a: string, b: string): string {
  let end = 0;
  for (let at = 0; at < a.length && a[at] === b[at]; at++) {
    if (a[at] === "/" || a[at] === "\\") end = at + 1;
  }
  return a.slice(0, end);
}
