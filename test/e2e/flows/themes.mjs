/**
 * Themes for pictures, which are made to be looked at: all of them with POLLSCOPE_PICTURES=all, or else the dark one, which
 * comes last because it is the one that other flows begin with.
 */
const ALL_THEMES = [
  {
    name: "light",
    label: "Default Light Modern",
    title: "Light Modern",
    workbench: "vs",
    page: "vscode-light",
  },
  {
    name: "high-contrast",
    label: "Default High Contrast",
    title: "Dark High Contrast",
    workbench: "hc-black",
    page: "vscode-high-contrast",
  },
  {
    name: "high-contrast-light",
    label: "Default High Contrast Light",
    title: "Light High Contrast",
    workbench: "hc-light",
    page: "vscode-high-contrast-light",
  },
  {
    name: "dark",
    label: "Default Dark Modern",
    title: "Dark Modern",
    workbench: "vs-dark",
    page: "vscode-dark",
  },
];

const THEMES =
  process.env.POLLSCOPE_PICTURES === "all" ? ALL_THEMES : ALL_THEMES.filter(({ name }) => name === "dark");

/** For the workbench: its element has the class. Settings know a theme by its label, the palette by its title. */
export const WORKBENCH_THEMES = THEMES.filter(({ name }) => name !== "high-contrast-light").map(
  ({ name, label, title, workbench }) => ({ name, label, title, className: workbench }),
);

/** For pages of ours, which draw with the theme's colours themselves: their body has the class. */
export const PAGE_THEMES = THEMES.map(({ name, label, page }) => ({ name, label, className: page }));
