import { nanoseconds, type Nanoseconds } from "../../base/brand";
import type { Finding } from "../../analysis/finding";
import type { StopReason } from "../../target/target";
import type { Debuggee } from "../debuggee";
import { hotLines, isAboutTime } from "./hot-lines";
import { type FindingsOptions, FindingsWatch } from "./findings-watch";

/** Virtual time between two looks at memory. */
const STEP = nanoseconds(100e6);

export interface CheckOptions extends FindingsOptions {
  readonly signal?: AbortSignal;
  /** Makes the same debuggee once more, at power-on: to look where the time of long polls went. */
  readonly again?: () => Promise<Debuggee>;
  /** Told now and then how far the run is. */
  readonly onProgress?: (reached: Nanoseconds) => void;
}

export interface CheckedRun {
  readonly findings: readonly Finding[];
  readonly stop: StopReason;
  /** What has failed inside the check, a sentence each. */
  readonly problems: readonly string[];
}

/** Runs a debuggee that has not run yet for some virtual time, and looks for findings. */
export async function checkRun(
  debuggee: Debuggee,
  duration: Nanoseconds,
  { signal, onProgress, again, ...options }: CheckOptions = {},
): Promise<CheckedRun> {
  // Where the time went is seen in the second run, from begin to end.
  const watch = new FindingsWatch(debuggee, { ...options, looksIntoPolls: again === undefined });
  for (let goal = 0; ;) {
    goal = Math.min(duration, goal + STEP);
    const stop = await debuggee.run(nanoseconds(goal), signal);
    const isForGood = stop.kind === "stuck";
    // One that sleeps for good would have slept to the end.
    if (isForGood) debuggee.trace.endTime = duration;
    await watch.look(isForGood);
    if (stop.kind !== "time" || goal === duration) {
      watch.finish();
      const findings = again === undefined ? watch.findings() : await withHotLines(watch.findings(), again);
      return { findings, stop, problems: watch.problems };
    }
    onProgress?.(nanoseconds(goal));
  }
}

/** Findings about the core's time with what it did in that time. */
async function withHotLines(
  findings: readonly Finding[],
  again: () => Promise<Debuggee>,
): Promise<readonly Finding[]> {
  if (!findings.some(isAboutTime)) return findings;
  const debuggee = await again();
  const lines = await hotLines(debuggee, findings.filter(isAboutTime));
  debuggee.dispose();
  return findings.map((finding) => ({
    ...finding,
    evidence: [...finding.evidence, ...(lines.get(finding) ?? [])],
  }));
}
