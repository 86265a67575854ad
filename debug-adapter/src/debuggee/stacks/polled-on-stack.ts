import type { EmbassyLayout, TaskPool } from "../../executor/embassy/layout";
import { slotsOf } from "../../executor/embassy/task-slots";
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

/** A frame that is larger than this holds other things than words to look at. */
const LARGEST_FRAME = 4096;

/**
 * The polls on the stack, innermost first, where nobody has seen them begin. Whose a poll is, is told by the task's body
 * if that says which future it polls; else by the words that its frame keeps: the task's header, or its future, is
 * needed to the end of the poll, and of the others' there are none.
 */
export function pollsOnStack(
  frames: readonly Frame[],
  layout: EmbassyLayout,
  { firmware, memory }: { readonly firmware: Firmware; readonly memory: MemoryView },
): PollOnStack[] {
  const { functions } = firmware.program;
  const entries = new Set<number>(layout.pollFunctions);
  const polls: PollOnStack[] = [];
  let first = 0;
  frames.forEach((frame, i) => {
    if (frame.kind === "exception") first = i + 1;
    if (frame.kind === "exception" || frame.isInlined) return;
    const owner = functions.at(frame.machine.lookupPc);
    if (owner === undefined || !entries.has(owner.address)) return;
    const words =
      i === 0 && frame.pc === owner.address
        ? [frame.machine.registers.get(Register.r0)]
        : [...futuresIn(frames.slice(first, i + 1), firmware), ...wordsOf(frame, memory)];
    polls.push({ entry: i, task: onlyTask(words, layout) });
    first = i + 1;
  });
  return polls;
}

function futuresIn(frames: readonly Frame[], firmware: Firmware): (number | undefined)[] {
  return stepFrames(frames, programCode(firmware)).map(({ future }) => future?.address);
}

/** The registers that a callee keeps, as they are in a frame, and what lies in it. */
function wordsOf({ machine }: Frame, memory: MemoryView): (number | undefined)[] {
  const sp = machine.registers.get(Register.sp);
  const end = machine.cfa;
  const words: (number | undefined)[] = [];
  for (let register = 4; register <= 11; register++) words.push(machine.registers.get(register));
  if (sp === undefined || end === undefined || end - sp > LARGEST_FRAME) return words;
  for (let at = sp; at < end; at += 4) words.push(memory.readUint(at, 4));
  return words;
}

/** The task that some words refer to, if they refer to one alone. */
function onlyTask(words: readonly (number | undefined)[], layout: EmbassyLayout): TaskIndex | undefined {
  const wanted = new Set(words);
  const isMeant = (header: number, { futureOffset, body }: TaskPool) =>
    wanted.has(header) || (body !== undefined && wanted.has(header + futureOffset));
  const rows = slotsOf(layout).flatMap(({ header, pool }, row) => (isMeant(header, pool) ? [row] : []));
  return rows.length === 1 ? (rows[0] as TaskIndex) : undefined;
}
