// What the extension and its pages say to each other; types only, shared by both sides.
import type { Severity } from "#adapter/protocol/findings";
import type { SourcePlace } from "#adapter/trace/trace";
import type { QuestionKind } from "#adapter/trace/timeline/questions";

/** A finding where the timeline shows it. */
export interface FindingMark {
  readonly kind: string;
  readonly severity: Severity;
  readonly title: string;
  readonly from: number;
  readonly to: number;
  /** The names of the tasks that it concerns. */
  readonly tasks: readonly string[];
  readonly evidence: readonly string[];
  readonly remedy: string;
  readonly place: SourcePlace | null;
  readonly count: number;
}

/** From the extension to a page. */
export type ToPage =
  /** The bytes of the trace file, as they are on disk; sent again when the file changes. */
  | { readonly kind: "open-trace"; readonly bytes: Uint8Array }
  /** The file could not be read: what is wrong and what to do about it. */
  | { readonly kind: "show-failure"; readonly what: string; readonly remedy: string }
  /** The page follows a run from now on. A number tells runs apart: what is answered for another is late. */
  | { readonly kind: "follow-run"; readonly run: number; readonly name: string }
  /** How far the run has come. */
  | {
      readonly kind: "run-state";
      readonly run: number;
      readonly head: number;
      readonly tracks: number;
      readonly isRunning: boolean;
      /** It has ended; what is known of it stays. */
      readonly isOver: boolean;
    }
  /** The answer to a question, with its columns packed; null if it could not be answered. */
  | { readonly kind: "answer"; readonly run: number; readonly id: number; readonly answer: unknown }
  | { readonly kind: "findings"; readonly run: number; readonly findings: readonly FindingMark[] }
  /** A task, an instant or both were selected in a panel beside the run. */
  | {
      readonly kind: "selected";
      readonly run: number;
      readonly task: string | null;
      readonly time: number | null;
    }
  /** A file of this form is to be made of what the page shows; the page answers with `save`. */
  | { readonly kind: "export"; readonly form: PageForm };

/** What a page can make a file of: a picture of the timeline as it is seen, or the whole trace for Perfetto. */
export type PageForm = "svg" | "png" | "perfetto";

/** From a page to the extension. */
export type ToExtension =
  /** It listens, and wants to be told what to show. */
  | { readonly kind: "ready" }
  /** A line of the source is to be opened. */
  | { readonly kind: "open-source"; readonly file: string; readonly line: number }
  /** The reader has selected what begins at an instant, of a task or of something else. */
  | { readonly kind: "select"; readonly task: string | null; readonly time: number }
  /** The reader wants to save the timeline as something. */
  | { readonly kind: "choose-export" }
  /** A file that the page has made is to be saved. */
  | { readonly kind: "save"; readonly name: string; readonly bytes: Uint8Array }
  /** A question about the run that is followed. */
  | {
      readonly kind: "ask";
      readonly run: number;
      readonly id: number;
      readonly question: QuestionKind;
      readonly args: object;
    };
