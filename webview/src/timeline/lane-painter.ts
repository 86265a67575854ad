import {
  ByteSegment,
  CoreSegment,
  DisplaySegment,
  InterruptSegment,
  LockSegment,
  PinSegment,
  TaskSegment,
} from "#adapter/trace/timeline/track";
import type { TrackInfo } from "#adapter/trace/timeline/questions";
import { type TrackItems, WHOLE } from "#adapter/trace/timeline/window-query";
import type { Paint } from "./paint";
import type { Look, RectBatch, Renderer } from "./renderer";
import { readableOn, type Theme } from "./theme";

/** What a lane is drawn from, and where. */
export interface LaneDrawing {
  readonly kind: TrackInfo["kind"];
  readonly items: TrackItems;
  /** Px of an item that begins with what was asked for, and of a nanosecond. */
  readonly left: number;
  readonly pixelsPerNanosecond: number;
  readonly top: number;
  readonly height: number;
}

/** A text to be written once all areas are painted. */
interface Label {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly color: string;
}

/** Between a slice and the edges of its lane, in px. */
const INSET = 4;

/** What is shorter is still drawn so wide, in px: one by itself, and several that share a pixel. */
const THINNEST_SINGLE = 2;
const THINNEST = 1;

/** Shares of a pixel are shown in so many steps. */
const SHARE_LEVELS = 6;

const TEXT_INSET = 5;

/** Draws lanes: areas into a paint, and labels after them. */
export class LanePainter {
  private readonly labels: Label[] = [];

  constructor(
    private readonly renderer: Renderer,
    private readonly theme: Theme,
    private readonly paint: Paint,
  ) {}

  draw(lane: LaneDrawing): void {
    switch (lane.kind) {
      case "task":
        this.slices(lane, (kind, share) => this.taskLook(kind, share));
        break;
      case "core":
        this.slices(lane, (kind, share) => this.coreLook(kind, share));
        break;
      case "interrupt":
        this.slices(lane, (kind, share) =>
          kind === InterruptSegment.Running ? this.solid(this.theme.interrupt, share) : undefined,
        );
        break;
      case "display":
        this.slices(lane, (kind, share) =>
          kind === DisplaySegment.Shown
            ? { color: this.theme.wire, alpha: share === WHOLE ? 0.22 : 0.6 }
            : undefined,
        );
        break;
      case "lock":
        this.slices(lane, (kind, share) => this.lockLook(kind, share));
        break;
      case "pin":
        this.pin(lane);
        break;
      case "uart":
        this.bytes(lane);
        break;
    }
  }

  /** Paints the areas. */
  paintAreas(): void {
    this.paint.flush(this.renderer);
  }

  /** Writes the labels, over everything else. */
  write(): void {
    const { mono: font } = this.theme;
    for (const { text, x, y, color } of this.labels) this.renderer.text(text, x, y, { color, font });
  }

  private slices(lane: LaneDrawing, lookOf: (kind: number, share: number) => Look | undefined): void {
    const { items, top, height } = lane;
    const y = top + INSET;
    const tall = height - 2 * INSET - 1;
    for (let i = 0; i < items.length; i++) {
      const kind = items.kinds[i]!;
      const share = items.shares[i]!;
      const isGround = items.counts[i] === 0;
      const [left, right] = this.sides(lane, i);
      if (right < 0 || left > this.renderer.width) continue;
      const look = lookOf(kind, share);
      if (look !== undefined) {
        const width = Math.max(
          right - left,
          isGround ? 0 : items.counts[i] === 1 ? THINNEST_SINGLE : THINNEST,
        );
        this.paint.batch(isGround ? 0 : 1, look).add(left, y, width, tall);
        if (look.isHatched === true) this.paint.batch(0, tint(look.color)).add(left, y, width, tall);
        if (this.theme.isHighContrast && right - left > 3) this.edges(left, y, right - left, tall);
      }
      const label = items.labels[i]!;
      if (label !== 0) this.label(items.texts[label]!, left, right, y + tall / 2, look);
    }
  }

  /** Where an item begins and ends, in px that the screen has. */
  private sides({ items, left, pixelsPerNanosecond }: LaneDrawing, i: number): [number, number] {
    const { ratio } = this.renderer;
    const from = left + items.starts[i]! * pixelsPerNanosecond;
    const to = left + items.ends[i]! * pixelsPerNanosecond;
    return [Math.round(from * ratio) / ratio, Math.round(to * ratio) / ratio];
  }

  private taskLook(kind: number, share: number): Look | undefined {
    const { theme } = this;
    switch (kind) {
      case TaskSegment.Suspended:
        return { color: theme.foreground, alpha: theme.isHighContrast ? 0.14 : 0.085 };
      case TaskSegment.Ready:
        return { color: theme.ready, alpha: 0.8, isHatched: true };
      case TaskSegment.PollPending:
        return this.solid(theme.pollPending, share);
      case TaskSegment.PollReady:
        return this.solid(theme.pollReady, share);
      case TaskSegment.PollOpen:
        return this.solid(theme.pollOpen, share);
      default:
        return undefined;
    }
  }

