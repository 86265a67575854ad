import { nanoseconds } from "../../base/brand";
import type { Finding } from "../../analysis/finding";
import type { SourcePlace } from "../../symbols/source-files";
import type { Frame } from "../../unwind/backtrace";
import { machineBacktrace } from "../core-backtrace";
import type { Debuggee } from "../debuggee";
import { FrameNames } from "../stacks/frame-names";

/** Looks at what the core does, spread evenly over the time of a finding. */
const SAMPLES = 50;

/** Lines that are named, if at least this part of the samples is there. */
const MOST_NAMED = 3;
const LEAST_SHARE = 0.05;

/** Parts of every loop and expression: that they were called says nothing. */
const STANDARD = /^<?&?(?:core|alloc|std|compiler_builtins)::/;

/** What the core was found at, at one line of the user's code. */
export interface HotLine {
  readonly place: SourcePlace;
  readonly function: string;
  /** The function of a library that was called there, or undefined. */
  readonly called: string | undefined;
  samples: number;
}

/** Whether a finding is about polls that took the core's time. */
export function isAboutTime({ kind }: Pick<Finding, "kind">): boolean {
  return kind === "starvation" || kind === "long-poll";
}

/**
 * Where the time of long polls went: the same run is made once more, and looked at in the middle of each. It is the same
 * run to the cycle, so what is seen is what took the time.
 * @param again the same firmware with the same inputs, which has not run yet
 * @param findings those about the core's time
 * @returns lines of evidence
 */
export async function hotLines(
  again: Debuggee,
  findings: readonly Finding[],
): Promise<ReadonlyMap<Finding, readonly string[]>> {
  const moments = findings.flatMap((finding) => {
    const { from, to } = finding.span;
    return Array.from({ length: SAMPLES }, (_, i) => ({
      finding,
      at: from + ((i + 0.5) * (to - from)) / SAMPLES,
    }));
  });
  const names = new FrameNames(again.firmware.program);
  moments.sort((a, b) => a.at - b.at);
  const found = new Map(findings.map((finding) => [finding, new Map<string, HotLine>()]));
  for (const { finding, at } of moments) {
    await again.run(nanoseconds(Math.round(at)));
    const { frames } = await machineBacktrace(again);
    count(frames, found.get(finding)!, names);
  }
  return new Map([...found].map(([finding, lines]) => [finding, hotLineWords(lines, SAMPLES, "that time")]));
}

/** What the core does, in words that lines are counted by. */
export interface CoreAt extends Pick<HotLine, "place" | "function" | "called"> {
  /** Equal for equal lines and calls. */
  readonly key: string;
}

/** What a backtrace shows of the user's own code; undefined if there is none of it, or an interrupt has broken in. */
export function coreAt(frames: readonly Frame[], names: FrameNames): CoreAt | undefined {
  // An interrupt is no work of the poll that it breaks into.
  if (frames.some(({ kind }) => kind === "exception")) return undefined;
  const at = frames.findIndex(isOwn);
  const own = frames[at];
  if (own?.place === undefined) return undefined;
  const callee = at === 0 ? undefined : frames[at - 1]?.function;
  const called = callee === undefined || STANDARD.test(callee.path) ? undefined : names.of(callee);
  const { file, line } = own.place;
  const key = `${file.path}:${line}:${called ?? ""}`;
  const name = own.function === undefined ? own.name : names.of(own.function);
  return { key, place: own.place, function: name, called };
}

/** Whether a frame is of the user's own code. */
export function isOwn({ place }: Frame): boolean {
  return place?.file.origin.kind === "own";
}

function count(frames: readonly Frame[], lines: Map<string, HotLine>, names: FrameNames): void {
  const at = coreAt(frames, names);
  if (at !== undefined) countAt(at, lines);
}

/** One more look that has found the core there. */
export function countAt({ key, place, function: name, called }: CoreAt, lines: Map<string, HotLine>): void {
  const line = lines.get(key) ?? { place, function: name, called, samples: 0 };
  lines.set(key, line);
  line.samples++;
}

/** As `41 of 50 looks into that time found the core at lib.rs:54, in starvation::crc32`. */
export function hotLineWords(lines: ReadonlyMap<string, HotLine>, looks: number, time: string): string[] {
  return [...lines.values()]
    .filter(({ samples }) => samples >= LEAST_SHARE * looks)
    .sort((a, b) => b.samples - a.samples)
    .slice(0, MOST_NAMED)
    .map(({ place, function: name, called, samples }) => {
      const file = place.file.path.slice(place.file.path.lastIndexOf("/") + 1);
      const call = called === undefined ? "" : `, which calls ${called}`;
      return `${samples} of ${looks} looks into ${time} found the core at ${file}:${place.line}, in ${name}${call}`;
    });
}
