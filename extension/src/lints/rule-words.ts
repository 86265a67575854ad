import { FUTURE_MAKERS } from "./flow/known-calls";
import type { Workspace } from "./semantics/workspace";

/** What the words of an item tell before it is parsed: most items have nothing in them for any rule. */
export interface ItemWords {
  readonly text: string;
  /** Whether there may be async code in it. */
  readonly hasAsync: boolean;
  /** Whether a function in it names something that may give a future when it is called. */
  readonly namesFuture: () => boolean;
}

export function wordsOf(text: string, workspace: Workspace): ItemWords {
  return {
    text,
    hasAsync: /\basync\b/.test(text),
    namesFuture: () => {
      const code = text.search(/\bfn\b/);
      if (code === -1) return false;
      for (const [word] of text.slice(code).matchAll(/[^\W\d]\w+/g)) {
        // A `use` may bring any function by any name.
        if (word === "use" || FUTURE_MAKERS.has(word) || workspace.mayGiveFuture(word)) return true;
      }
      return false;
    },
  };
}

/** For rules about async code alone. */
export function inAsyncCode({ hasAsync }: ItemWords): boolean {
  return hasAsync;
}
