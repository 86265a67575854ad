import type { EmbassyLayout } from "../../executor/embassy/layout";
import { pollFunctionOf } from "../../executor/embassy/poll-function";
import { slotsOf, type TaskSlot } from "../../executor/embassy/task-slots";
import type { Program } from "../../symbols/program";
import { Register } from "../../target/architecture";
import type { MemoryView } from "../../target/target";
import type { TaskIndex } from "../../trace/event";
import type { Frame } from "../../unwind/backtrace";
import type { Firmware } from "../firmware";
import { programCode } from "../stepping/program-code";
import { stepFrames } from "../stepping/step-stack";

/** A call of `TaskStorage::poll` on the stack, and whose it is. */
export interface PollOnStack {
  /** Position in the backtrace. */
  readonly entry: number;
  /** Undefined where the stack does not tell which of several tasks it is. */
  readonly task: TaskIndex | undefined;
}

/** What lies in a larger frame is hardly all of this poll. */
const LARGEST_FRAME = 16 * 1024;

/**
 * The polls on the stack, innermost first, where nobody has seen them begin. It is a task whose header points to this
 * function. Which of several it is, is told by the first of these that names one alone: r0, at the first instruction;
 * the future that the task's body polls; the waker that the poll makes, in its frame; and the words of that frame, of
 * which the task's header or its future has to be one to the end of the poll. A task that has ended in this poll may
 * have a header that points elsewhere already: then the same is asked of all tasks.
 */
export function pollsOnStack(
  frames: readonly Frame[],
  layout: EmbassyLayout,
  { firmware, memory }: { readonly firmware: Firmware; readonly memory: MemoryView },
): PollOnStack[] {
  const { functions } = firmware.program;
  const slots = slotsOf(layout);
  const entries = new Set<number>(layout.pollFunctions);
  const wakers = wakerTables(firmware.program);
  const polls: PollOnStack[] = [];
  let first = 0;
  frames.forEach((frame, i) => {
    if (frame.kind === "exception") first = i + 1;
    if (frame.kind === "exception" || frame.isInlined) return;
    const owner = functions.at(frame.machine.lookupPc);
    if (owner === undefined || !entries.has(owner.address)) return;
    const polled = slots.filter(({ header }) => pollFunctionOf(header, layout, memory) === owner.address);
    const words = i === 0 && frame.pc === owner.address ? [] : wordsOf(frame, memory);
    const accounts = [polled, slots].flatMap((some): (() => readonly TaskSlot[])[] => [
      () => (some === polled ? polled : []),
      () => (words.length === 0 ? refersTo(some, [frame.machine.registers.get(Register.r0)]) : []),
      () => refersTo(some, futuresIn(frames.slice(first, i + 1), firmware)),
      () => refersTo(some, besideTables(words, wakers)),
      () => refersTo(some, words),
    ]);
    let task: TaskIndex | undefined;
    for (const account of accounts) {
      const [only, ...others] = account();
      if (only === undefined || others.length > 0) continue;
      task = slots.indexOf(only) as TaskIndex;
      break;
    }
    polls.push({ entry: i, task });
    first = i + 1;
  });
  return polls;
}

/** Where Embassy keeps what its wakers do. */
function wakerTables(program: Program): ReadonlySet<number> {
  const tables = program.statics.matching(({ name }) => name === "embassy_executor::raw::waker::VTABLE");
  return new Set(tables.map(({ address }) => address));
}

/** The words beside a table's address: a waker is two words, of which rustc decides the order. */
function besideTables(
  words: readonly (number | undefined)[],
  tables: ReadonlySet<number>,
): (number | undefined)[] {
  return words.flatMap((word, i) =>
    word !== undefined && tables.has(word) ? [words[i - 1], words[i + 1]] : [],
  );
}

function futuresIn(frames: readonly Frame[], firmware: Firmware): (number | undefined)[] {
  return stepFrames(frames, programCode(firmware)).map(({ future }) => future?.address);
}

/** The registers of a frame, as far as they are known, and what lies in it. */
function wordsOf({ machine }: Frame, memory: MemoryView): (number | undefined)[] {
  const sp = machine.registers.get(Register.sp);
  const end = machine.cfa;
  const words: (number | undefined)[] = [];
  // Those of the callers' are known of the innermost frame only, whose first instructions have them there.
  for (let register = 0; register <= 11; register++) words.push(machine.registers.get(register));
  // No word is beside a register.
  words.push(undefined);
  if (sp === undefined || end === undefined || end - sp > LARGEST_FRAME) return words;
  for (let at = sp; at < end; at += 4) words.push(memory.readUint(at, 4));
  return words;
}

/** The slots whose header, or whose future, some words point to. */
function refersTo(slots: readonly TaskSlot[], words: readonly (number | undefined)[]): TaskSlot[] {
  const wanted = new Set(words);
  return slots.filter(
    ({ header, pool: { futureOffset, body } }) =>
      wanted.has(header) || (body !== undefined && wanted.has(header + futureOffset)),
  );
}
