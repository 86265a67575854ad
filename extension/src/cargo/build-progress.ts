/** How far a build has come, in crates. */
export interface BuildProgress {
  readonly done: number;
  readonly total: number;
  /** What is being compiled now. */
  readonly current: string;
}

/** What makes cargo draw its progress bar although nobody sees it: only the bar knows how many crates there are. */
export const PROGRESS_ENVIRONMENT = { CARGO_TERM_PROGRESS_WHEN: "always", CARGO_TERM_PROGRESS_WIDTH: "120" };

/** What a line of cargo's progress bar says: `Building [===>   ] 34/120: embassy-rp, syn`; undefined for any other. */
export function parseProgress(line: string): BuildProgress | undefined {
  const match = /^\s*Building \[[=> ]*\] (\d+)\/(\d+)(?:: (.*))?$/.exec(line.trimEnd());
  if (match === null) return undefined;
  return { done: Number(match[1]), total: Number(match[2]), current: match[3] ?? "" };
}
