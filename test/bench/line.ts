/** One line of the table. */
export interface Line {
  readonly what: string;
  readonly ours: string;
  readonly yardstick: string;
  readonly ratio: string;
  readonly goal: string;
  /** Absent where there is no goal, or nothing to compare with. */
  readonly isMet?: boolean;
}

const COLUMNS = ["what", "ours", "yardstick", "ratio", "goal"] as const;
const HEADINGS: Pick<Line, (typeof COLUMNS)[number]> = {
  what: "",
  ours: "Pollscope",
  yardstick: "yardstick",
  ratio: "ratio",
  goal: "goal",
};
const WIDTHS = { what: 54, ours: 15, yardstick: 33, ratio: 9, goal: 14 } as const;

export function heading(): string {
  return `${row(HEADINGS)}\n${"-".repeat(row(HEADINGS).length + " missed".length)}`;
}

export function textOf(line: Line): string {
  const verdict = line.isMet === undefined ? "" : line.isMet ? "  met" : "  MISSED";
  return row(line) + verdict;
}

function row(cells: Pick<Line, (typeof COLUMNS)[number]>): string {
  return COLUMNS.map((column) =>
    column === "what" ? cells[column].padEnd(WIDTHS[column]) : cells[column].padStart(WIDTHS[column]),
  ).join("");
}

/** `12.3 ms` and the like: three digits and a unit. */
export function quantity(value: number, unit: string): string {
  return `${digits(value)} ${unit}`;
}

export function digits(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en");
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
