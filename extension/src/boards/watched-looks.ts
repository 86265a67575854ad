/** Looks that are repeated for as long as somebody watches. */
export interface WatchedLooks {
  /** Looks now, and again and again until it is disposed of. */
  watch(): { dispose(): void };
  /** Ends all watching. */
  dispose(): void;
}

/**
 * Repeats a look while at least one watcher is there.
 * @param rest milliseconds from the end of a look to the next one: one that takes long is not caught up with
 */
export function watchedLooks(look: () => Promise<unknown>, rest: number): WatchedLooks {
  const watchers = new Set<object>();
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;
  const lookNow = async () => {
    clearTimeout(timer);
    if (isLooking) return;
    isLooking = true;
    // Who asks for a look is told what is wrong with it; the next one may be right.
    await look().catch(() => undefined);
    isLooking = false;
    if (watchers.size > 0) timer = setTimeout(() => void lookNow(), rest);
  };
  return {
    watch: () => {
      const watcher = {};
      watchers.add(watcher);
      void lookNow();
      return {
        dispose: () => {
          watchers.delete(watcher);
          if (watchers.size === 0) clearTimeout(timer);
        },
      };
    },
    dispose: () => {
      watchers.clear();
      clearTimeout(timer);
    },
  };
}
