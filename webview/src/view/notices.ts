import type { Problem } from "#adapter/base/errors";
import { element } from "./dom";

/** What was wrong with a file of which at least a part is shown. */
export function problemNotice(problems: readonly Problem[]): HTMLElement {
  const items = problems.map(({ where, what }) => element("li", { title: where }, sentence(what)));
  return element(
    "section",
    { className: "notice", role: "alert" },
    element("h2", {}, "This trace is not complete"),
    element("ul", {}, ...items),
  );
}

/** Why a file cannot be shown, and what to do. */
export function failureNotice(what: string, remedy: string): HTMLElement {
  return element(
    "section",
    { className: "failure", role: "alert" },
    element("h1", {}, sentence(what)),
    element("p", {}, sentence(remedy)),
  );
}

/** Words of an error as a sentence. */
function sentence(words: string): string {
  const text = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
