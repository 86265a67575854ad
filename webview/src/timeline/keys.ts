/** What a key asks of the timeline. */
export type KeyAction =
  | { readonly kind: "zoom"; readonly factor: number }
  /** By a share of what is seen. */
  | { readonly kind: "pan"; readonly share: number }
  | { readonly kind: "segment"; readonly step: 1 | -1 }
  | { readonly kind: "track"; readonly step: 1 | -1 }
  | { readonly kind: "move-track"; readonly step: 1 | -1 }
  | { readonly kind: "begin" | "end" | "whole" | "zoom-to-selection" | "mark-selection" | "toggle-pin" }
  | { readonly kind: "open-source" | "clear" | "follow" | "find" }
  | { readonly kind: "find-next"; readonly step: 1 | -1 };

export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

const PLAIN: Readonly<Record<string, KeyAction>> = {
  "+": { kind: "zoom", factor: 1.6 },
  "=": { kind: "zoom", factor: 1.6 },
  "-": { kind: "zoom", factor: 1 / 1.6 },
  w: { kind: "zoom", factor: 1.6 },
  s: { kind: "zoom", factor: 1 / 1.6 },
  a: { kind: "pan", share: -0.25 },
  d: { kind: "pan", share: 0.25 },
  PageUp: { kind: "pan", share: -0.9 },
  PageDown: { kind: "pan", share: 0.9 },
  ArrowLeft: { kind: "segment", step: -1 },
  ArrowRight: { kind: "segment", step: 1 },
  ArrowUp: { kind: "track", step: -1 },
  ArrowDown: { kind: "track", step: 1 },
  Home: { kind: "begin" },
  End: { kind: "end" },
  "0": { kind: "whole" },
  f: { kind: "zoom-to-selection" },
  m: { kind: "mark-selection" },
  p: { kind: "toggle-pin" },
  l: { kind: "follow" },
  n: { kind: "find-next", step: 1 },
  "/": { kind: "find" },
  Enter: { kind: "open-source" },
  Escape: { kind: "clear" },
};

const SHIFTED: Readonly<Record<string, KeyAction>> = {
  ArrowLeft: { kind: "pan", share: -0.25 },
  ArrowRight: { kind: "pan", share: 0.25 },
  "+": { kind: "zoom", factor: 1.6 },
  "/": { kind: "find" },
  N: { kind: "find-next", step: -1 },
};

/** What a key means, or undefined if it is none of the timeline's. */
export function keyAction({ key, shiftKey, altKey, ctrlKey, metaKey }: KeyPress): KeyAction | undefined {
  if (ctrlKey || metaKey) return undefined;
  if (altKey) {
    if (key === "ArrowUp") return { kind: "move-track", step: -1 };
    return key === "ArrowDown" ? { kind: "move-track", step: 1 } : undefined;
  }
  const table = shiftKey ? SHIFTED : PLAIN;
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
