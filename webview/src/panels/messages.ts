// What the extension and the panels beside a session say to each other; types only, shared by both sides.
import type { CustomQuestion } from "#adapter/protocol/custom-requests";
import type { SourcePlace } from "#adapter/trace/trace";

export type PanelKind = "await-tree" | "board" | "cycle" | "executor" | "state-machine";

/** The session that the panels show. */
export interface PanelSession {
  readonly name: string;
  /** Whether the firmware runs or stands still, or the session has ended. */
  readonly phase: "running" | "stopped" | "over";
  /** The last stop, with the words of its event; null before the first. */
  readonly stop: { readonly time: number; readonly threadId: number; readonly text: string } | null;
  /** The thread chosen in CALL STACK; null if none is. */
  readonly focus: number | null;
}

/** What a reader has selected in one panel, for the others to show. */
export interface Selection {
  readonly threadId?: number;
  /** An instant, in nanoseconds. */
  readonly time?: number;
  /** An async function, by its name: `blink::nap`. */
  readonly asyncFunction?: string;
}

/** Commands that a panel has buttons for. */
export type PanelAction =
  | "pollscope.stepToNextPoll"
  | "pollscope.stepToNextWake"
  | "pollscope.stepToEndOfPoll"
  | "pollscope.stepToNextTaskEvent"
  | "workbench.action.debug.continue"
  | "workbench.action.debug.pause";

export type ToPanel =
  /** Which panel the page is; comes first. */
  | { readonly kind: "show-panel"; readonly panel: PanelKind }
  /** The session, whenever something about it changes. A number tells sessions apart. */
  | { readonly kind: "session"; readonly run: number; readonly session: PanelSession }
  /** Whether anybody can see the panel. */
  | { readonly kind: "seen"; readonly isSeen: boolean }
  | { readonly kind: "reply"; readonly id: number; readonly body: unknown }
  /** Why a question is not answered, in a sentence. */
  | { readonly kind: "refusal"; readonly id: number; readonly sentence: string }
  | { readonly kind: "selected"; readonly selection: Selection };

export type FromPanel =
  /** It listens, and wants to be told what to show. */
  | { readonly kind: "ready" }
  | {
      readonly kind: "ask";
      readonly run: number;
      readonly id: number;
      readonly command: CustomQuestion;
      readonly args: object | undefined;
    }
  | { readonly kind: "open-source"; readonly place: SourcePlace }
  | { readonly kind: "select"; readonly selection: Selection }
  | { readonly kind: "act"; readonly action: PanelAction }
  | { readonly kind: "save"; readonly name: string; readonly bytes: Uint8Array };
