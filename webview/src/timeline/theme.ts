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
