import { placeOf } from "../../futures/suspension";
import type { AsyncFunction } from "../../symbols/async-functions";
import { bytesInUse } from "../../symbols/types/coroutine";
import type { SourcePlace } from "../../trace/trace";
import type { TaskIndex } from "../../trace/event";
import type { Debuggee } from "../debuggee";
import type { Inspection } from "../inspection";
import { type MachineHistory, machineHistory } from "./machine-history";
import { type MachineInstance, machineInstances } from "./machine-instances";
import { statesInOrder } from "./machine-states";
import { largestState, type Saving, savingsOf } from "./savings";
import { keptIn, type StateLayout, stateLayout } from "./state-layout";
import { taskBody } from "./task-body";
import { TaskPassages } from "./task-passages";

/** The state machine of an async function, as the compiler has laid it out. */
export interface StateMachine {
  readonly function: AsyncFunction;
  /** In the order of the source (`statesInOrder`). */
  readonly states: readonly MachineState[];
  /** The row of the state that keeps most. */
  readonly largest: number | undefined;
  /** What would be saved by moving a variable of that state, the most first. */
  readonly savings: readonly Saving[];
}

export interface MachineState {
  readonly kind: StateLayout["state"]["kind"];
  /** As the compiler calls it: `Suspend0`. */
  readonly name: string;
  /** Of a suspend point its `.await`. */
  readonly place: SourcePlace | null;
  /** What is awaited there; null for the other kinds, and where it is not known. */
  readonly awaiting: string | null;
  /** The async function that is awaited there, as a number; null if it is none. */
  readonly awaited: number | null;
  readonly bytes: number;
  /** In the order of their places. */
  readonly saved: readonly SavedBytes[];
}

/** A value that is kept in a state. */
export interface SavedBytes {
  readonly name: string;
  readonly role: "variable" | "reference" | "drop-flag" | "temporary" | "awaitee";
  readonly type: string;
  /** In bytes, from the start of the future. */
  readonly offset: number;
  readonly bytes: number;
  /** Bytes of it that lie in no value before it. */
  readonly ownBytes: number;
  readonly mayBeDropped: boolean;
}

/** The state machines of a program, and what its run tells of them. */
export class StateMachines {
  private readonly passages: TaskPassages;
  private readonly machines = new Map<number, StateMachine>();
  private numbers: ReadonlyMap<AsyncFunction, number> | undefined;

  constructor(private readonly debuggee: Debuggee) {
    this.passages = new TaskPassages(debuggee.trace);
  }

  /** Every async function of the program, libraries' too. Its position is its number. */
  get functions(): readonly AsyncFunction[] {
    return this.debuggee.firmware.program.asyncFunctions.all;
  }

  /** The number of the body of a task; undefined if it is not known. */
  ofTask(task: TaskIndex): number | undefined {
    const body = taskBody(this.debuggee, task);
    return body && this.numberOf(body);
  }

  /** Undefined if there is no such number. */
  machine(number: number): StateMachine | undefined {
    let machine = this.machines.get(number);
    const each = this.functions[number];
    if (machine === undefined && each !== undefined) {
      machine = this.read(each);
      this.machines.set(number, machine);
    }
    return machine;
  }

  history(machine: StateMachine): MachineHistory {
    return machineHistory(machine.function, this.source);
  }

  instances(machine: StateMachine, inspection: Pick<Inspection, "tasks" | "reader">): MachineInstance[] {
    return machineInstances(machine.function, inspection, this.source);
  }

  private get source() {
    const { debuggee, passages } = this;
    const { trace, firmware } = debuggee;
    const bodyOf = (task: TaskIndex) => taskBody(debuggee, task);
    return { program: firmware.program, trace, passages, bodyOf };
  }

  private numberOf(each: AsyncFunction): number | undefined {
    this.numbers ??= new Map(this.functions.map((known, number) => [known, number]));
    return this.numbers.get(each);
  }

  private read(each: AsyncFunction): StateMachine {
    const { program } = this.debuggee.firmware;
    const layouts = statesInOrder(each.coroutine).map((state) => stateLayout(each, state, program));
    return {
      function: each,
      states: layouts.map((layout) => this.state(layout)),
      largest: largestState(layouts),
      savings: savingsOf(each.coroutine, layouts),
    };
  }

  private state(layout: StateLayout): MachineState {
    const { kind, name, place, awaitee } = layout.state;
    const kept = keptIn(layout);
    const awaited = awaitee && this.debuggee.firmware.program.asyncFunctions.ofType(awaitee.type);
    return {
      kind,
      name,
      place: placeOf(place),
      awaiting: kept.find(({ value }) => value.role === "awaitee")?.shortType ?? null,
      awaited: (awaited && this.numberOf(awaited)) ?? null,
      bytes: layout.bytes,
      saved: kept.map(({ value, shortType, mayBeDropped }, i) => {
        const before = kept.slice(0, i).map((other) => other.value);
        return {
          name: value.name,
          role: value.role,
          type: shortType,
          offset: value.offset,
          bytes: value.byteSize,
          ownBytes: bytesInUse([...before, value]) - bytesInUse(before),
          mayBeDropped,
        };
      }),
    };
  }
}
