import { setting } from "../platform/settings";
import { type FindingArguments, merged } from "./merged-settings";

/** A launch configuration with what the settings say of findings, as far as it does not say it itself. */
export function withFindingSettings<Request extends FindingArguments>(request: Request): Request {
  return {
    ...request,
    ...merged(
      {
        findings: setting("findings.severities"),
        thresholds: setting("findings.thresholds"),
        guardTypes: setting("findings.guardTypes"),
      },
      request,
    ),
  };
}
