import type { Nanoseconds } from "#adapter/base/brand";
import type { Debuggee } from "#adapter/debuggee/debuggee";
import type { Movement, Runner } from "#adapter/debuggee/run-control/movement";
import type { Stop } from "#adapter/debuggee/run-control/stop";
import type { Target } from "#adapter/target/target";
import { perform } from "#test/helpers/stepping";

/** Breakpoints that a step may have on a board. */
const MOST_PLACES = 2;

/** What a step would cost a board. */
export interface StepCost {
  /** Times that the core ran from one halt to the next. */
  runs: number;
  /** Instructions executed one by one. */
  instructions: number;
}

/** The debuggee as a board would be: nobody has watched its executor, and tracepoints are not free. */
export function asOnBoard(debuggee: Debuggee): Debuggee {
  const target = onBoard(debuggee.target);
  const taskEvents = { trace: debuggee.trace, polledTask: undefined };
  return Object.create(debuggee, {
    target: { value: target },
    taskEvents: { value: taskEvents },
  }) as Debuggee;
}

function onBoard(target: Target): Target {
  const forbidden = (what: string) => () => {
    throw new Error(`A step has asked a board for ${what}`);
  };
  return Object.create(target, {
    capabilities: { value: { ...target.capabilities, tracepoints: "intrusive", virtualTime: false } },
    memory: { value: undefined },
    addTracepoint: { value: forbidden("a tracepoint") },
    addBreakpoint: { value: forbidden("a breakpoint") },
    addAlarm: { value: undefined },
    observe: { value: forbidden("an observer") },
  }) as Target;
}

/** Performs a movement as on a board, and counts what it costs. */
export async function performOnBoard(
  debuggee: Debuggee,
  movement: Movement,
  most: Nanoseconds,
): Promise<{ readonly stop: Stop; readonly cost: StepCost }> {
  const cost = { runs: 0, instructions: 0 };
  const target = onBoard(debuggee.target);
  const stop = await perform(debuggee, (runner) => movement(thrifty(runner, target, cost)), most);
  return { stop, cost };
}

function thrifty(runner: Runner, target: Target, cost: StepCost): Runner {
  return {
    target,
    runTo: (places, options) => {
      if (places.length > MOST_PLACES) throw new Error(`A step has asked for ${places.length} places`);
      if (options?.onTaskEvent !== undefined) throw new Error("A step has asked for events of tasks");
      cost.runs++;
      return runner.runTo(places, options);
    },
    stepInstruction: () => {
      cost.instructions++;
      return runner.stepInstruction();
    },
  };
}
