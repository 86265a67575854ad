import type { CopiedRange } from "../../target/memory-ranges";
import type { ValueReader } from "../../values/reader";
import type { StaticSymbol } from "../../values/symbol-lookup";
import type { Value } from "../../values/value";
import { type Place, placeOf } from "../suspension";
import { type ReferringWord, TaskPointers, type TaskSlot } from "./task-pointers";
import { staticWords } from "./static-words";
import { type ExecutorTypes, type WordPlace, wordPlace } from "./word-place";

/** Something that refers to a task so that it can wake it, or that may. */
export interface WakerHolder {
  readonly kind: "static" | "task" | "stack" | "register" | "memory";
  /**
   * `waker`: its type says that it is one, and it is there. `unsure`: a word that holds the right address, which may
   * have been left behind.
   */
  readonly certainty: "waker" | "unsure";
  /** Null for a register. */
  readonly address: number | null;
  /** The static's full name, the task, the function on the stack, or the register; null for memory without a name. */
  readonly owner: string | null;
  /** As a reader would write it: `BANK0_WAKERS[15]`, `CHANNEL.receiver_waker`, `waker of reader_task`. */
  readonly text: string;
  /** Where the static is declared; for a task the line where it is suspended. */
  readonly place: Place | null;
  /** Why it is unsure: a clause; null for a waker. */
  readonly reason: string | null;
  /**
   * Whether only the task itself can get at it: it lies in the task's own future, and nothing outside points into that.
   */
  readonly isOwn: boolean;
}

/** Who holds the waker of a task, and what was looked at to say so. */
export interface WakerSearch {
  readonly holders: readonly WakerHolder[];
  /** Words that hold the address of the task's header. */
  readonly words: number;
  /** Those of them that hold no waker, with the reason of each: the executor's links, what was left behind. */
  readonly ruledOut: readonly RuledOut[];
}

export interface RuledOut {
  /** Null for a register. */
  readonly address: number | null;
  /** `reader_task::POOL`, `the stack`. */
  readonly where: string;
  readonly reason: string;
}

/** A task to look for, and what its slot holds. */
export interface SearchedTask extends TaskSlot {
  /** Its future, typed; undefined if its type is not known. */
  readonly future: Value | undefined;
  /** Whether the future's bytes mean something: not while it is polled, nor before it is spawned, nor after its end. */
  readonly state: "at-rest" | "polled" | "none";
}

/** Part of a stack that words were found on. */
export interface StackPlace {
  /** `dead`: below the stack pointer; nobody reads it again. */
  readonly kind: "dead" | "live";
  /** The function whose frame it is, if that is known. */
  readonly function: string | null;
  /** Whether it is the executor's own loop, which keeps its queue there. */
  readonly isExecutor: boolean;
}

export interface SearchedMachine {
  /** All memory that can hold pointers. */
  readonly memory: readonly CopiedRange[];
  /** Registers that can hold pointers, by name. */
  readonly registers: Readonly<Record<string, number>>;
  /** What the core is in: whose registers these are. */
  readonly core: StackPlace;
  /** Undefined for an address that lies on no stack. */
  stackAt(address: number): StackPlace | undefined;
  readonly headerBytes: number;
  readonly types: ExecutorTypes;
}

/** Who holds the waker of each task, in the order of the tasks: all memory is searched once. */
export function findWakerHolders(
  tasks: readonly SearchedTask[],
  machine: SearchedMachine,
  reader: ValueReader,
): WakerSearch[] {
  const pointers = new TaskPointers(machine.memory, tasks);
  const judge = new Judge(tasks, machine, pointers, reader);
  const found = tasks.map(() => ({ holders: [] as WakerHolder[], words: 0, ruledOut: [] as RuledOut[] }));
  for (const word of pointers.toHeaders()) {
    const search = found[word.slot]!;
    search.words++;
    const verdict = judge.word(word);
    if ("certainty" in verdict) search.holders.push(verdict);
    else search.ruledOut.push(verdict);
  }
  tasks.forEach(({ header }, i) => {
    for (const name of Object.keys(machine.registers)) {
      if (machine.registers[name] !== header) continue;
      found[i]!.words++;
      const verdict = judge.register(name);
      if ("certainty" in verdict) found[i]!.holders.push(verdict);
      else found[i]!.ruledOut.push(verdict);
    }
  });
  return found;
}

/** Whether a word is a waker that a static keeps: a part of a search that costs next to nothing. */
export function isWakerInStatic(address: number, types: ExecutorTypes, reader: ValueReader): boolean {
  const found = reader.symbols.staticAt(address);
  if (found === undefined) return false;
  const place = wordPlace(reader.at(found.type, found.address), address, reader, types);
  const holder = holderAt(address, place, found.name);
  return "certainty" in holder && holder.certainty === "waker";
}

