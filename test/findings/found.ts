import type { Finding } from "#adapter/analysis/finding";
import type { Thresholds } from "#adapter/analysis/thresholds";
import { checkRun } from "#adapter/debuggee/findings/check-run";
import { markerAt } from "#test/helpers/markers";
import { instant, launch } from "#test/helpers/run-firmware";

export interface CheckedFor {
  readonly for: string;
  readonly presses?: readonly string[];
  readonly thresholds?: Partial<Thresholds>;
  readonly guardTypes?: readonly string[];
}

/** What a run of a firmware has found. Fails if a detector has failed. */
export async function findingsOf(path: string, options: CheckedFor): Promise<readonly Finding[]> {
  const debuggee = await launch(path, options);
  const { findings, problems } = await checkRun(debuggee, instant(options.for), {
    again: () => launch(path, options),
    ...(options.thresholds && { thresholds: options.thresholds }),
    ...(options.guardTypes && { guardTypes: options.guardTypes }),
  });
  debuggee.dispose();
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return findings;
}

/** A finding by its kind and the marker of its line: `deadlock at sensor-log`. */
export function findingWords({ kind, place }: Finding): string {
  return `${kind} at ${place === null ? "nowhere" : markerAt(place)}`;
}
