import { element } from "../view/dom";

export interface Tab {
  readonly id: string;
  readonly title: string;
  readonly panel: HTMLElement;
}

/** Panels of which one is seen, as in VS Code's own panel. */
export class Tabs {
  readonly root = element("div", { className: "tabs" });
  private readonly buttons = new Map<string, HTMLButtonElement>();
  chosen: string;

  constructor(
    private readonly tabs: readonly Tab[],
    private readonly onChoose: (id: string) => void,
  ) {
    this.chosen = tabs[0]!.id;
    const list = element("div", { className: "tab-list", role: "tablist", label: "Panels" });
    for (const { id, title, panel } of tabs) {
      const button = element("button", { role: "tab" }, title);
      button.type = "button";
      button.id = `tab-${id}`;
      button.setAttribute("aria-controls", `panel-${id}`);
      button.addEventListener("click", () => {
        this.choose(id);
        this.onChoose(id);
      });
      button.addEventListener("keydown", (event) => this.onKey(event));
      this.buttons.set(id, button);
      list.append(button);
      panel.id = `panel-${id}`;
      panel.role = "tabpanel";
      panel.setAttribute("aria-labelledby", button.id);
      panel.classList.add("tab-panel");
    }
    this.root.append(list, ...tabs.map(({ panel }) => panel));
    this.choose(this.chosen);
  }

  /** Shows a panel; one that does not exist leaves all as it is. */
  choose(id: string): void {
    if (!this.buttons.has(id)) return;
    this.chosen = id;
    for (const { id: each, panel } of this.tabs) {
      const isChosen = each === id;
      const button = this.buttons.get(each)!;
      button.ariaSelected = String(isChosen);
      button.tabIndex = isChosen ? 0 : -1;
      panel.hidden = !isChosen;
    }
  }

  /** Another word on a tab, as with a count. */
  rename(id: string, title: string): void {
    const button = this.buttons.get(id);
    if (button !== undefined) button.textContent = title;
  }

  private onKey(event: KeyboardEvent): void {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const ids = this.tabs.map(({ id }) => id);
    const next = ids[(ids.indexOf(this.chosen) + step + ids.length) % ids.length]!;
    this.choose(next);
    this.onChoose(next);
    this.buttons.get(next)!.focus();
  }
}
