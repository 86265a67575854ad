import { element } from "../view/dom";

/** The elements that the timeline is made of. */
export interface TimelineElements {
  readonly root: HTMLElement;
  readonly overviewStrip: HTMLElement;
  readonly overview: HTMLCanvasElement;
  readonly rulerArea: HTMLElement;
  readonly ruler: HTMLCanvasElement;
  /** What the ruler's labels are counted from. */
  readonly anchor: HTMLElement;
  /** What scrolls: names and lanes. */
  readonly lanesArea: HTMLElement;
  readonly canvasArea: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  /** What is said to those who do not see it. */
  readonly said: HTMLElement;
}

/** Puts the timeline together: search, overview, ruler, lanes with the names of their tracks. */
export function timelineElements(bar: HTMLElement, names: HTMLElement, card: HTMLElement): TimelineElements {
  const [overview, ruler, canvas] = [element("canvas"), element("canvas"), element("canvas")];
  for (const each of [overview, ruler, canvas]) each.ariaHidden = "true";
  const title = "The whole trace: how busy the core was. Drag to choose what is seen below";
  const overviewStrip = element("div", { className: "overview-strip", title }, overview);
  const rulerArea = element("div", { className: "ruler" }, ruler);
  const anchor = element("div", { className: "corner anchor" });
  const canvasArea = element("div", { className: "lanes-canvas" }, canvas);
  const layer = element("div", { className: "lanes-layer" }, canvasArea);
  const lanesArea = element(
    "div",
    { className: "lanes", role: "application", label: LANES_LABEL },
    layer,
    names,
  );
  lanesArea.tabIndex = 0;
  const said = element("p", { className: "said", role: "status" });
  const root = element(
    "section",
    { className: "timeline", label: "Timeline" },
    bar,
    element("div", { className: "strip-row" }, element("div", { className: "corner" }), overviewStrip),
    element("div", { className: "ruler-row" }, anchor, rulerArea),
    lanesArea,
    card,
    said,
  );
  return { root, overviewStrip, overview, rulerArea, ruler, anchor, lanesArea, canvasArea, canvas, said };
}

const LANES_LABEL =
  "Lanes. Arrow up and down choose a track, left and right go through what happened on it; plus and minus zoom, A and D move, Enter opens the source line. The panel Track has the same as a table";
