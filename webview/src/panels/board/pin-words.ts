import type { BoardPin } from "#adapter/protocol/board";

/** What a pin is used for, shortly: `UART0 TX`, `out`, `in ↑`; empty where nothing has been set up. */
export function pinFunction(pin: BoardPin): string {
  if (pin.signal === "none") return "";
  return pin.signal === "SIO" ? direction(pin) : pin.signal;
}

function direction({ isDriven, pull }: BoardPin): string {
  if (isDriven) return "out";
  return `in${PULL_SIGNS[pull]}`;
}

const PULL_SIGNS = { none: "", up: " ↑", down: " ↓", keep: " ↕" } as const;

const PULL_WORDS = {
  none: "no pull",
  up: "pull-up",
  down: "pull-down",
  keep: "both pulls, which keep the level",
} as const;

/** All that is known of a pin, as a sentence without its end. */
export function pinFacts(pin: BoardPin, share: number | undefined): string {
  const parts = [
    pin.isHigh ? "high" : "low",
    pin.signal === "none" ? "no function" : pin.signal,
    pin.isDriven ? "driven by the chip" : pin.isInput ? "input" : "input buffer off",
    PULL_WORDS[pin.pull],
    `${pin.changes} ${pin.changes === 1 ? "change" : "changes"}`,
  ];
  if (share !== undefined && share > 0 && share < 1)
    parts.push(`high ${percent(share)} of the time just now`);
  if (pin.probe !== "none") parts.push(`held ${pin.probe} from outside`);
  if (pin.isContended) parts.push("two outputs drive against each other");
  return parts.join(", ");
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
