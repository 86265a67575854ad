import type { PanelSession } from "./messages";
import { type Panel, Refusal } from "./panel";

/** Milliseconds between two looks at a firmware that runs. */
const BEAT = 250;

/** Keeps a panel up to date: one update at a time, none while nobody sees it, and a beat while the firmware runs. */
export class Refresher {
  private session: PanelSession | undefined;
  private isSeen = true;
  private isStale = false;
  private isUpdating = false;
  private next: ReturnType<typeof setTimeout> | undefined;

  /** @param onRefusal told of each update with its refusal, or with null if there was none */
  constructor(
    private readonly panel: Panel,
    private readonly onRefusal: (refusal: Refusal | null) => void,
  ) {}

  show(session: PanelSession): void {
    this.session = session;
    this.isStale = true;
    this.look();
  }

  setSeen(isSeen: boolean): void {
    this.isSeen = isSeen;
    this.look();
  }

  private look(): void {
    if (!this.isStale || !this.isSeen || this.isUpdating || this.session === undefined) return;
    clearTimeout(this.next);
    this.isStale = false;
    this.isUpdating = true;
    void this.update(this.session).finally(() => {
      this.isUpdating = false;
      if (this.session?.phase === "running") {
        this.next = setTimeout(() => {
          this.isStale = true;
          this.look();
        }, BEAT);
      }
      this.look();
    });
  }

  private async update(session: PanelSession): Promise<void> {
    try {
      await this.panel.update(session);
      this.onRefusal(null);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.onRefusal(error);
    }
  }
}
