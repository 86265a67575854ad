/** A piece of a bar that shows what a whole consists of. */
export interface BarPiece {
  readonly kind: string;
  /** In words, for a legend and for screen readers. */
  readonly label: string;
  /** In bytes or nanoseconds, as the whole is. */
  readonly amount: number;
  /** Where it begins and how long it is, in shares of the bar of 0 to 1. */
  readonly from: number;
  readonly share: number;
}

/** Parts one behind the other, without those that are empty. */
export function barPieces(
  whole: number,
  parts: readonly Pick<BarPiece, "kind" | "label" | "amount">[],
): BarPiece[] {
  let from = 0;
  const made: BarPiece[] = [];
  for (const part of parts) {
    if (part.amount <= 0 || whole <= 0) continue;
    const share = part.amount / whole;
    made.push({ ...part, from, share });
    from += share;
  }
  return made;
}
