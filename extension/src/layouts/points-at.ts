import type { PlacedLayouts, PlacedPoint } from "./place-futures";

/**
 * The suspend points of the `.await` at a place of a text: those of its line, and where several futures are awaited on
 * that line, the one whose `.await` the column is nearest after. rustc numbers them in the order of the source.
 * @param line from 1
 * @param column from 0, in UTF-16 units
 */
export function pointsAt(
  { pointsOn }: PlacedLayouts,
  text: string,
  { line, column }: { line: number; column: number },
): PlacedPoint[] {
  const onLine = pointsOn(line);
  const awaits = [...text.matchAll(/\.\s*await\b/g)].map((match) => match.index + match[0].length);
  if (awaits.length < 2) return [...onLine];
  const meant = awaits.findIndex((end) => column <= end);
  const futures = new Set(onLine.map(({ future }) => future));
  return [...futures].flatMap((future) => {
    const own = onLine.filter((each) => each.future === future);
    const point = own.length === awaits.length ? own[meant] : undefined;
    return point === undefined ? own : [point];
  });
}
