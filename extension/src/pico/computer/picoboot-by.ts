import type { Computer } from "./computer";
import { findTool } from "./find-program";

/** Undefined where nothing does. */
export type PicobootBy = "picotool" | "Pollscope" | undefined;

/** Who speaks PICOBOOT with boards here: picotool, which knows most; else we, where there is the library for USB. */
export async function picobootBy(computer: Computer): Promise<PicobootBy> {
  if ((await findTool(computer, "picotool")) !== undefined) return "picotool";
  return computer.usb().kind === "ready" ? "Pollscope" : undefined;
}