  private coreLook(kind: number, share: number): Look | undefined {
    const { theme } = this;
    switch (kind) {
      case CoreSegment.Polling:
        return this.solid(theme.pollPending, share);
      case CoreSegment.Interrupt:
        return this.solid(theme.interrupt, share);
      case CoreSegment.Scheduling:
        return { color: theme.scheduling, alpha: 0.35 };
      case CoreSegment.StartUp:
        return { color: theme.foreground, alpha: 0.14 };
      default:
        return undefined;
    }
  }

  private lockLook(kind: number, share: number): Look | undefined {
    const { theme } = this;
    if (kind === LockSegment.Awaited) return { color: theme.warning, alpha: 0.85, isHatched: true };
    return kind === LockSegment.Held ? { color: theme.wire, alpha: share === WHOLE ? 0.4 : 0.7 } : undefined;
  }

  /** Full where an item is one segment; paler the less of its pixel it takes, and never so pale that it is missed. */
  private solid(color: string, share: number): Look {
    if (share === WHOLE) return { color, alpha: 1 };
    const level = Math.ceil(Math.sqrt(share / 254) * SHARE_LEVELS) / SHARE_LEVELS;
    return { color, alpha: 0.45 + 0.55 * level };
  }

  /** A line that is high or low, as on a logic analyser; where it changes within a pixel, a block. */
  private pin(lane: LaneDrawing): void {
    const { items, top, height } = lane;
    const { pin: color, faint } = this.theme;
    const high = top + INSET + 1;
    const low = top + height - INSET - 2;
    const edge = this.paint.batch(2, { color, alpha: 1 });
    const block = this.paint.batch(1, { color, alpha: 0.55 });
    const area = this.paint.batch(0, { color, alpha: 0.16 });
    const unknown = this.paint.batch(2, { color: faint, alpha: 0.5 });
    let level = -1;
    for (let i = 0; i < items.length; i++) {
      const [left, right] = this.sides(lane, i);
      const kind = items.kinds[i]!;
      if (items.shares[i] !== WHOLE) {
        block.add(left, high, Math.max(right - left, THINNEST), low - high + 1);
        level = -1;
        continue;
      }
      if (kind === PinSegment.Unknown) unknown.add(left, (high + low) / 2, right - left, 1);
      else {
        const isHigh = kind === PinSegment.High;
        if (isHigh) area.add(left, high, right - left, low - high);
        edge.add(left, isHigh ? high : low, right - left, 1.5);
        if (level !== kind && i > 0) edge.add(left, high, 1, low - high + 1.5);
      }
      level = kind;
    }
  }

  private bytes(lane: LaneDrawing): void {
    const { items, top, height } = lane;
    const { wire, foreground } = this.theme;
    const y = top + INSET + 2;
    const tall = height - 2 * INSET - 4;
    const marks = this.paint.batch(1, { color: wire, alpha: 0.95 });
    const ground = this.paint.batch(0, { color: wire, alpha: 0.35 });
    for (let i = 0; i < items.length; i++) {
      if (items.kinds[i] !== ByteSegment.Byte) continue;
      const [left, right] = this.sides(lane, i);
      if (right < -20 || left > this.renderer.width) continue;
      marks.add(left, y, 1.5, tall);
      if (right - left > 2) ground.add(left, y, right - left, tall);
      const label = items.labels[i]!;
      if (label !== 0)
        this.labels.push({ text: items.texts[label]!, x: left + 4, y: y + tall / 2, color: foreground });
    }
  }

  private edges(x: number, y: number, width: number, height: number): void {
    const batch: RectBatch = this.paint.batch(2, { color: this.theme.line, alpha: 1 });
    batch.add(x, y, width, 1);
    batch.add(x, y + height - 1, width, 1);
    batch.add(x, y, 1, height);
    batch.add(x + width - 1, y, 1, height);
  }

  /** Writes into what is seen of an item, so that a long one is labelled wherever one looks. */
  private label(text: string, left: number, right: number, y: number, look: Look | undefined): void {
    const { theme, renderer } = this;
    const from = Math.max(left, 0) + TEXT_INSET;
    const room = Math.min(right, renderer.width) - TEXT_INSET - from;
    const shown = fitted(renderer, text, theme.mono, room);
    if (shown === "") return;
    const isReady = look?.isHatched === true;
    const isSolid = look?.alpha === 1 && !isReady;
    const color = isSolid ? readableOn(look.color) : isReady ? theme.foreground : theme.faint;
    if (isReady) {
      // Letters on stripes cannot be read.
      const ground = this.paint.batch(2, { color: theme.background, alpha: 0.75 });
      ground.add(from - 2, y - 6, renderer.textWidth(shown, theme.mono) + 4, 12);
    }
    this.labels.push({ text: shown, x: from, y, color });
  }
}

function tint(color: string): Look {
  return { color, alpha: 0.2 };
}

/** Fewer letters of a longer text tell nothing. */
const FEWEST_LETTERS = 4;

/** As much of a text as fits, with dots where it is cut; nothing if that would be too little. */
export function fitted(renderer: Renderer, text: string, font: string, room: number): string {
  const width = renderer.textWidth(text, font);
  if (width <= room) return text;
  const letters = Math.floor((room / width) * text.length) - 1;
  return letters < FEWEST_LETTERS ? "" : `${text.slice(0, letters)}…`;
}
