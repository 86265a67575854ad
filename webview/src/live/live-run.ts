import type { PageForm, ToExtension, ToPage } from "../messages";
import { TimelinePage } from "../timeline/timeline-page";
import type { TimelineState } from "../timeline/timeline-state";
import { element } from "../view/dom";
import { LiveSource } from "./live-source";

export interface LiveRunOptions {
  readonly state: TimelineState;
  readonly onState: (changes: Partial<TimelineState>) => void;
  readonly post: (message: ToExtension) => void;
}

/** The page of a run that is under way, or stands still: its timeline with the panels. */
export class LiveRun {
  private readonly source: LiveSource;
  private readonly page: TimelinePage;
  private readonly post: LiveRunOptions["post"];

  constructor(
    body: HTMLElement,
    private readonly start: Extract<ToPage, { kind: "follow-run" }>,
    { state, onState, post }: LiveRunOptions,
  ) {
    this.post = post;
    this.source = new LiveSource(start.run, post);
    this.page = new TimelinePage({
      source: this.source,
      // Rows and times of another run say nothing about this one.
      state: { ...state, view: null, marked: null, row: null },
      isLive: true,
      tabs: [],
      onState,
      onSelect: (facts) => {
        if (facts === null) return;
        const task = this.page.view.chosenTrack?.kind === "task" ? facts.trackName : null;
        post({ kind: "select", task, time: facts.from });
      },
      onExport: () => post({ kind: "choose-export" }),
      onOpen: ({ file, line }) => post({ kind: "open-source", file, line }),
    });
    body.replaceChildren(element("main", { className: "live", label: start.name }, this.page.root));
  }

  /** Saves a picture of what is seen; the trace itself is saved by who has it. */
  export(form: PageForm): void {
    if (form !== "perfetto")
      this.page.makePicture(form, (name, bytes) => this.post({ kind: "save", name, bytes }));
  }

  receive(message: Exclude<ToPage, { kind: "open-trace" | "show-failure" | "follow-run" | "export" }>): void {
    if (message.run !== this.start.run) return;
    switch (message.kind) {
      case "run-state":
        this.source.update(message);
        break;
      case "answer":
        this.source.answered(message.id, message.answer);
        break;
      case "selected":
        this.page.view.reveal(message.task, message.time);
        break;
      case "findings":
        this.page.showFindings(message.findings, true);
        break;
    }
  }
}
