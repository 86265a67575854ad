// What the trace editor and its page say to each other; types only, shared by both sides.

/** From the editor to its page. */
export type ToPage =
  /** The bytes of the trace file, as they are on disk; sent again when the file changes. */
  | { readonly kind: "open-trace"; readonly bytes: Uint8Array }
  /** The file could not be read: what is wrong and what to do about it. */
  | { readonly kind: "show-failure"; readonly what: string; readonly remedy: string };

/** From the page to the editor: it listens, and wants the trace. */
export interface ToEditor {
  readonly kind: "ready";
}
