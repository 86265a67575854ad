import type { InspectedTask } from "#adapter/debuggee/inspect-tasks";
import type { FutureNode } from "#adapter/futures/await-tree";
import { savedNote, type SavedValue } from "#adapter/futures/saved-values";
import { type Nanoseconds, nanoseconds } from "#adapter/base/brand";
import { formatDuration } from "#adapter/base/duration";
import { frameLine, variableLines } from "./core-frame-lines";
import { placeText, type ShowPath } from "./event-json";
import type { TextStyle } from "./style";
import type { TaskStack } from "./task-tree-json";

export interface TaskTreeOptions {
  readonly now: Nanoseconds;
  readonly style: TextStyle;
  readonly showPath: ShowPath;
}

/**
 * A task with its await tree:
 *
 *     heartbeat_task  suspended for 71.66 ms
 *       blink::heartbeat_task  src/main.rs:47
 *       │ beats = 2
 *       └─ blink::nap  src/main.rs:56
 *          │ length = 900 ms
 *          └─ Timer: timer due in 158.3 ms
 *
 * @param stack for the task that is being polled what the core is in, innermost first
 */
export function taskTreeLines(
  { name, state, future }: InspectedTask,
  stack: TaskStack | undefined,
  options: TaskTreeOptions,
): string[] {
  const { style, now } = options;
  const since = formatDuration(nanoseconds(now - state.since));
  const heading = `${style.bold(name)}  ${stateWords(state.kind, since, style)}`;
  if (future === undefined) return [heading, ...(stack === undefined ? [] : stackLines(stack, options))];
  return [heading, `  ${futureWords(future, options)}`, ...below(future, "  ", options)];
}

/** The frames, and what those of the user's own code hold; `pollscope stack` and `--json` have the others' too. */
function stackLines({ frames, reader }: TaskStack, options: TaskTreeOptions): string[] {
  return frames.flatMap((frame) => [
    `  ${frameLine(frame, options)}`,
    ...(frame.isOwn ? variableLines(frame, reader, options) : []).map((line) => `    ${line}`),
  ]);
}

function stateWords(kind: InspectedTask["state"]["kind"], since: string, style: TextStyle): string {
  switch (kind) {
    case "unspawned":
      return style.dim("never spawned");
    case "ended":
      return style.dim(`ended ${since} ago`);
    case "ready":
      return style.yellow(`ready for ${since}`);
    case "running":
      return style.green(`running for ${since}`);
    case "suspended":
      return `suspended for ${since}`;
  }
}

/** What stands under a future: its variables, then what it polls. */
function below(future: FutureNode, indent: string, options: TaskTreeOptions): string[] {
  const { children } = future;
  const bar = children.length > 0 ? "│ " : "  ";
  const lines = shownLocals(future).map((local) => `${indent}${bar}${localWords(local, options.style)}`);
  children.forEach((child, i) => {
    const isLast = i === children.length - 1;
    lines.push(`${indent}${isLast ? "└─ " : "├─ "}${futureWords(child, options)}`);
    lines.push(...below(child, indent + (isLast ? "   " : "│  "), options));
  });
  return lines;
}

function futureWords(future: FutureNode, { style, showPath }: TaskTreeOptions): string {
  const { name, label, place, state, wait, fields, note } = future;
  const isOpen = state === "suspended" || state === "pending";
  const words = [
    ...(label === null ? [] : [style.dim(label)]),
    future.isOwn ? style.cyan(name) : name,
    ...(place === null || state !== "suspended" ? [] : ["", style.dim(placeText(place, showPath))]),
    ...(isOpen ? [] : ["", STATE_WORDS[state] ?? state]),
    ...(note === null ? [] : ["", style.red(`(${note})`)]),
  ];
  const line = words.join(" ");
  if (wait === null) return line;
  const type = fields === null ? "" : `  ${style.dim(fields)}`;
  return `${line}: ${style.yellow(wait.text)}${type}`;
}

const STATE_WORDS: Readonly<Record<string, string | undefined>> = {
  unresumed: "not polled yet",
  returned: "has returned",
  panicked: "has panicked",
  done: "has returned",
  gone: "has returned, and its result is taken",
  unknown: "in an unknown state",
};

/** What a library keeps for itself says little; `--json` has it. */
function shownLocals({ isOwn, locals }: FutureNode): readonly SavedValue[] {
  return isOwn ? locals : [];
}

function localWords(saved: SavedValue, style: TextStyle): string {
  const { name, text, liveness } = saved;
  const shown = name ?? "(temporary)";
  if (liveness === "dropped") return style.dim(`${shown} was dropped`);
  const note = savedNote(saved);
  return `${shown} = ${text ?? "?"}${note === null ? "" : style.dim(`  (${note})`)}`;
}
