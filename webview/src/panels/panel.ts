import type { CustomQuestion, CustomRequests } from "#adapter/protocol/custom-requests";
import type { SourcePlace } from "#adapter/trace/trace";
import type { PanelAction, PanelSession, Selection } from "./messages";

/** What a panel may ask of the world around it. */
export interface PanelContext {
  /** Asks the adapter of the session that is shown. @throws Refusal where it does not answer. */
  ask<Command extends CustomQuestion>(
    command: Command,
    args: CustomRequests[Command]["arguments"],
  ): Promise<CustomRequests[Command]["body"]>;
  /** Opens a line of the source. */
  open(place: SourcePlace): void;
  /** Tells the other panels what the reader has selected. */
  select(selection: Selection): void;
  act(action: PanelAction): void;
  /** Asks where to save a file that the panel has made. */
  save(name: string, bytes: Uint8Array): void;
  /** What was saved last, also after a reload of the window; from an older or newer version perhaps. */
  readonly savedState: unknown;
  saveState(state: unknown): void;
}

/** A view beside a debug session. */
export interface Panel {
  readonly root: HTMLElement;
  /**
   * The session has begun, stopped, gone on or ended, or another thread was chosen; while it runs also every quarter of
   * a second. Only called while the panel is seen; not again before the promise is settled.
   * @throws Refusal what the panel asked for was refused; it is told of in the panel's stead
   */
  update(session: PanelSession): Promise<void> | void;
  /** Something was selected in another panel. */
  onSelected?(selection: Selection): void;
}

export type PanelMaker = (context: PanelContext) => Panel;

/** Why the adapter does not answer, in a sentence for the reader. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(readonly sentence: string) {
    super(sentence);
  }
}
