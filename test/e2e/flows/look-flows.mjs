import { changeSettings, openFile, runCommand, tracePage } from "./workbench.mjs";
import { PAGE_THEMES } from "./themes.mjs";

/** Pictures to look at, in each theme and in a narrow panel. */
export const lookFlows = PAGE_THEMES.map(({ name, label, className }) => [
  `pictures in the theme ${name}`,
  async ({ page, workspace, screenshot }) => {
    changeSettings(workspace, { "workbench.colorTheme": label });
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
