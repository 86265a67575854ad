import type { SavedLayout } from "./layout-facts";

/** What a saved value is called for someone who reads the source. */
export function savedName({ name, role }: SavedLayout): string {
  switch (role) {
    case "awaitee":
      return "(awaited)";
    case "drop-flag":
      return "(drop flag)";
    case "temporary":
      return "(temporary)";
    case "reference":
      return `&${name}`;
    case "variable":
      return name;
  }
}

/**
 * What is to be known of a saved value beside its size, or "". Of a guard the layout only tells that it has a place:
 * the compiler keeps it for one that was dropped by hand, too.
 */
export function savedNote({ guards, mayBeDropped }: SavedLayout): string {
  const [guard] = guards;
  const waiting = guard?.isBlocking === true ? " of a lock that nobody can wait for" : "";
  const parts = [
    ...(guard === undefined ? [] : [`a guard${waiting}, unless it was dropped before`]),
    ...(mayBeDropped ? ["a drop flag says whether it is still there"] : []),
  ];
  return parts.join("; ");
}

/** Bytes as in `312 B`. */
export function inBytes(count: number): string {
  return `${count} B`;
}

/** A part of a whole as in `4.6 %`. */
export function inPercent(part: number, whole: number): string {
  if (whole === 0) return "0 %";
  const percent = (100 * part) / whole;
  if (part > 0 && percent < 0.1) return "< 0.1 %";
  return `${percent.toFixed(1)} %`;
}
