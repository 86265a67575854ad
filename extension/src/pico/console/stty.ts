import type { Computer, ProgramRun } from "../computer/computer";

/** How a port is set up with stty. macOS has another one, with other options, than those who install GNU's beside it. */
export function stty(
  { platform }: Computer,
  port: string,
  settings: readonly string[],
): Pick<ProgramRun, "program" | "words"> {
  return platform === "macos"
    ? { program: "/bin/stty", words: ["-f", port, ...settings] }
    : { program: "stty", words: ["-F", port, ...settings] };
}
