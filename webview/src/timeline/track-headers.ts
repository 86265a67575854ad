import { element } from "../view/dom";
import type { LaneLayout } from "./lanes";

/** What the names of the tracks ask of the timeline; tracks by their keys. */
export interface TrackHeaderEvents {
  onChoose(key: string): void;
  onTogglePin(key: string): void;
  onMove(key: string, by: 1 | -1): void;
}

/** The names of the tracks, beside their lanes. */
export class TrackHeaders {
  readonly root = element("ul", { className: "track-headers", role: "listbox", label: "Tracks" });
  private shown: LaneLayout | undefined;
  private readonly items = new Map<string, HTMLElement>();

  constructor(private readonly events: TrackHeaderEvents) {}

  show(layout: LaneLayout, chosen: string | null): void {
    if (layout !== this.shown) this.build(layout);
    for (const [key, item] of this.items) item.ariaSelected = String(key === chosen);
  }

  private build(layout: LaneLayout): void {
    this.shown = layout;
    this.items.clear();
    const heads = layout.heads.map(({ name, top, height }) => {
      const head = element("li", { className: "track-group", role: "presentation" }, name);
      place(head, top, height);
      return head;
    });
    const lanes = layout.lanes.map(({ info: { key, name, kind }, top, height, group }) => {
      const isPinned = group === "Pinned";
      const pin = element("button", {
        className: "track-pin",
        title: isPinned ? "Unpin (P)" : "Pin to the top (P)",
      });
      pin.type = "button";
      pin.tabIndex = -1;
      pin.ariaLabel = `${isPinned ? "Unpin" : "Pin"} ${name}`;
      pin.ariaPressed = String(isPinned);
      pin.addEventListener("click", (event) => {
        event.stopPropagation();
        this.events.onTogglePin(key);
      });
      const label = element("span", { className: "track-name" }, name);
      const item = element("li", { className: "track-header", role: "option", title: name }, label, pin);
      item.ariaLabel = name;
      item.dataset["kind"] = kind;
      place(item, top, height);
      item.addEventListener("click", () => this.events.onChoose(key));
      this.makeDraggable(item, key, height);
      this.items.set(key, item);
      return item;
    });
    this.root.replaceChildren(...heads, ...lanes);
    this.root.style.height = `${layout.height}px`;
  }

  /** A name that is pulled up or down changes its place with its neighbours. */
  private makeDraggable(item: HTMLElement, key: string, height: number): void {
    item.addEventListener("pointerdown", (down) => {
      if (down.button !== 0 || (down.target as HTMLElement).closest("button") !== null) return;
      let from = down.clientY;
      const onMove = (event: PointerEvent) => {
        const by = event.clientY - from;
        if (Math.abs(by) < height * 0.7) return;
        from = event.clientY;
        this.events.onMove(key, by > 0 ? 1 : -1);
      };
      const onUp = () => {
        window.removeEventListener("pointermove", onMove);
        window.removeEventListener("pointerup", onUp);
      };
      window.addEventListener("pointermove", onMove);
      window.addEventListener("pointerup", onUp);
    });
  }
}

function place(item: HTMLElement, top: number, height: number): void {
  item.style.top = `${top}px`;
  item.style.height = `${height}px`;
}
