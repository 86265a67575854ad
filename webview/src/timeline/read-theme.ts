import type { Theme } from "./theme";

/** The theme that VS Code has given the page: its variables, each with what stands in where a theme lacks it. */
export function readTheme(body: HTMLElement): Theme {
  const style = getComputedStyle(body);
  const variable = (...names: readonly string[]): string => {
    for (const name of names) {
      const value = style.getPropertyValue(`--vscode-${name}`).trim();
      if (value !== "") return value;
    }
    return style.color;
  };
  const isHighContrast = /\bvscode-high-contrast/.test(body.className);
  const family = style.fontFamily;
  return {
    background: variable("editor-background"),
    foreground: style.color,
    faint: variable("descriptionForeground", "foreground"),
    line: isHighContrast ? variable("contrastBorder") : style.color,
    pollPending: variable("charts-blue"),
    pollReady: variable("charts-green"),
    pollOpen: variable("charts-purple"),
    ready: variable("charts-yellow"),
    scheduling: variable("charts-purple"),
    interrupt: variable("terminal-ansiCyan", "charts-red"),
    pin: variable("charts-green"),
    wire: variable("charts-orange"),
    cursor: variable("debugIcon-pauseForeground", "charts-orange"),
    focus: variable("focusBorder"),
    error: variable("editorError-foreground", "charts-red"),
    warning: variable("editorWarning-foreground", "charts-yellow"),
    note: variable("editorInfo-foreground", "charts-blue"),
    isHighContrast,
    isStill:
      body.classList.contains("vscode-reduce-motion") ||
      globalThis.matchMedia("(prefers-reduced-motion: reduce)").matches,
    font: `11px ${family}`,
    boldFont: `600 11px ${family}`,
    mono: `11px ${variable("editor-font-family") || "monospace"}`,
  };
}
