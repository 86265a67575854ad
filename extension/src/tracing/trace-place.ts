import { createHash } from "node:crypto";
import { basename, join } from "node:path";

/**
 * Where the trace of a firmware file is kept: under the firmware's name, so that the tab is called like it, in a
 * folder for its path, so that tracing it again replaces the trace and a namesake elsewhere does not.
 */
export function tracePlace(storage: string, firmware: string): { folder: string; file: string } {
  const path = createHash("sha256").update(firmware).digest("hex").slice(0, 12);
  const folder = join(storage, "traces", path);
  return { folder, file: join(folder, `${basename(firmware).replace(/\.elf$/i, "")}.pollscope`) };
}
