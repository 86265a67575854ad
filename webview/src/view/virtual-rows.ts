// Where the rows of a long list are, when only those in view exist.
//
//     content: rows * rowHeight px            what scrolls: at most TALLEST px
//     +------------------+                    +------------------+
//     |                  |   offset           |                  |  scrollTop
//     |==================| <------------------|==================|
//     | view             |   in proportion    | view             |
//     |==================|                    |==================|
//     |                  |                    |                  |
//     +------------------+                    +------------------+

/** The size of a list and of the view on it. */
export interface Extent {
  readonly rows: number;
  readonly rowHeight: number;
  readonly viewHeight: number;
}

/** Browsers lay out nothing below some 16 to 33 million px; a taller list scrolls in proportion. */
const TALLEST = 8_000_000;

/** The height of the element that makes the list scroll. */
export function scrollHeight(extent: Extent): number {
  return Math.min(contentHeight(extent), TALLEST);
}

/** Whether one px of scrolling is more than one px of content. */
export function isScaled(extent: Extent): boolean {
  return contentHeight(extent) > TALLEST;
}

/** The px of content above the view when the list is scrolled to `scrollTop`. */
export function offsetAt(extent: Extent, scrollTop: number): number {
  const travel = scrollHeight(extent) - extent.viewHeight;
  if (!isScaled(extent) || travel <= 0) return clampOffset(extent, scrollTop);
  return clampOffset(extent, (scrollTop / travel) * lastOffset(extent));
}

/** Where the list must be scrolled to for `offset` px of content to be above the view. */
export function scrollTopAt(extent: Extent, offset: number): number {
  const last = lastOffset(extent);
  if (!isScaled(extent) || last === 0) return clampOffset(extent, offset);
  return (clampOffset(extent, offset) / last) * (scrollHeight(extent) - extent.viewHeight);
}

/** The nearest offset at which the view is full. */
export function clampOffset(extent: Extent, offset: number): number {
  return Math.min(Math.max(offset, 0), lastOffset(extent));
}

/** The rows of which at least a part is in view, `first` to `end` (exclusive). */
export function rowsInView(extent: Extent, offset: number): { first: number; end: number } {
  const first = Math.floor(offset / extent.rowHeight);
  const end = Math.ceil((offset + extent.viewHeight) / extent.rowHeight);
  return { first: Math.min(first, extent.rows), end: Math.min(end, extent.rows) };
}

/** The offset nearest to `offset` at which the whole of `row` is in view. */
export function offsetThatShows(extent: Extent, offset: number, row: number): number {
  const top = row * extent.rowHeight;
  const highest = top + extent.rowHeight - extent.viewHeight;
  return clampOffset(extent, Math.min(Math.max(offset, highest), top));
}

function contentHeight({ rows, rowHeight }: Extent): number {
  return rows * rowHeight;
}

function lastOffset(extent: Extent): number {
  return Math.max(0, contentHeight(extent) - extent.viewHeight);
}
