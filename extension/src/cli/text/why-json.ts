import type { Why, WhyStep } from "#adapter/debuggee/why-not-running/why";
import { placeText, type ShowPath } from "./event-json";
import { holderJson } from "./holder-json";

/** A chain as `pollscope why --json` prints it. Fields are never left out; what is not known is null. */
export function whyJson(
  { task, state, since, steps, verdict }: Why,
  showPath: ShowPath,
): Record<string, unknown> {
  return {
    task,
    state,
    since_ns: state === "unspawned" ? null : since,
    verdict: { kind: verdict.kind, text: verdict.text, due_in_ns: verdict.dueIn },
    steps: steps.map((step) => stepJson(step, showPath)),
  };
}

function stepJson(
  { kind, text, place, depth, wait, holder, task }: WhyStep,
  showPath: ShowPath,
): Record<string, unknown> {
  return {
    kind,
    text,
    at: place === null ? null : placeText(place, showPath),
    depth,
    task: task ?? null,
    waits_for: wait?.kind ?? null,
    holder: holder === undefined ? null : holderJson(holder, showPath),
  };
}
