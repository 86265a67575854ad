import type { WakerHolder } from "./waker-holders";

/** Holders that say the same to a reader. */
export interface HolderGroup {
  readonly first: WakerHolder;
  /** How many more there are like it. */
  readonly more: number;
}

/** Each waker by itself; of words that may be one, those together that lie in the same place for the same reason. */
export function groupedHolders(holders: readonly WakerHolder[]): HolderGroup[] {
  const groups = new Map<string, WakerHolder[]>();
  holders.forEach((holder, i) => {
    const { certainty, kind, owner, reason } = holder;
    const key = certainty === "waker" ? String(i) : [kind, owner, reason].join("\0");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [holder]);
    else group.push(holder);
  });
  return [...groups.values()].map(([first, ...others]) => ({ first: first!, more: others.length }));
}