class Judge {
  private readonly closed = new Map<SearchedTask, boolean>();

  constructor(
    private readonly tasks: readonly SearchedTask[],
    private readonly machine: SearchedMachine,
    private readonly pointers: TaskPointers,
    private readonly reader: ValueReader,
  ) {}

  word({ address, slot }: ReferringWord): WakerHolder | RuledOut {
    const owner = this.tasks.find(({ header, byteSize }) => address >= header && address < header + byteSize);
    if (owner !== undefined) return this.inTask(address, owner, this.tasks[slot]!);
    const found = this.reader.symbols.staticAt(address);
    if (found !== undefined) return this.inStatic(address, found);
    const stack = this.machine.stackAt(address);
    if (stack !== undefined) return this.onStack(address, stack);
    const reason = "no static of the debug info lies there";
    const rest = { owner: null, text: "memory without a name", place: null, reason, isOwn: false };
    return { kind: "memory", certainty: "unsure", address, ...rest };
  }

  register(name: string): WakerHolder | RuledOut {
    const { core } = this.machine;
    const where = `register ${name}`;
    if (core.isExecutor)
      return { address: null, where, reason: `the core is in ${core.function ?? "the executor"}` };
    const reason = "a register may keep what nobody uses any more";
    const rest = { address: null, owner: name, text: where, place: null, reason, isOwn: false };
    return { kind: "register", certainty: "unsure", ...rest };
  }

  private inTask(address: number, owner: SearchedTask, wanted: SearchedTask): WakerHolder | RuledOut {
    const where = `the slot of ${owner.task}`;
    if (address < owner.header + this.machine.headerBytes) {
      const header = `the header of ${owner.task}`;
      return { address, where: header, reason: "the executor's own, for its queues; it is no waker" };
    }
    if (owner.state === "none") return { address, where, reason: `${owner.task} is not alive` };
    const unsure = (reason: string): WakerHolder => {
      const rest = { owner: owner.task, text: `the future of ${owner.task}`, place: null };
      return { kind: "task", certainty: "unsure", address, ...rest, reason, isOwn: false };
    };
    if (owner.state === "polled") return unsure(`${owner.task} is being polled`);
    if (owner.future === undefined) return unsure("the type of its future is not known");
    const place = wordPlace(owner.future, address, this.reader, this.machine.types);
    const holder = holderAt(address, place, where);
    if ("where" in holder) return holder;
    const path = place.path === "" ? "what is awaited" : place.path.replace(/^\./, "");
    return {
      ...holder,
      kind: "task",
      owner: owner.task,
      text: `${path} in ${place.coroutine?.function ?? owner.task}`,
      place: place.coroutine?.place ?? null,
      isOwn: owner === wanted && this.isClosed(owner),
    };
  }

  private inStatic(address: number, found: StaticSymbol): WakerHolder | RuledOut {
    const value = this.reader.at(found.type, found.address);
    const place = wordPlace(value, address, this.reader, this.machine.types);
    const text = staticWords(found, place.path);
    const holder = holderAt(address, place, text);
    if ("where" in holder) return holder;
    return {
      ...holder,
      kind: "static",
      owner: found.name,
      text,
      place: placeOf(found.declaration),
      isOwn: false,
    };
  }

  private onStack(address: number, stack: StackPlace): WakerHolder | RuledOut {
    const where = "the stack";
    if (stack.kind === "dead") return { address, where, reason: "below the stack pointer" };
    const owner = stack.function;
    if (stack.isExecutor) {
      return { address, where, reason: `in the frame of ${owner ?? "the executor"}, the executor's own` };
    }
    const text = owner === null ? where : `the stack, in ${owner}`;
    const reason = "a word on the stack may be left over from a call that has returned";
    return { kind: "stack", certainty: "unsure", address, owner, text, place: null, reason, isOwn: false };
  }

  /** Whether nothing outside of a task points into its future. */
  private isClosed(task: SearchedTask): boolean {
    let isClosed = this.closed.get(task);
    if (isClosed === undefined) {
      isClosed = this.pointers.into(task, this.machine.headerBytes).every((address) => {
        const stack = this.machine.stackAt(address);
        return stack?.kind === "dead" || stack?.isExecutor === true;
      });
      this.closed.set(task, isClosed);
    }
    return isClosed;
  }
}

type Judged = Pick<WakerHolder, "certainty" | "address" | "reason">;

function holderAt(address: number, place: WordPlace, where: string): Judged | RuledOut {
  switch (place.kind) {
    case "waker":
    case "reference":
      return { certainty: "waker", address, reason: null };
    case "doubtful":
      return { certainty: "unsure", address, reason: place.reason };
    case "executor":
      return { address, where, reason: "a link of the executor's queues" };
    case "stale":
      return { address, where, reason: place.reason ?? "left behind" };
  }
}
