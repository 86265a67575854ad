import { tableLines } from "#adapter/base/text-table";
import { bytesInUse } from "#adapter/symbols/types/coroutine";
import { shortName } from "./await-text";
import {
  type FutureLayout,
  keptIn,
  type LayoutFacts,
  type LayoutPlace,
  type SavedLayout,
  type StateLayout,
  suspendPoints,
} from "./layout-facts";
import { inBytes, savedName, savedNote } from "./saved-words";

/** Cells of a bar that stands for a whole future. */
const BAR_CELLS = 40;

export interface LayoutTextOptions {
  /** The build that this is of: `blink, release, 21 Nov 14:32`. */
  readonly build: string;
  readonly showPlace: (place: LayoutPlace) => string;
}

/** The layout of an async function as text: each state with what it keeps and where, and what could be freed. */
export function layoutText(
  instances: readonly FutureLayout[],
  facts: LayoutFacts,
  options: LayoutTextOptions,
): string {
  const texts = instances.map((each) => futureText(each, facts, options));
  return `${texts.join("\n\n")}\n`;
}

function futureText(
  future: FutureLayout,
  facts: LayoutFacts,
  { build, showPlace }: LayoutTextOptions,
): string {
  const points = suspendPoints(future).length;
  const tasks = future.tasks ?? 0;
  const head = [
    `${future.name}${future.generics}`,
    [
      `future ${inBytes(future.bytes)}, aligned to ${future.alignment}`,
      `${points} suspend ${points === 1 ? "point" : "points"}`,
      ...(tasks > 0 ? [`${tasks} ${tasks === 1 ? "task" : "tasks"}`] : []),
    ].join(", "),
    ...(future.place === null ? [] : [showPlace(future.place)]),
    `as built: ${build}`,
  ];
  const states = future.states.filter(({ kind }) => kind === "unresumed" || kind === "suspended");
  return [
    head.join("\n"),
    useText(future, states),
    ...states.map((state) => stateText(state, future, showPlace)),
    freedText(states),
    partsText(future, facts),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** How the size comes about: the state that needs most, and what nothing can share. */
function useText({ bytes }: FutureLayout, states: readonly StateLayout[]): string {
  const largest = states.toSorted((a, b) => b.bytes - a.bytes)[0];
  if (largest === undefined) return "";
  const rest = bytes - largest.bytes;
  return [
    `${largest.name} uses most: ${inBytes(largest.bytes)}.`,
    ...(rest > 0
      ? [
          `The other ${inBytes(rest)} are the number of the state, gaps, and places that only other states use`,
          "(an argument has one place where the caller puts it and another where it is kept).",
        ]
      : []),
  ].join("\n");
}

function stateText(
  state: StateLayout,
  future: FutureLayout,
  showPlace: LayoutTextOptions["showPlace"],
): string {
  const at = state.place === null ? "" : `  ${showPlace(state.place)}`;
  const what = state.kind === "unresumed" ? "  before the first poll" : at;
  const head = `${state.name}  ${inBytes(state.bytes)}${what}`;
  const kept = keptIn(state);
  if (kept.length === 0) return `${head}\n  nothing is kept`;
  const columns = [
    { heading: "where" },
    { heading: "bytes", align: "right" as const },
    { heading: "offset", align: "right" as const },
    { heading: "kept" },
    { heading: "type" },
    { heading: "" },
  ];
  const rows = kept.map((saved) => [
    bar(saved, future.bytes),
    String(saved.bytes),
    String(saved.offset),
    savedName(saved),
    saved.shortType,
    savedNote(saved),
  ]);
  return [head, ...tableLines(columns, rows).map((line) => `  ${line}`)].join("\n");
}

/** Where a value lies in the future: `░░██████░░`. */
function bar({ offset, bytes }: SavedLayout, whole: number): string {
  if (whole === 0) return "";
  const from = Math.min(BAR_CELLS - 1, Math.floor((offset * BAR_CELLS) / whole));
  const to = bytes === 0 ? from : Math.max(from + 1, Math.ceil(((offset + bytes) * BAR_CELLS) / whole));
  return "░".repeat(from) + "█".repeat(to - from) + "░".repeat(BAR_CELLS - to);
}

/** A value, and the bytes that hold nothing else in any state: what its future gives back if it no longer lives there. */
export interface FreedBytes {
  readonly name: string;
  readonly bytes: number;
}

/** What each variable takes that nothing else uses, the largest first. */
export function freedBytes(states: readonly StateLayout[]): FreedBytes[] {
  const all = states.flatMap(keptIn);
  const whole = covered(all);
  const names = new Set(all.flatMap(({ role, name }) => (role === "variable" ? [name] : [])));
  return [...names]
    .map((name) => ({
      name,
      bytes: whole - covered(all.filter((each) => each.role !== "variable" || each.name !== name)),
    }))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
}

function covered(values: readonly SavedLayout[]): number {
  return bytesInUse(values.map(({ offset, bytes }) => ({ offset, byteSize: bytes })));
}

function freedText(states: readonly StateLayout[]): string {
  const rows = freedBytes(states).map(({ name, bytes }) => [String(bytes), name]);
  if (rows.length === 0) return "";
  const columns = [{ heading: "bytes", align: "right" as const }, { heading: "that hold nothing but" }];
  return [
    "Bytes that are freed, at most, if a variable no longer lives here: its scope ends before the await,",
    "or it moves into a static, or a reference is passed instead.",
    ...tableLines(columns, rows).map((line) => `  ${line}`),
  ].join("\n");
}

/** The futures in it that have a layout of their own. */
function partsText(future: FutureLayout, { futures }: LayoutFacts): string {
  const numbers = new Set(future.states.flatMap(({ saved }) => saved.flatMap((each) => each.future ?? [])));
  const parts = [...numbers].flatMap((number) => futures[number] ?? []).sort((a, b) => b.bytes - a.bytes);
  if (parts.length === 0) return "";
  const rows = parts.map(({ name, generics, bytes }) => [String(bytes), shortName(name) + generics]);
  const columns = [
    { heading: "bytes", align: "right" as const },
    { heading: "async fn that is a part of it" },
  ];
  return tableLines(columns, rows)
    .map((line) => `  ${line}`)
    .join("\n");
}
