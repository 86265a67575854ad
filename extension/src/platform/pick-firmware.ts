import * as vscode from "vscode";

/** The firmware file that the user picks, or undefined if none is. */
export async function pickFirmware(title: string, openLabel: string): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showOpenDialog({
    title,
    openLabel,
    // What cargo builds for a Pico has no extension.
    filters: { "All files": ["*"], "Firmware (ELF)": ["elf"] },
  });
  return picked?.[0];
}
