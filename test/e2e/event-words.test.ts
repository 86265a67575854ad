import { expect, it } from "vitest";
import { EVENT_NAMES } from "#adapter/trace/event";
import { encodeTrace } from "#adapter/trace/trace-file";
import { EventLines } from "#cli/text/event-lines";
import { textStyle } from "#cli/text/style";
import { readTrace } from "#webview/model/trace-model";
import { demoTrace } from "./fixtures/traces";

it("puts every event into the same words in the trace editor and on the command line", () => {
  const { trace, fullTexts, listedRows } = readTrace(encodeTrace(demoTrace()));
  const options = {
    style: textStyle(false, {}),
    isWanted: () => true,
    showPath: (path: string) => path,
    hiddenPins: new Set<number>(),
  };
  const lines = new EventLines(trace, options);
  const printed = Array.from({ length: trace.events.length }, (_, row) => lines.line(row));
  const timeless = printed
    .filter((line) => line !== undefined)
    .map((line) => line.replace(/^ *[\d.]+ \d+ \d+ +/, "").replace(/ {2,}/g, " "));
  const words = Array.from(listedRows, (row) => {
    const { event, subject, detail } = fullTexts.text(row);
    return `${event} ${subject} ${detail}`.trim();
  });
  expect(words).toEqual(timeless);
  expect(new Set(words.map((text) => text.split(" ")[0]))).toEqual(new Set(EVENT_NAMES));
});
