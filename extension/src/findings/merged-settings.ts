import type { LaunchArguments } from "#adapter/protocol/launch-arguments";

/** What a launch configuration may say of findings. */
export type FindingArguments = Pick<LaunchArguments, "findings" | "thresholds" | "guardTypes">;

/** Only what is there: the adapter has defaults of its own. */
export function merged(settings: FindingArguments, request: FindingArguments): FindingArguments {
  const findings = { ...settings.findings, ...request.findings };
  const tasks = { ...settings.thresholds?.tasks, ...request.thresholds?.tasks };
  const thresholds = {
    ...settings.thresholds,
    ...request.thresholds,
    ...(Object.keys(tasks).length > 0 && { tasks }),
  };
  const guardTypes = [...new Set([...(settings.guardTypes ?? []), ...(request.guardTypes ?? [])])];
  return {
    ...(Object.keys(findings).length > 0 && { findings }),
    ...(Object.keys(thresholds).length > 0 && { thresholds }),
    ...(guardTypes.length > 0 && { guardTypes }),
  };
}
