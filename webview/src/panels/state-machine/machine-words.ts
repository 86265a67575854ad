import { nanoseconds } from "#adapter/base/brand";
import { formatDuration } from "#adapter/base/duration";
import type {
  MachineName,
  ProtocolInstance,
  ProtocolSaved,
  ProtocolState,
  ProtocolStay,
  ProtocolTransition,
  StateMachineBody,
} from "#adapter/protocol/state-machine";
import { formatAmount, formatCount } from "../../format";

/** `heartbeat_task`, `Input::wait_for_low`: without crate and modules as far as names are told apart by case. */
export function shortName({ name, generics }: Pick<MachineName, "name" | "generics">): string {
  const parts = name.split("::");
  const braces = parts.findIndex((part) => part.startsWith("{"));
  const last = braces < 0 ? parts.length - 1 : Math.max(0, braces - 1);
  const from = last > 0 && /^[A-Z]/.test(parts[last - 1] ?? "") ? last - 1 : last;
  return parts.slice(from).join("::") + generics;
}

/** What a state is called: `await 2`, `Returned`. */
export function stateTitle({ kind }: Pick<ProtocolState, "kind">, row: number): string {
  switch (kind) {
    case "suspended":
      return `await ${row}`;
    case "unresumed":
      return "Unresumed";
    case "returned":
      return "Returned";
    case "panicked":
      return "Panicked";
  }
}

/** The title of a state by its row; null is a state that is not known. */
export function titleOf({ states }: Pick<StateMachineBody, "states">, row: number | null): string {
  const state = row === null ? undefined : states[row];
  return row === null || state === undefined ? "not known" : stateTitle(state, row);
}

/** What it means to stand there. */
export function stateMeaning({ kind, awaiting }: Pick<ProtocolState, "kind" | "awaiting">): string {
  switch (kind) {
    case "suspended":
      return awaiting === null ? "parked at an await" : `awaits ${awaiting}`;
    case "unresumed":
      return "made, and not polled yet";
    case "returned":
      return "has run to its end";
    case "panicked":
      return "has panicked";
  }
}

/** `stood here 5 times, 100.0 ms each on average`; null before it has. */
export function stayWords(stay: Pick<ProtocolStay, "count" | "time"> | undefined): string | null {
  if (stay === undefined) return null;
  const mean = formatDuration(nanoseconds(stay.time / stay.count));
  return stay.count === 1 ? `once, for ${mean}` : `${formatCount(stay.count)} times, mean ${mean}`;
}

/** `woken by TIMER_IRQ_0 (5), itself (1)`; "" where nobody did. */
export function wakeWords({ wokenBy }: Pick<ProtocolStay, "wokenBy">): string {
  if (wokenBy.length === 0) return "";
  return `woken by ${wokenBy.map(({ source, count }) => `${source} (${formatCount(count)})`).join(", ")}`;
}

/** A live future by a sign and its task; the sign is not the only thing that tells, `title` does. */
export function chipWords({ task, standing, note }: ProtocolInstance): {
  readonly text: string;
  readonly title: string;
} {
  const { sign, meaning } = STANDINGS[standing];
  return { text: `${sign} ${task}`, title: `${task}: ${meaning}${note === null ? "" : `; ${note}`}` };
}

const STANDINGS: Readonly<
  Record<ProtocolInstance["standing"], { readonly sign: string; readonly meaning: string }>
> = {
  suspended: { sign: "●", meaning: "stands here" },
  ready: { sign: "◆", meaning: "stands here, has been woken, and waits for its poll" },
  running: { sign: "▶", meaning: "is being polled; the poll has found it here" },
  kept: { sign: "○", meaning: "stands here in a variable, and is not awaited now" },
  ended: { sign: "■", meaning: "has ended" },
};

/** What a saved value is called. */
export function savedName({ name, role }: Pick<ProtocolSaved, "name" | "role">): string {
  switch (role) {
    case "awaitee":
      return "(awaited)";
    case "drop-flag":
      return "(drop flag)";
    case "temporary":
      return "(temporary)";
    case "reference":
      return `&${name}`;
    case "variable":
      return name;
  }
}

/** How often, and whether that is certain: `12×`, `12×?`. */
export function countWords({ count, isCertain }: Pick<ProtocolTransition, "count" | "isCertain">): string {
  return `${formatCount(count)}×${isCertain ? "" : "?"}`;
}

/** How the size comes about. */
export function sizeWords(machine: StateMachineBody): string {
  const { bytes, largest, otherBytes, states } = machine;
  const state = largest === null ? undefined : states[largest];
  if (largest === null || state === undefined) return `The future takes ${bytes} B.`;
  const most = `The future takes ${bytes} B. ${stateTitle(state, largest)} keeps most: ${state.bytes} B.`;
  return otherBytes === 0
    ? most
    : `${most} The other ${otherBytes} B are the number of the state, gaps, and places that only other states use.`;
}

/** What is to be known of the counts. */
export function historyWords({ states, history, instances }: StateMachineBody): string[] {
  const { isTaskBody, transitions, unknownPolls } = history;
  if (transitions.length === 0) {
    return [
      instances.length === 0
        ? "The run has not shown it yet: these are its states as they were built, in the order of the source."
        : "The run has not shown how it goes from state to state. It is seen in memory.",
    ];
  }
  const words = isTaskBody
    ? []
    : [
        "It is counted where a task awaits it directly, at the ends of polls; what begins and ends within one poll, and branches of select, join and the like, are not.",
      ];
  const isParkedAt = (row: number) =>
    transitions.some(({ from, to }) => from === row || to === row) ||
    instances.some((each) => each.row === row);
  const isAllKnown = isTaskBody && unknownPolls === 0;
  if (isAllKnown && states.some(({ kind }, row) => kind === "suspended" && !isParkedAt(row))) {
    words.push(
      "An await without arrows has parked nobody yet: one that is ready at once is passed within a poll.",
    );
  }
  if (transitions.some(({ isCertain }) => !isCertain)) {
    words.push(
      "Dashed, with a question mark: one future or two. A poll found one here and left one there; it may have ended, and another begun, in between.",
    );
  }
  if (unknownPolls > 0) {
    words.push(`Where it stood after ${formatAmount(unknownPolls, "poll")} is not known.`);
  }
  return words;
}
