import * as vscode from "vscode";
import { UserError } from "#adapter/base/errors";
import { UDEV_RULES, UDEV_RULES_FILE } from "../pico/routes/usb-access";

/**
 * Shows the rules that let a user of Linux use boards and probes, and the command that puts them in place: that needs
 * an administrator, so Pollscope does not run it.
 * @throws UserError on other systems, with what is to be done there
 */
export async function setUpUsbAccess(): Promise<void> {
  if (process.platform === "win32") {
    throw new UserError(
      "Windows needs a driver instead of rules",
      "an RP2350 has one; for an RP2040 by PICOBOOT, or an old debug probe, install WinUSB with Zadig (https://zadig.akeo.ie)",
    );
  }
  if (process.platform !== "linux") {
    throw new UserError(
      "USB devices need no set-up on this system",
      "plug the board in again if it is not seen",
    );
  }
  const document = await vscode.workspace.openTextDocument({ language: "plaintext", content: UDEV_RULES });
  await vscode.window.showTextDocument(document);
  const copy = "Copy Command";
  const text = `Save these rules as ${UDEV_RULES_FILE} (as an administrator), and plug the board in again.`;
  if ((await vscode.window.showInformationMessage(text, copy)) !== copy) return;
  await vscode.env.clipboard.writeText(installCommand());
}

/** For a terminal; the rules have no quotes of the kind that surrounds them. */
function installCommand(): string {
  return `printf '%s' '${UDEV_RULES}' | sudo tee ${UDEV_RULES_FILE} > /dev/null && sudo udevadm control --reload && sudo udevadm trigger`;
}
