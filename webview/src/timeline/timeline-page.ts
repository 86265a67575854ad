import type { SegmentFacts } from "#adapter/trace/timeline/segment-facts";
import type { SourcePlace } from "#adapter/trace/trace";
import { element } from "../view/dom";
import type { FindingMark } from "../messages";
import { FindingsList } from "./findings-list";
import { type PictureForm, pictureFile } from "./picture/picture-file";
import { SegmentDetail } from "./segment-detail";
import { SpanTable } from "./span-table";
import { splitter } from "./splitter";
import { type Tab, Tabs } from "./tabs";
import type { TimelineSource } from "./timeline-source";
import type { TimelineState } from "./timeline-state";
import { TimelineView } from "./timeline-view";
import { TrackTable } from "./track-table";

/** Rows of a track's table. */
const MOST_ROWS = 500;

export interface TimelinePageOptions {
  readonly source: TimelineSource;
  readonly state: TimelineState;
  readonly isLive: boolean;
  /** Panels that stand before the timeline's own. */
  readonly tabs: readonly Tab[];
  readonly onState: (changes: Partial<TimelineState>) => void;
  /** The reader has selected something in the timeline. */
  readonly onSelect: (facts: SegmentFacts | null) => void;
  readonly onOpen: (place: SourcePlace) => void;
  /** The reader wants to save the timeline as something. */
  readonly onExport: () => void;
}

/** The timeline with its panels: the track and the span as tables, findings, and what is selected. */
export class TimelinePage {
  readonly root: HTMLElement;
  readonly view: TimelineView;
  private readonly tabs: Tabs;
  private readonly detail: SegmentDetail;
  private readonly spanTable = new SpanTable();
  private readonly trackTable: TrackTable;
  private readonly findingsList: FindingsList;

  constructor(private readonly options: TimelinePageOptions) {
    const { source, state, isLive, onState, onOpen } = options;
    this.view = new TimelineView(
      source,
      state,
      {
        onState,
        onOpen,
        onSelect: (facts, isByReader) => this.selected(facts, isByReader),
        onSettled: () => this.refresh(),
      },
      isLive,
    );
    this.view.addTool("Save…", "Save the timeline as a picture or a trace", options.onExport);
    this.detail = new SegmentDetail({
      onOpen,
      onGoToRow: (row) => this.view.selectRow(row),
      onZoom: (facts) => this.view.show(facts),
    });
    this.trackTable = new TrackTable((segment) => {
      const track = this.view.chosenTrack?.track;
      if (track !== undefined) this.view.selectSegment(track, segment);
    });
    this.findingsList = new FindingsList({ onShow: (finding) => this.view.show(finding), onOpen });
    this.tabs = new Tabs(
      [
        ...options.tabs,
        { id: "track", title: "Track", panel: this.trackTable.root },
        { id: "span", title: "Statistics", panel: this.spanTable.root },
        { id: "findings", title: "Findings", panel: this.findingsList.root },
      ],
      (panel) => {
        onState({ panel });
        this.refresh();
      },
    );
    this.tabs.choose(state.panel);
    const lower = element("div", { className: "lower" }, this.tabs.root, this.detail.root);
    this.root = element("div", { className: "timeline-page" }, this.view.root);
    this.root.append(
      splitter(this.root, state.share, (share) => onState({ share })),
      lower,
    );
  }

  /** Shows what was found; `isDone` once nothing more is to come. */
  showFindings(findings: readonly FindingMark[], isDone: boolean): void {
    this.view.setFindings(findings);
    this.findingsList.show(findings, isDone);
    this.tabs.rename("findings", findings.length === 0 ? "Findings" : `Findings ${findings.length}`);
  }

  /** Gives a picture of the timeline, as the bytes of a file with its name. */
  makePicture(form: PictureForm, deliver: (name: string, bytes: Uint8Array) => void): void {
    this.view.picture((picture) => {
      void pictureFile(picture, form).then((bytes) => deliver(`timeline.${form}`, bytes));
    });
  }

  choosePanel(id: string): void {
    this.tabs.choose(id);
    this.options.onState({ panel: id });
    this.refresh();
  }

  private selected(facts: SegmentFacts | null, isByReader: boolean): void {
    this.detail.show(facts);
    // What follows from an event that was chosen elsewhere leaves that event chosen.
    if (!isByReader) return;
    this.options.onSelect(facts);
    if (facts !== null && facts.place !== null) this.options.onOpen(facts.place);
  }

  /** Fills the table that is seen with what is in view. */
  private refresh(): void {
    const { source } = this.options;
    const { view } = this;
    if (this.tabs.chosen === "span") {
      const { marked } = view.state;
      const span = marked ?? {
        from: Math.max(0, view.view.from),
        to: Math.min(source.state.head, view.view.to),
      };
      source.ask("span", span, (rows) => this.spanTable.show(rows, span, marked !== null));
    } else if (this.tabs.chosen === "track") {
      const track = view.chosenTrack;
      if (track === undefined) this.trackTable.showNothing();
      else {
        const question = { track: track.track, from: view.view.from, to: view.view.to, limit: MOST_ROWS };
        source.ask("list", question, (list) => this.trackTable.show(track.name, list));
      }
    }
  }
}
