/** The colours and fonts of a drawing, as a canvas takes them. */
export interface Theme {
  readonly background: string;
  readonly foreground: string;
  readonly faint: string;
  readonly line: string;
  readonly pollPending: string;
  readonly pollReady: string;
  readonly pollOpen: string;
  readonly ready: string;
  readonly scheduling: string;
  readonly interrupt: string;
  readonly pin: string;
  readonly wire: string;
  readonly cursor: string;
  readonly focus: string;
  readonly error: string;
  readonly warning: string;
  readonly note: string;
  /** Whether shapes need edges, since tints are not told apart. */
  readonly isHighContrast: boolean;
  /** Whether nothing may move by itself. */
  readonly isStill: boolean;
  readonly font: string;
  readonly boldFont: string;
  readonly mono: string;
}

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

/** Black or white, whichever can be read on a colour. */
export function readableOn(color: string): string {
  const [red, green, blue] = channelsOf(color);
  // Perceived brightness (ITU-R BT.601).
  return 0.299 * red + 0.587 * green + 0.114 * blue > 150 ? "#000000" : "#ffffff";
}

/** Red, green and blue of `#rgb`, `#rrggbb`, with or without alpha, and of `rgb(…)`; grey for anything else. */
function channelsOf(color: string): readonly [number, number, number] {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(color)?.[1];
  if (hex !== undefined) {
    const long = hex.length < 6 ? hex.replace(/./g, "$&$&") : hex;
    return [0, 2, 4].map((at) => parseInt(long.slice(at, at + 2), 16)) as unknown as [number, number, number];
  }
  const numbers =
    /^rgba?\(([^)]*)\)/
      .exec(color)?.[1]
      ?.split(/[\s,/]+/)
      .map(Number) ?? [];
  return [numbers[0] ?? 128, numbers[1] ?? 128, numbers[2] ?? 128];
}
