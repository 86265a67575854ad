import type { LintCode, LintSeverity } from "../lints/finding";
import type { BuiltFile } from "../layouts/judge-findings";
import type { LintSettings } from "../lints/linter";

/** From 0, in UTF-16 code units, as VS Code counts. */
export interface ShownRange {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

/** A finding with places as the editor shows them. */
export interface ShownFinding {
  readonly code: LintCode;
  readonly severity: LintSeverity;
  readonly message: string;
  readonly range: ShownRange;
  readonly related: readonly {
    readonly file: string;
    readonly range: ShownRange;
    readonly message: string;
  }[];
  readonly fixes: readonly {
    readonly title: string;
    readonly isSafe: boolean;
    readonly edits: readonly { readonly range: ShownRange; readonly text: string }[];
  }[];
}

/** A change of a document: so many code units at an offset are replaced. */
export interface DocumentChange {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** What the editor tells the thread that lints. `folder` is the workspace folder that a file is in, empty for none; each has its own settings. */
export type ToLinter =
  | { readonly kind: "configure"; readonly folder: string; readonly settings: LintSettings }
  | {
      readonly kind: "open";
      readonly folder: string;
      readonly file: string;
      readonly version: number;
      readonly text: string;
    }
  | {
      readonly kind: "change";
      readonly file: string;
      readonly version: number;
      /** In the order in which they are made. */
      readonly changes: readonly DocumentChange[];
    }
  | { readonly kind: "close"; readonly file: string }
  /** What the last build tells of a file; null where nothing is known any more. */
  | { readonly kind: "built"; readonly file: string; readonly built: BuiltFile | null }
  | { readonly kind: "saved-elsewhere"; readonly file: string };

/** What that thread answers. */
export type FromLinter =
  | {
      readonly kind: "findings";
      readonly file: string;
      /** Of the document that the places are in. */
      readonly version: number;
      readonly findings: readonly ShownFinding[];
    }
  | { readonly kind: "fault"; readonly file: string; readonly message: string };
