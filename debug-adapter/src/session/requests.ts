import type { CustomCommand, CustomQuestion, CustomRequests } from "../protocol/custom-requests";
import type { Launched } from "./launched";
import { awaitTree } from "./requests/await-tree";
import { board, input } from "./requests/board";
import {
  breakpointLocations,
  dataBreakpointInfo,
  setBreakpoints,
  setDataBreakpoints,
  setFunctionBreakpoints,
  setInstructionBreakpoints,
} from "./requests/breakpoints";
import { completions } from "./requests/completions";
import { disassemble } from "./requests/disassemble";
import { evaluate, setExpression } from "./requests/evaluate";
import { exceptionInfo, setExceptionBreakpoints } from "./requests/exceptions";
import { executor } from "./requests/executor";
import { findings } from "./requests/findings";
import { readMemory, writeMemory } from "./requests/memory";
import { pollCycle } from "./requests/poll-cycle";
import { saveTrace } from "./requests/save-trace";
import { setVariable } from "./requests/set-variable";
import { loadedSources, source } from "./requests/sources";
import { stackTrace } from "./requests/stack-trace";
import { stateMachine, stateMachines } from "./requests/state-machine";
import {
  endOfPoll,
  type MovementRequest,
  next,
  nextPoll,
  nextTaskEvent,
  nextWake,
  stepIn,
  stepOut,
} from "./requests/stepping";
import { awaits, tasks } from "./requests/tasks";
import { threads } from "./requests/threads";
import { timeline } from "./requests/timeline";
import { scopes, variables } from "./requests/variables";
import { why } from "./requests/why";

/** Answers a request about a debuggee with the body of the response. */
type Question = (launched: Launched, args: never) => unknown;

type CustomQuestions = {
  readonly [Command in CustomQuestion]: (
    launched: Launched,
    args: CustomRequests[Command]["arguments"] & object,
  ) => Promise<CustomRequests[Command]["body"]>;
};

const CUSTOM_QUESTIONS: CustomQuestions = {
  "pollscope/tasks": tasks,
  "pollscope/why": why,
  "pollscope/awaits": awaits,
  "pollscope/findings": findings,
  "pollscope/awaitTree": awaitTree,
  "pollscope/executor": executor,
  "pollscope/board": board,
  "pollscope/input": input,
  "pollscope/stateMachines": stateMachines,
  "pollscope/stateMachine": stateMachine,
  "pollscope/pollCycle": pollCycle,
  "pollscope/timeline": timeline,
  "pollscope/saveTrace": saveTrace,
};

/** Every request that asks for something, or changes something without letting the firmware run. */
export const QUESTIONS: Readonly<Record<string, Question>> = {
  threads,
  stackTrace,
  scopes,
  variables,
  setVariable,
  evaluate,
  setExpression,
  completions,
  disassemble,
  readMemory,
  writeMemory,
  loadedSources,
  source,
  exceptionInfo,
  setBreakpoints,
  setFunctionBreakpoints,
  setDataBreakpoints,
  setInstructionBreakpoints,
  setExceptionBreakpoints,
  dataBreakpointInfo,
  breakpointLocations,
  ...CUSTOM_QUESTIONS,
};

const CUSTOM_MOVEMENTS: Readonly<Record<Exclude<CustomCommand, CustomQuestion>, MovementRequest>> = {
  "pollscope/nextPoll": nextPoll,
  "pollscope/nextWake": nextWake,
  "pollscope/endOfPoll": endOfPoll,
  "pollscope/nextTaskEvent": nextTaskEvent,
};

/** Every request after which the firmware runs to another stop. */
export const MOVEMENTS: Readonly<Record<string, MovementRequest>> = {
  next,
  stepIn,
  stepOut,
  ...CUSTOM_MOVEMENTS,
};
