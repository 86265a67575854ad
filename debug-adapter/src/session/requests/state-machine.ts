import { UserError } from "../../base/errors";
import { StateMachines } from "../../debuggee/state-machines/state-machines";
import type {
  MachineName,
  ProtocolHistory,
  ProtocolInstance,
  StateMachineArguments,
  StateMachineBody,
  StateMachinesBody,
  TaskMachine,
} from "../../protocol/state-machine";
import type { TaskIndex } from "../../trace/event";
import { sourceWords } from "../../trace/event-words";
import type { Launched } from "../launched";

type Machine = NonNullable<ReturnType<StateMachines["machine"]>>;
type Function = StateMachines["functions"][number];

/** Made when the first question comes: a session without this view pays nothing for it. */
const known = new WeakMap<Launched, StateMachines>();

function machinesOf(launched: Launched): StateMachines {
  let machines = known.get(launched);
  if (machines === undefined) {
    machines = new StateMachines(launched.debuggee);
    known.set(launched, machines);
  }
  return machines;
}

/** Every async function of the program. */
export function stateMachines(launched: Launched): Promise<StateMachinesBody> {
  return Promise.resolve({ machines: machinesOf(launched).functions.map(nameOf) });
}

/** An async function's states, and what the run so far tells of them; answered while the firmware runs as well. */
export async function stateMachine(
  launched: Launched,
  args: StateMachineArguments,
): Promise<StateMachineBody> {
  const machines = machinesOf(launched);
  const number = numberOf(launched, machines, args);
  const machine = machines.machine(number);
  if (machine === undefined) {
    throw new UserError(
      `There is no async function ${number} in this program`,
      "ask for the state machines again",
    );
  }
  const inspection = await launched.look();
  const { coroutine } = machine.function;
  const largest = machine.largest ?? null;
  return {
    ...nameOf(machine.function, number),
    time: Math.round(launched.debuggee.target.now),
    alignment: coroutine.alignment,
    states: machine.states,
    largest,
    otherBytes: coroutine.byteSize - (largest === null ? 0 : machine.states[largest]!.bytes),
    savings: machine.savings,
    history: historyOf(launched, machines, machine),
    instances: machines
      .instances(machine, inspection)
      .map(({ task, row, standing, note }): ProtocolInstance => ({
        threadId: launched.threads.of(task, launched.debuggee.trace),
        task: launched.debuggee.trace.tasks[task]!.name,
        row: row ?? null,
        standing,
        note,
      })),
    tasks: tasksOf(launched, machines),
  };
}

function numberOf(
  launched: Launched,
  machines: StateMachines,
  { machine, threadId }: StateMachineArguments,
): number {
  if (machine !== undefined && machine !== null) return machine;
  if (threadId === undefined || threadId === null) {
    throw new UserError(
      'The client sent a "pollscope/stateMachine" request that names no async function',
      "send its number, or the thread of a task",
    );
  }
  const subject = launched.subjectOf(threadId);
  const task = subject.kind === "task" ? subject.task : taskAtWork(launched);
  const found = task === undefined ? firstOwn(machines) : machines.ofTask(task);
  if (found !== undefined) return found;
  if (task === undefined) throw new UserError("There is no async function of yours in this program", CHOOSE);
  const { name } = launched.debuggee.trace.tasks[task]!;
  throw new UserError(
    `The state machine of ${name} is not known: its future is of no async function that the debug info describes`,
    CHOOSE,
  );
}

const CHOOSE = "choose another function";

/** The task that the core is polling, or that something has happened to last. */
function taskAtWork({ knowledge: { history } }: Launched): TaskIndex | undefined {
  return history.polledTasks()[0] ?? history.lastTask();
}

/** Before anything has happened: a task's body of the user's own, or at least a function of the user's own. */
function firstOwn({ functions }: StateMachines): number | undefined {
  const isOwn = ({ declaration }: Function) => declaration?.file.origin.kind === "own";
  const number = functions.findIndex((each) => isOwn(each) && each.task !== undefined);
  const found = number < 0 ? functions.findIndex(isOwn) : number;
  return found < 0 ? undefined : found;
}

function nameOf(
  { kind, name, generics, task, declaration, coroutine }: Function,
  machine: number,
): MachineName {
  return {
    machine,
    kind,
    name,
    generics,
    isOwn: declaration?.file.origin.kind === "own",
    task: task?.name ?? null,
    place: declaration === undefined ? null : { file: declaration.file.path, line: declaration.line },
    bytes: coroutine.byteSize,
    suspendPoints: coroutine.states.filter((state) => state.kind === "suspended").length,
  };
}

function historyOf({ debuggee }: Launched, machines: StateMachines, machine: Machine): ProtocolHistory {
  const { isTaskBody, transitions, stays, unknownPolls } = machines.history(machine);
  return {
    isTaskBody,
    transitions: transitions.map(({ from, to, ...rest }) => ({
      from: from ?? null,
      to: to ?? null,
      ...rest,
    })),
    stays: stays.map(({ row, count, time, wokenBy }) => ({
      row,
      count,
      time,
      wokenBy: [...wokenBy]
        .map(([payload, wakes]) => ({ source: sourceWords(debuggee.trace, payload), count: wakes }))
        .sort((a, b) => b.count - a.count),
    })),
    unknownPolls,
  };
}

/** Of every task that something has happened to, or could. */
function tasksOf({ debuggee, threads }: Launched, machines: StateMachines): TaskMachine[] {
  return debuggee.trace.tasks.flatMap(({ name }, task) => {
    const machine = machines.ofTask(task as TaskIndex);
    return machine === undefined
      ? []
      : [{ threadId: threads.of(task as TaskIndex, debuggee.trace), name, machine }];
  });
}
