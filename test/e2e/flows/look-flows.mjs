import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openFile, runCommand, tracePage } from "./workbench.mjs";

const THEMES = [
  { name: "light", label: "Default Light Modern", className: "vscode-light" },
  { name: "dark", label: "Default Dark Modern", className: "vscode-dark" },
  { name: "high-contrast", label: "Default High Contrast", className: "vscode-high-contrast" },
  {
    name: "high-contrast-light",
    label: "Default High Contrast Light",
    className: "vscode-high-contrast-light",
  },
];

/** Pictures to look at, in each theme and in a narrow panel. */
export const lookFlows = THEMES.map(({ name, label, className }) => [
  `pictures in the theme ${name}`,
  async ({ page, workspace, screenshot }) => {
    mkdirSync(join(workspace, ".vscode"), { recursive: true });
    writeFileSync(
      join(workspace, ".vscode", "settings.json"),
      JSON.stringify({ "workbench.colorTheme": label }),
    );
    await page.setViewportSize({ width: 1400, height: 900 });
    await openFile(page, "producer-consumer.pollscope");
    const trace = tracePage(page);
    await trace.locator(`body.${className}`).waitFor();
    await trace.locator('.layer .event[aria-rowindex="9"]').click();
    await trace.getByRole("region", { name: "Selected event" }).waitFor();
    await screenshot(name);
    await runCommand(page, "View: Toggle Primary Side Bar Visibility");
    await page.setViewportSize({ width: 1180, height: 720 });
    await trace.locator(".event.head").waitFor();
    await screenshot(`${name}-editor`);
    await page.setViewportSize({ width: 448, height: 900 });
    await trace.locator(".event.head").waitFor();
    await screenshot(`${name}-narrow`);
    await page.setViewportSize({ width: 1400, height: 900 });
    await runCommand(page, "View: Toggle Primary Side Bar Visibility");
  },
]);
