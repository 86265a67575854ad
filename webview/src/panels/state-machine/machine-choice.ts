import type { MachineName, StateMachineBody } from "#adapter/protocol/state-machine";
import type { PanelSession } from "../messages";
import { shortName } from "./machine-words";

/** The thread of the core. */
const CORE_THREAD = 1;

/** What a reader has set, kept while the window is. */
export interface MachineChoice {
  /** The function that is looked at whatever is chosen in CALL STACK; null: the task that is chosen there. */
  readonly machine: Pick<MachineName, "name" | "generics"> | null;
  /** The state whose values are listed; null: where the task stands, or the largest. */
  readonly state: string | null;
}

/** What was saved, which may be of another version, or nothing. */
export function parseMachineChoice(saved: unknown): MachineChoice {
  const { machine, state } = (typeof saved === "object" && saved !== null ? saved : {}) as Record<
    string,
    unknown
  >;
  const { name, generics } = (typeof machine === "object" && machine !== null ? machine : {}) as Record<
    string,
    unknown
  >;
  const isNamed = typeof name === "string" && typeof generics === "string";
  return { machine: isNamed ? { name, generics } : null, state: typeof state === "string" ? state : null };
}

/** What the adapter is to be asked for. A function that this program does not have is as good as none. */
export function askedMachine(
  { machine }: Pick<MachineChoice, "machine">,
  { focus, stop }: Pick<PanelSession, "focus" | "stop">,
  { machines, selected }: { readonly machines: readonly MachineName[]; readonly selected: number | null },
): { readonly machine: number } | { readonly threadId: number } {
  const alike = machine === null ? [] : machines.filter(({ name }) => name === machine.name);
  // Who is named by an editor, which knows nothing of instances, is any of them.
  const found = alike.find(({ generics }) => generics === machine?.generics) ?? alike[0];
  if (found !== undefined) return { machine: found.machine };
  return { threadId: selected ?? focus ?? stop?.threadId ?? CORE_THREAD };
}

/** The state whose values are listed: the chosen one, else where a task stands, else the largest. */
export function shownState(
  { state }: Pick<MachineChoice, "state">,
  machine: StateMachineBody,
  focus: number | null,
): number | null {
  const chosen = machine.states.findIndex(({ name }) => name === state);
  if (chosen >= 0) return chosen;
  const standing = machine.instances.filter(
    ({ row }) => row !== null && machine.states[row]?.kind === "suspended",
  );
  const own = standing.find(({ threadId }) => threadId === focus) ?? standing[0];
  return own?.row ?? machine.largest;
}

export interface MachineGroup {
  readonly label: string;
  readonly options: readonly { readonly machine: number; readonly text: string }[];
}

/** What a reader can choose from: bodies of tasks, then the user's own, then libraries'. */
export function machineGroups(machines: readonly MachineName[]): MachineGroup[] {
  const groups = [
    { label: "Tasks", members: machines.filter(({ task }) => task !== null) },
    { label: "Your async functions", members: machines.filter(({ task, isOwn }) => task === null && isOwn) },
    { label: "Of libraries", members: machines.filter(({ task, isOwn }) => task === null && !isOwn) },
  ];
  return groups.flatMap(({ label, members }) => {
    const options = members
      .map((each) => ({ machine: each.machine, text: `${shortName(each)} · ${each.bytes} B` }))
      .sort((a, b) => (a.text < b.text ? -1 : 1));
    return options.length === 0 ? [] : [{ label, options }];
  });
}
