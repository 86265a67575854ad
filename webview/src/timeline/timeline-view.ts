import { nanoseconds } from "#adapter/base/brand";
import { formatDuration, formatInstant } from "#adapter/base/duration";
import type { CoreShares } from "#adapter/trace/timeline/core-shares";
import type { TrackInfo, WindowAnswer } from "#adapter/trace/timeline/questions";
import type { SegmentFacts } from "#adapter/trace/timeline/segment-facts";
import type { SourcePlace } from "#adapter/trace/trace";
import { Canvas2dRenderer } from "./canvas2d-renderer";
import { DrawLoop } from "./draw-loop";
import type { FindingMark } from "../messages";
import { severityColor } from "./finding-mark";
import { connectGestures, type GestureEvents } from "./gestures";
import { HoverProbe, type PointerPlace } from "./hover-probe";
import { keyAction, type KeyAction } from "./keys";
import { laneAt, type LaneLayout, lanesInView, layOut, moveTrack, togglePin } from "./lanes";
import { drawOverview } from "./overview-painter";
import { connectBrush } from "./overview-brush";
import { Paint } from "./paint";
import type { TimelinePicture } from "./picture/timeline-picture";
import { drawRuler, type RulerMarks } from "./ruler-painter";
import { readTheme } from "./read-theme";
import type { Theme } from "./theme";
import { TimelineBar } from "./timeline-bar";
import { type TimelineElements, timelineElements } from "./timeline-elements";
import { drawLanes, type LanesDrawing } from "./timeline-canvas";
import type { TimelineSource } from "./timeline-source";
import type { TimelineState } from "./timeline-state";
import { TimeCamera } from "./time-camera";
import { moved, type Span, TimeScale, zoomed } from "./time-scale";
import { SegmentSelection } from "./segment-selection";
import { TrackHeaders } from "./track-headers";
import { isEnough, questionFor } from "./window-buffer";

/** What the timeline tells the page. */
export interface TimelineEvents {
  onState(changes: Partial<TimelineState>): void;
  /** Something else was selected, or nothing any more. */
  onSelect(facts: SegmentFacts | null, isByReader: boolean): void;
  onOpen(place: SourcePlace): void;
  /** What is seen, marked or chosen has come to rest. */
  onSettled(): void;
}

/** Pieces of the overview. */
const SHARE_PIECES = 480;

/** Px around the pointer in which something is hit. */
const REACH = 3;

/** The timeline: search, overview, ruler, lanes. Draws what a source tells, and holds what is seen. */
export class TimelineView {
  readonly root: HTMLElement;
  readonly loop = new DrawLoop((now) => this.frame(now));
  private readonly bar: TimelineBar;
  private readonly headers = new TrackHeaders({
    onChoose: (key) => this.chooseTrack(key),
    onTogglePin: (key) => this.change(togglePin(this.state, key)),
    onMove: (key, by) => this.change(moveTrack(this.tracks, this.state, { key, by })),
  });
  private readonly probe: HoverProbe;
  private readonly parts: TimelineElements;
  private readonly overview: Canvas2dRenderer;
  private readonly ruler: Canvas2dRenderer;
  private readonly lanes: Canvas2dRenderer;
  private readonly paint = new Paint();
  private readonly camera: TimeCamera;
  private readonly selection: SegmentSelection;
  private theme: Theme;
  private tracks: readonly TrackInfo[] = [];
  private layout: LaneLayout = { lanes: [], heads: [], height: 0 };
  private answer: WindowAnswer | undefined;
  private shares: CoreShares | undefined;
  private sharesHead = 0;
  private shownRevision = -1;
  private isAsking = false;
  /** There is more than the last answer has. */
  private isStale = true;
  private wasSettled = false;
  findings: readonly FindingMark[] = [];

