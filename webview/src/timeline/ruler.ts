import type { TimeScale } from "./time-scale";

/** A line of the ruler. */
export interface Tick {
  readonly time: number;
  readonly x: number;
  /** Empty for the small ones between. */
  readonly label: string;
}

export interface Ruler {
  readonly ticks: readonly Tick[];
  /** What the labels are counted from, where they begin with a plus; else empty. */
  readonly anchor: string;
  readonly anchorTime: number;
}

/** The least distance of labels in px. */
const LABEL_DISTANCE = 92;

const UNITS = [
  { name: "s", length: 1e9 },
  { name: "ms", length: 1e6 },
  { name: "us", length: 1e3 },
  { name: "ns", length: 1 },
] as const;

/**
 * The ticks of a window. Labels of steps of a millisecond and more count from the begin of the trace; finer ones from
 * an anchor, the last millisecond or microsecond before the window, so that they stay short.
 */
export function rulerOf(scale: TimeScale): Ruler {
  const step = niceStep(scale.nanosecondsPerPixel * LABEL_DISTANCE);
  const { from, to } = scale.span;
  const anchorUnit = step >= 1e6 ? 0 : step >= 1e3 ? 1e6 : 1e3;
  // Where the window is longer than what the anchor counts in, the anchor is at its begin still.
  const anchorTime = anchorUnit === 0 ? 0 : Math.max(0, Math.floor(from / anchorUnit) * anchorUnit);
  const small = step / (leadingDigit(step) === 2 ? 4 : 5);
  const ticks: Tick[] = [];
  const first = Math.ceil(Math.max(0, from) / small);
  const perLabel = Math.round(step / small);
  for (let index = first; index * small <= to; index++) {
    const time = index * small;
    const label = index % perLabel === 0 ? tickLabel(time - anchorTime, step, anchorUnit > 0) : "";
    ticks.push({ time, x: scale.x(time), label });
  }
  return { ticks, anchor: anchorUnit === 0 ? "" : anchorLabel(anchorTime, anchorUnit), anchorTime };
}

/** The next of 1, 2, 5, 10, … that is at least `least`. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  const step = [1, 2, 5, 10].find((digit) => digit * power >= least)!;
  return step * power;
}

function leadingDigit(step: number): number {
  return Math.round(step / 10 ** Math.floor(Math.log10(step) + 1e-9));
}

function tickLabel(time: number, step: number, isRelative: boolean): string {
  if (isRelative) {
    const unit = step >= 1e3 ? UNITS[2] : UNITS[3];
    return `+${grouped((time / unit.length).toFixed(0))} ${unit.name}`;
  }
  if (time === 0) return "0 s";
  if (time < 1e9 && step < 1e9) return `${(time / 1e6).toFixed(0)} ms`;
  const digits = Math.max(0, Math.min(3, 9 - Math.floor(Math.log10(step) + 1e-9)));
  return `${grouped((time / 1e9).toFixed(digits))} s`;
}

function anchorLabel(time: number, unit: number): string {
  const whole = Math.floor(time / 1e9);
  const rest = String(Math.round(time - whole * 1e9)).padStart(9, "0");
  const groups = unit === 1e6 ? [rest.slice(0, 3)] : [rest.slice(0, 3), rest.slice(3, 6)];
  return `${whole}.${groups.join(" ")} s`;
}

function grouped(digits: string): string {
  const [whole, fraction] = digits.split(".");
  const spaced = whole!.replace(/\B(?=(\d{3})+$)/g, " ");
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
}
