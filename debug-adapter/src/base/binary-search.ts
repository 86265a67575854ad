/**
 * Index of the last element of `sorted` (ascending) that is at most `value`, or -1 if all are greater.
 * Of equal elements, the last.
 */
export function lastAtMost(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
