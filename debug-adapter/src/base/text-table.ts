/** A column of a table: its heading, and the side on which its cells are aligned. */
export interface Column {
  readonly heading: string;
  readonly align?: "left" | "right";
}

/**
 * Lines of text with cells under each other, two spaces between columns; widths are counted in code points.
 * A row with fewer cells than columns is fine.
 */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const headings = columns.map(({ heading }) => heading);
  const widths = columns.map((_, i) => Math.max(...[headings, ...rows].map((row) => width(row[i] ?? ""))));
  return [headings, ...rows].map((row) =>
    columns
      .map(({ align }, i) => {
        const cell = row[i] ?? "";
        const padding = " ".repeat(widths[i]! - width(cell));
        return align === "right" ? padding + cell : cell + padding;
      })
      .join("  ")
      .trimEnd(),
  );
}

function width(text: string): number {
  return Array.from(text).length;
}
