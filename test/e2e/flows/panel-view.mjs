// The panels beside a session, as a person uses them.
import { eventually, widenSideBar } from "./debug-view.mjs";
import { runCommand } from "./workbench.mjs";

/** Shows a panel by its command, and gives its page: `Await Tree`, `await-tree`. */
export async function showPanel(page, title, kind) {
  await runCommand(page, `Pollscope: Show ${title}`);
  let found;
  const isThere = async () => {
    for (const frame of page.frames()) {
      const seen = await frame
        .locator(`body.panel.${kind}`)
        .isVisible()
        .catch(() => false);
      if (seen) found = frame;
    }
    return found !== undefined;
  };
  await eventually(isThere, () => `the panel ${title} does not open`);
  return found;
}

/** Shows a panel and only the heads of the others, in a side bar that is wide enough to read. */
export async function showAlone(page, title, kind, width = 560) {
  const panel = await showPanel(page, title, kind);
  const headerOf = (name) =>
    page.locator(".pane-header").filter({ has: page.getByText(name, { exact: true }) });
  const isOpen = async (name) => (await headerOf(name).getAttribute("aria-expanded")) === "true";
  // The command is done before the view is open: a click in between would close it.
  await eventually(
    () => isOpen(title),
    () => `the panel ${title} stays closed`,
  );
  for (const each of ["Board", "Await Tree", "Poll-Wake Cycle", "State Machine", "Executor"]) {
    if (each === title || (await headerOf(each).count()) === 0) continue;
    if (await isOpen(each)) await headerOf(each).click();
  }
  await widenSideBar(page, width);
  return panel;
}
