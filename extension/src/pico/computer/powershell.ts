import { win32 } from "node:path";
import type { Computer, ProgramRun } from "./computer";

/** A program of Windows by its full path: without it, one of that name in the current folder would be started. */
export function windowsProgram({ environment }: Computer, ...path: readonly string[]): string {
  return win32.join(environment["SystemRoot"] ?? "C:\\Windows", "System32", ...path);
}

/**
 * How Windows PowerShell runs a script, which must have no double quotes: they would need escapes on the way.
 * It is a part of every Windows since 7; 5.1, which Windows 10 and 11 have, is what scripts are written for.
 */
export function powershell(computer: Computer, script: string): Pick<ProgramRun, "program" | "words"> {
  return {
    program: windowsProgram(computer, "WindowsPowerShell", "v1.0", "powershell.exe"),
    words: ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", script],
  };
}
