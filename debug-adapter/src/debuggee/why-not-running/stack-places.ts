import { isExecutorLoop } from "../../executor/embassy/own-structures";
import type { StackPlace } from "../../futures/waker-holders/waker-holders";
import type { Backtrace, Frame } from "../../unwind/backtrace";

/** The core's stacks, for who looks at words on them. */
export interface Stacks {
  /** Undefined for an address that lies on no stack. */
  readonly stackAt: (address: number) => StackPlace | undefined;
  /** The function that the core is in. */
  readonly core: StackPlace;
}

/** What bounds the main stack. */
export interface StackBounds {
  /** The lowest address that belongs to it, or to nothing: where the program's sections end. */
  readonly bottom: number;
  /** Where it begins, and grows down from: the vector table's first word (ARMv6-M ARM B1.5.3). */
  readonly top: number;
  /** What it has shrunk to. */
  readonly pointer: number;
  /** Whether below the stack there may be a heap. */
  readonly mayHoldHeap: boolean;
}

const DEAD: StackPlace = { kind: "dead", function: null, isExecutor: false };
const UNKNOWN: StackPlace = { kind: "live", function: null, isExecutor: false };

/** Names the functions whose frames lie on the stack. */
export function stackPlaces(
  { frames, problem }: Backtrace,
  { bottom, top, pointer, mayHoldHeap }: StackBounds,
): Stacks {
  const activations = activationsOf(frames);
  return {
    core: activations[0]?.place ?? UNKNOWN,
    stackAt(address) {
      if (address < bottom || address >= top) return undefined;
      if (address < pointer) return mayHoldHeap ? undefined : DEAD;
      const owner = activations.find(({ end }) => end !== undefined && address < end);
      // Past the last frame that could be found the unwinder has lost the way, or the program began there.
      return owner?.place ?? (problem === undefined ? (activations.at(-1)?.place ?? UNKNOWN) : UNKNOWN);
    },
  };
}

interface Activation {
  /** The first address above its frame. */
  readonly end: number | undefined;
  readonly place: StackPlace;
}

/** Functions that were inlined into one share its frame. */
function activationsOf(frames: readonly Frame[]): Activation[] {
  const activations: Activation[] = [];
  for (let i = 0; i < frames.length;) {
    const { machine, kind } = frames[i]!;
    let next = i + 1;
    while (next < frames.length && frames[next]!.machine === machine) next++;
    const names = frames.slice(i, next).map(({ name }) => name);
    const isExecutor = kind === "normal" && names.some(isExecutorLoop) && !names.some(polls);
    const place = { kind: "live", function: names[0] ?? null, isExecutor } as const;
    activations.push({ end: machine.cfa, place });
    i = next;
  }
  return activations;
}

function polls(name: string): boolean {
  return name.includes("TaskStorage");
}