  constructor(
    private readonly source: TimelineSource,
    public state: TimelineState,
    private readonly events: TimelineEvents,
    isLive: boolean,
  ) {
    this.camera = new TimeCamera(state.view, source.state.head, isLive);
    this.selection = new SegmentSelection(source, {
      onSelect: (facts, isByReader) => this.selected(facts, isByReader),
      onReveal: (span) => this.move(() => this.camera.reveal(span)),
      onSay: (text) => (this.parts.said.textContent = text),
    });
    this.probe = new HoverProbe({
      source,
      queryAt: (place) => this.hitAt(place),
      cardPlace: (place) => this.cardPlace(place),
      onChange: () => this.loop.request(),
    });
    this.bar = new TimelineBar(
      {
        onFind: (words, step) => this.find(words, step),
        onZoom: (factor) => this.act({ kind: "zoom", factor }),
        onWhole: () => this.act({ kind: "whole" }),
        onFollow: () => this.act({ kind: "follow" }),
        onLeave: () => this.parts.lanesArea.focus(),
      },
      isLive,
    );
    this.parts = timelineElements(this.bar.root, this.headers.root, this.probe.card.root);
    this.root = this.parts.root;
    this.overview = new Canvas2dRenderer(this.parts.overview);
    this.ruler = new Canvas2dRenderer(this.parts.ruler);
    this.lanes = new Canvas2dRenderer(this.parts.canvas);
    this.theme = readTheme(document.body);
    this.listen();
    source.onDidChange = () => this.loop.request();
  }

  /** Adds a button to those above the timeline. */
  addTool(text: string, title: string, act: () => void): void {
    this.bar.addTool(text, title, act);
  }

  /** Shows other findings. */
  setFindings(findings: readonly FindingMark[]): void {
    this.findings = findings;
    this.loop.request();
  }

  /** Selects the segment that an event belongs to, and moves there if it is not in view. */
  selectRow(row: number): void {
    this.selection.selectRow(row);
  }

  /** Selects a segment of a track by its number. */
  selectSegment(track: number, segment: number): void {
    this.selection.selectSegment(track, segment);
  }

  /** Goes to a span, with room around it. */
  show(span: Span): void {
    this.move(() => this.camera.show(span));
  }

  /** Chooses the track of a task, and goes to an instant if it is not in view. */
  reveal(task: string | null, time: number | null): void {
    const track = this.tracks.find(({ kind, name }) => kind === "task" && name === task);
    if (track !== undefined) this.chooseTrack(track.key);
    if (time !== null) this.move(() => this.camera.reveal({ from: time, to: time }));
  }

  /** Gives what a picture of the seen span is made from, with all its lanes. */
  picture(deliver: (picture: TimelinePicture) => void): void {
    const scale = this.scale();
    const tracks = this.layout.lanes.map(({ info }) => info.track);
    this.source.ask("window", questionFor(scale, tracks), (answer) => {
      const lanes = { ...this.lanesDrawing(scale), answer, scrolled: 0, pointer: null, hovered: null };
      const ruler = { ...this.rulerMarks(scale), pointer: null };
      deliver({ theme: this.theme, lanes, ruler, width: this.lanes.width });
    });
  }

  /** What is seen, or will be as soon as it has come to rest. */
  get view(): Span {
    return this.camera.target;
  }

  /** The chosen track, or undefined. */
  get chosenTrack(): TrackInfo | undefined {
    return this.tracks.find(({ key }) => key === this.state.track);
  }

