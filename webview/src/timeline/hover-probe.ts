import type { SegmentFacts, SegmentQuery } from "#adapter/trace/timeline/segment-facts";
import { HoverCard } from "./hover-card";
import type { TimelineSource } from "./timeline-source";

/** A place in the lanes, in px. */
export interface PointerPlace {
  readonly x: number;
  /** Negative in the ruler. */
  readonly y: number;
}

export interface HoverProbeOptions {
  readonly source: TimelineSource;
  /** What a place stands for; undefined where no lane is. */
  readonly queryAt: (place: PointerPlace) => SegmentQuery | undefined;
  /** Where the card is put, in px of the timeline, and how much room it has. */
  readonly cardPlace: (
    place: PointerPlace,
  ) => PointerPlace & { readonly width: number; readonly height: number };
  readonly onChange: () => void;
}

/** Follows the pointer, and shows the facts of what it rests on. */
export class HoverProbe {
  readonly card = new HoverCard();
  pointer: PointerPlace | null = null;
  hovered: SegmentFacts | null = null;

  constructor(private readonly options: HoverProbeOptions) {}

  move(place: PointerPlace | null): void {
    this.pointer = place;
    this.options.onChange();
    const query = place === null || place.y < 0 ? undefined : this.options.queryAt(place);
    if (place === null || query === undefined) {
      this.forget();
      return;
    }
    this.options.source.ask("near", query, (facts) => {
      // What is answered late is about another place.
      if (this.pointer !== place) return;
      this.hovered = facts;
      if (facts === null) this.card.hide();
      else this.card.show(facts, this.options.cardPlace(place));
      this.options.onChange();
    });
  }

  /** What was under the pointer has moved away. */
  forget(): void {
    this.hovered = null;
    this.card.hide();
  }
}
