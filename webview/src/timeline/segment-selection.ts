import type { SegmentQuery, SegmentFacts } from "#adapter/trace/timeline/segment-facts";
import type { TimelineSource } from "./timeline-source";
import type { Span } from "./time-scale";

export interface SegmentSelectionEvents {
  /** Something else is selected. */
  onSelect(facts: SegmentFacts | null, isByReader: boolean): void;
  /** This has to be brought into sight. */
  onReveal(span: Span): void;
  /** To be said to those who do not see it. */
  onSay(text: string): void;
}

/** Which segment is selected, and how one gets from one to another. */
export class SegmentSelection {
  selected: SegmentFacts | null = null;
  /** The instant that the search has found last. */
  found: number | null = null;
  private foundRow = -1;

  constructor(
    private readonly source: TimelineSource,
    private readonly events: SegmentSelectionEvents,
  ) {}

  select(facts: SegmentFacts | null, isByReader: boolean): void {
    this.selected = facts;
    this.events.onSelect(facts, isByReader);
  }

  /** What somebody points at. */
  selectAt(query: SegmentQuery): void {
    this.source.ask("near", query, (facts) => this.select(facts, true));
  }

  /** The segment that an event belongs to. */
  selectRow(row: number): void {
    this.source.ask("row", { row }, (facts) => {
      if (facts === null) return;
      this.select(facts, false);
      this.events.onReveal(facts);
    });
  }

  /** A segment by its number; nothing if there is none. */
  selectSegment(track: number, segment: number): void {
    this.source.ask("segment", { track, segment }, (facts) => {
      if (facts !== null) this.arrive(facts);
    });
  }

  /** The next of a track that stands out; `from` is where to begin if nothing of that track is selected. */
  goToNeighbour(track: number, step: 1 | -1, from: number): void {
    const { selected } = this;
    const go = (segment: number) =>
      this.source.ask("neighbour", { track, segment, step }, (facts) => {
        if (facts !== null) this.arrive(facts);
      });
    if (selected?.track === track) go(selected.segment);
    else {
      const query = { track, time: selected === null ? from : selected.from, tolerance: 0 };
      this.source.ask("near", query, (facts) => go(facts?.segment ?? -1));
    }
  }

  /** The next event with such words, or the one before. */
  find(words: string, step: 1 | -1, onResult: (time: number | null) => void): void {
    const row = this.foundRow >= 0 ? this.foundRow + step : step > 0 ? 0 : -1;
    this.source.ask("find", { words, row, step }, (found) => {
      this.found = found?.time ?? null;
      this.foundRow = found?.row ?? -1;
      onResult(this.found);
      const facts = found?.facts ?? null;
      if (found === null || facts === null) return;
      this.select(facts, true);
      this.events.onReveal({ from: found.time, to: found.time });
    });
  }

  /** Selects again what was selected before the page was made anew, if it is still what it was. */
  restore(row: number, isRight: (facts: SegmentFacts) => boolean): void {
    this.source.ask("row", { row }, (facts) => {
      if (facts !== null && this.selected === null && isRight(facts)) this.select(facts, false);
    });
  }

  private arrive(facts: SegmentFacts): void {
    this.select(facts, true);
    this.events.onReveal(facts);
    const details = facts.details.map(({ name, text }) => `${name} ${text}`).join(", ");
    this.events.onSay(`${facts.trackName}: ${facts.title}, ${details}`);
  }
}