  private listen(): void {
    const gestures: GestureEvents = {
      onPan: (by) => this.move(() => this.camera.pan(-by * this.scale().nanosecondsPerPixel)),
      onScroll: (by) => this.scroll(by),
      onZoom: (x, factor) => this.move(() => this.camera.zoom(this.lanes.width, x, factor)),
      onHover: (place) => this.probe.move(place),
      onClick: (x, y) => this.click(x, y),
      onDoubleClick: (x, y) => this.doubleClick(x, y),
      onMark: (from, to) => this.mark(from, to),
    };
    connectGestures(this.parts.canvasArea, false, gestures);
    connectGestures(this.parts.rulerArea, true, {
      ...gestures,
      onHover: (place) => this.probe.move(place === null ? null : { x: place.x, y: -1 }),
      onClick: () => this.change({ marked: null }),
      onDoubleClick: () => this.act({ kind: "whole" }),
    });
    connectBrush(this.parts.overviewStrip, {
      span: () => this.camera.current,
      head: () => this.source.state.head,
      onSpan: (span) => this.move(() => this.camera.jump(span)),
    });
    this.parts.lanesArea.addEventListener("keydown", (event) => {
      const action = keyAction(event);
      if (action === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      this.act(action);
    });
    this.parts.lanesArea.addEventListener("scroll", () => this.loop.request());
    new ResizeObserver(() => this.loop.request()).observe(this.root);
    const themes = new MutationObserver(() => {
      this.theme = readTheme(document.body);
      this.loop.request();
    });
    themes.observe(document.body, { attributes: true, attributeFilter: ["class"] });
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ["style"] });
  }

  // --- Moving -------------------------------------------------------------------------------------------------

  private scroll(by: number): boolean {
    const before = this.parts.lanesArea.scrollTop;
    this.parts.lanesArea.scrollTop += by;
    return (
      this.parts.lanesArea.scrollHeight > this.parts.lanesArea.clientHeight + 1 ||
      this.parts.lanesArea.scrollTop !== before
    );
  }

  private move(act: () => void): void {
    act();
    this.wasSettled = false;
    this.probe.forget();
    this.loop.request();
  }

  private act(action: KeyAction): void {
    const { camera } = this;
    const { view } = this;
    const { head } = this.source.state;
    const length = view.to - view.from;
    const glide = (span: Span) => this.move(() => camera.glide(span));
    switch (action.kind) {
      case "zoom": {
        const scale = new TimeScale(view, this.lanes.width);
        glide(zoomed(scale, this.selectedX(scale) ?? scale.width / 2, action.factor));
        break;
      }
      case "pan":
        glide(moved(view, action.share * length));
        break;
      case "begin":
        glide({ from: 0, to: length });
        break;
      case "end":
        glide({ from: head - length, to: head });
        break;
      case "whole":
        this.move(() => camera.showWhole());
        this.change({ view: null });
        break;
      case "follow":
        this.move(() => camera.toggleFollowing());
        break;
      case "zoom-to-selection": {
        const span = this.state.marked ?? this.selection.selected;
        if (span !== null) this.show(span);
        break;
      }
      default:
        this.actOnTracks(action);
    }
  }

  /** Keys that choose, rather than move what is seen. */
  private actOnTracks(action: KeyAction): void {
    const { track: key } = this.state;
    const { selected } = this.selection;
    switch (action.kind) {
      case "find":
        this.bar.focus();
        break;
      case "find-next":
        this.find(this.bar.searched, action.step);
        break;
      case "segment":
        if (this.chosenTrack === undefined) this.goToTrack(1);
        if (this.chosenTrack !== undefined)
          this.selection.goToNeighbour(this.chosenTrack.track, action.step, this.view.from);
        break;
      case "track":
        this.goToTrack(action.step);
        break;
      case "move-track":
        if (key !== null) this.change(moveTrack(this.tracks, this.state, { key, by: action.step }));
        break;
      case "toggle-pin":
        if (key !== null) this.change(togglePin(this.state, key));
        break;
      case "mark-selection":
        if (selected !== null) this.change({ marked: { from: selected.from, to: selected.to } });
        break;
      case "open-source":
        if (selected !== null && selected.place !== null) this.events.onOpen(selected.place);
        break;
      case "clear":
        if (this.state.marked !== null) this.change({ marked: null });
        else this.selection.select(null, true);
        break;
      default:
    }
  }

  private selectedX(scale: TimeScale): number | undefined {
    const { selected } = this.selection;
    if (selected === null) return undefined;
    const x = scale.x(selected.from);
    return x >= 0 && x <= scale.width ? x : undefined;
  }

  // --- Choosing -----------------------------------------------------------------------------------------------

  private change(changes: Partial<TimelineState>): void {
    this.state = { ...this.state, ...changes };
    if (changes.pinned !== undefined || changes.order !== undefined) this.lay();
    this.events.onState(changes);
    this.wasSettled = false;
    this.loop.request();
  }

  private chooseTrack(key: string): void {
    this.change({ track: key });
    const lane = this.layout.lanes.find(({ info }) => info.key === key);
    if (lane === undefined) return;
    const { scrollTop, clientHeight } = this.parts.lanesArea;
    if (lane.top < scrollTop) this.parts.lanesArea.scrollTop = lane.top;
    else if (lane.top + lane.height > scrollTop + clientHeight)
      this.parts.lanesArea.scrollTop = lane.top + lane.height - clientHeight;
  }

  private goToTrack(step: 1 | -1): void {
    const { lanes } = this.layout;
    const at = lanes.findIndex(({ info }) => info.key === this.state.track);
    const next = lanes[at < 0 ? 0 : Math.min(Math.max(at + step, 0), lanes.length - 1)];
    if (next === undefined) return;
    this.chooseTrack(next.info.key);
    this.parts.said.textContent = `track ${next.info.name}`;
  }

  private selected(facts: SegmentFacts | null, isByReader: boolean): void {
    const key = this.tracks.find(({ track }) => track === facts?.track)?.key;
    this.change({ row: facts?.row ?? null, ...(key !== undefined && { track: key }) });
    this.events.onSelect(facts, isByReader);
  }

  private find(words: string, step: 1 | -1): void {
    if (words.trim() === "") return;
    this.selection.find(words, step, (time) => {
      this.bar.showResult(time === null ? "nothing found" : `at ${formatInstant(nanoseconds(time))} s`);
      this.loop.request();
    });
  }

  // --- The pointer --------------------------------------------------------------------------------------------

  private cardPlace({ x, y }: PointerPlace) {
    const outer = this.root.getBoundingClientRect();
    const inner = this.parts.canvasArea.getBoundingClientRect();
    const { width, height } = outer;
    return { x: x + inner.left - outer.left, y: y + inner.top - outer.top, width, height };
  }

  private hitAt({ x, y }: PointerPlace) {
    const lane = laneAt(this.layout, y + this.parts.lanesArea.scrollTop);
    if (lane === undefined) return undefined;
    const scale = this.scale();
    return { track: lane.info.track, time: scale.time(x), tolerance: REACH * scale.nanosecondsPerPixel };
  }

  private click(x: number, y: number): void {
    const hit = this.hitAt({ x, y });
    this.parts.lanesArea.focus({ preventScroll: true });
    if (hit === undefined) this.selection.select(null, true);
    else this.selection.selectAt(hit);
  }

  private doubleClick(x: number, y: number): void {
    const hit = this.hitAt({ x, y });
    if (hit === undefined) return;
    this.source.ask("near", hit, (facts) => {
      if (facts !== null && facts.to > facts.from) this.show(facts);
    });
  }

  private mark(from: number, to: number): void {
    const scale = this.scale();
    const [left, right] = [Math.min(from, to), Math.max(from, to)];
    const head = this.source.state.head;
    const span = { from: Math.max(0, scale.time(left)), to: Math.min(head, scale.time(right)) };
    this.change({ marked: span.to > span.from ? span : null });
  }

  // --- Drawing ------------------------------------------------------------------------------------------------

  private scale(): TimeScale {
    return new TimeScale(this.camera.current, Math.max(1, this.lanes.width));
  }

  private lay(): void {
    this.layout = layOut(this.tracks, this.state);
  }

  /** One frame: what has changed is asked for, and everything is drawn. Tells whether something is still moving. */
  private frame(now: number): boolean {
    this.measure();
    this.catchUp();
    const isMoving = this.camera.step(now, this.theme.isStill);
    this.askForWindow();
    this.drawAll();
    this.tellDrawn();
    if (!isMoving && !this.wasSettled) this.settle();
    return isMoving;
  }

  private measure(): void {
    this.overview.resize(this.parts.overviewStrip.clientWidth, this.parts.overviewStrip.clientHeight);
    this.ruler.resize(this.parts.rulerArea.clientWidth, this.parts.rulerArea.clientHeight);
    this.lanes.resize(this.parts.canvasArea.clientWidth, this.parts.lanesArea.clientHeight);
  }

  private catchUp(): void {
    const { revision } = this.source.state;
    if (revision === this.shownRevision) return;
    this.shownRevision = revision;
    this.isStale = true;
    this.catchUpTracks();
    this.catchUpShares();
    this.camera.reach(this.source.state.head);
    const { row, track } = this.state;
    if (this.selection.selected === null && row !== null)
      this.selection.restore(
        row,
        (facts) => this.tracks.find((each) => each.track === facts.track)?.key === track,
      );
    this.wasSettled = false;
  }

  private catchUpTracks(): void {
    if (this.source.state.tracks === this.tracks.length) return;
    this.source.ask("tracks", {}, (tracks) => {
      this.tracks = tracks;
      this.lay();
      this.loop.request();
    });
  }

  /** While a run goes on, the overview changes so little from look to look that it need not be new each time. */
  private catchUpShares(): void {
    const { head, isRunning } = this.source.state;
    if (isRunning && head < this.sharesHead * 1.01) return;
    this.sharesHead = head;
    this.source.ask("shares", { pieces: SHARE_PIECES }, (shares) => {
      this.shares = shares;
      this.loop.request();
    });
  }

  private askForWindow(): void {
    const scale = this.scale();
    const tracks = lanesInView(this.layout, this.parts.lanesArea.scrollTop, this.lanes.height).map(
      ({ info }) => info.track,
    );
    const isGood = !this.isStale && this.answer !== undefined && isEnough(this.answer, scale, tracks);
    if (this.isAsking || isGood) return;
    this.isAsking = true;
    this.isStale = false;
    this.source.ask(
      "window",
      questionFor(scale, tracks),
      (answer) => {
        this.isAsking = false;
        this.answer = answer;
        this.loop.request();
      },
      () => (this.isAsking = false),
    );
  }

  private drawAll(): void {
    const { theme, camera, selection } = this;
    const scale = this.scale();
    const { head, cursor, isRunning } = this.source.state;
    const marks = this.rulerMarks(scale);
    const anchor = drawRuler(this.ruler, theme, scale, marks);
    if (this.parts.anchor.textContent !== anchor) this.parts.anchor.textContent = anchor;
    if (this.shares !== undefined)
      drawOverview(this.overview, theme, {
        shares: this.shares,
        head,
        view: camera.current,
        cursor,
        findings: marks.findings,
        found: selection.found,
      });
    this.headers.show(this.layout, this.state.track);
    drawLanes(this.lanes, theme, this.paint, this.lanesDrawing(scale));
    this.bar.showRun(
      isRunning ? "running" : cursor === null ? "" : `stopped at ${formatInstant(nanoseconds(cursor))} s`,
      camera.isFollowing,
    );
  }

  /** Where the pointer is in time, or null. */
  private pointedAt(scale: TimeScale): number | null {
    const place = this.probe.pointer;
    return place === null ? null : scale.time(place.x);
  }

  private rulerMarks(scale: TimeScale): RulerMarks {
    const { head, cursor } = this.source.state;
    const pointer = this.pointedAt(scale);
    const { marked } = this.state;
    return {
      cursor,
      pointer:
        pointer === null || pointer < 0 || pointer > head
          ? null
          : { time: pointer, text: `${formatInstant(nanoseconds(pointer))} s` },
      span:
        marked === null ? null : { ...marked, text: formatDuration(nanoseconds(marked.to - marked.from)) },
      findings: this.findings.map(({ from, severity }) => ({
        time: from,
        color: severityColor(this.theme, severity),
      })),
    };
  }

  private lanesDrawing(scale: TimeScale): LanesDrawing {
    const { head, cursor } = this.source.state;
    return {
      scale,
      layout: this.layout,
      scrolled: this.parts.lanesArea.scrollTop,
      answer: this.answer,
      tracks: this.tracks,
      head,
      cursor,
      marked: this.state.marked,
      pointer: this.pointedAt(scale),
      hovered: this.probe.hovered,
      selected: this.selection.selected,
      chosen: this.state.track,
      findings: this.findings,
    };
  }

  /** What was drawn, for those who cannot read it off a canvas. */
  private tellDrawn(): void {
    const { from, to } = this.camera.current;
    const { head, cursor, isRunning, progress } = this.source.state;
    const { dataset } = this.root;
    dataset["view"] = `${Math.round(from)} ${Math.round(to)}`;
    dataset["head"] = String(head);
    dataset["cursor"] = cursor === null ? "" : String(cursor);
    dataset["run"] = isRunning ? "running" : "";
    dataset["progress"] = String(progress);
  }

  private settle(): void {
    this.wasSettled = true;
    if (!this.camera.isWhole && !this.camera.isFollowing) {
      this.state = { ...this.state, view: this.camera.target };
      this.events.onState({ view: this.camera.target });
    }
    this.events.onSettled();
  }
}
