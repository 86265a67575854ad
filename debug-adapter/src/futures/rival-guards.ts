import type { HeldLock } from "./saved-values";

/**
 * Judges guards by each other. The compiler keeps the bytes of a guard that was given back without a condition and has
 * no flag for it; once another future has locked the same lock, both look alive. There can be one exclusive guard of a
 * lock: where a drop flag says which, the others were dropped; otherwise each may be.
 *
 * @param locks all guards that seem to be held, in all tasks
 */
export function settleRivals(locks: readonly HeldLock[]): void {
  const byLock = new Map<number, HeldLock[]>();
  for (const lock of locks) {
    if (!lock.isExclusive) continue;
    const rivals = byLock.get(lock.address) ?? [];
    byLock.set(lock.address, rivals);
    rivals.push(lock);
  }
  for (const rivals of byLock.values()) if (rivals.length > 1) settle(rivals);
}

function settle(rivals: readonly HeldLock[]): void {
  const isDecided = rivals.some(({ isCertain }) => isCertain);
  for (const { isCertain, saved } of rivals) {
    if (isCertain) continue;
    saved.liveness = isDecided ? "dropped" : "maybe-dropped";
  }
}
