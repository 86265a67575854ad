import { element } from "../view/dom";

export interface TimelineBarEvents {
  onFind(words: string, step: 1 | -1): void;
  onZoom(factor: number): void;
  onWhole(): void;
  onFollow(): void;
  /** The reader is done with the search. */
  onLeave(): void;
}

/** What stands above the timeline: the search, and buttons for what keys do, too. */
export class TimelineBar {
  readonly root: HTMLElement;
  private readonly words = element("input", { className: "find", label: "Find in the timeline" });
  private readonly result = element("span", { className: "find-result", role: "status" });
  private readonly follow = element("button", { className: "tool", title: "Follow the run (L)" }, "Follow");
  private readonly tools: HTMLElement;
  private readonly state = element("span", { className: "run-state", role: "status" });

  constructor(
    private readonly events: TimelineBarEvents,
    isLive: boolean,
  ) {
    this.words.type = "search";
    this.words.placeholder = "Find: wake TIMER_IRQ_0";
    this.words.title = "Words an event must contain; Enter goes to the next, Shift+Enter to the one before";
    this.words.spellcheck = false;
    this.words.addEventListener("keydown", (event) => this.onKey(event));
    this.words.addEventListener("input", () => (this.result.textContent = ""));
    this.follow.type = "button";
    this.follow.addEventListener("click", () => events.onFollow());
    this.follow.hidden = !isLive;
    this.state.hidden = !isLive;
    this.tools = element(
      "span",
      { className: "tools" },
      this.follow,
      tool("−", "Zoom out (−)", () => events.onZoom(1 / 1.6)),
      tool("+", "Zoom in (+)", () => events.onZoom(1.6)),
      tool("All", "Show everything (0)", () => events.onWhole()),
    );
    this.root = element(
      "div",
      { className: "timeline-bar" },
      this.state,
      this.words,
      this.result,
      this.tools,
    );
  }

  /** One more button, before the others. */
  addTool(text: string, title: string, act: () => void): void {
    this.tools.prepend(tool(text, title, act));
  }

  get searched(): string {
    return this.words.value;
  }

  focus(): void {
    this.words.focus();
    this.words.select();
  }

  /** What the search has come to. */
  showResult(text: string): void {
    this.result.textContent = text;
  }

  showRun(text: string, isFollowing: boolean): void {
    if (this.state.textContent !== text) this.state.textContent = text;
    this.follow.ariaPressed = String(isFollowing);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === "Enter") this.events.onFind(this.words.value, event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") {
      this.words.value = "";
      this.result.textContent = "";
      this.events.onLeave();
    } else if (event.key === "ArrowDown") this.events.onLeave();
    else return;
    event.preventDefault();
  }
}

function tool(text: string, title: string, act: () => void): HTMLElement {
  const button = element("button", { className: "tool", title, label: title }, text);
  button.type = "button";
  button.addEventListener("click", act);
  return button;
}
