import type { DebugProtocol } from "@vscode/debugprotocol";
import { type FindingKind, KIND_WORDS } from "../protocol/findings";

/** What this adapter can do. A test asks for each of it, and for everything that is not here. */
export const CAPABILITIES: DebugProtocol.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsTerminateRequest: true,
  supportTerminateDebuggee: true,
  supportsRestartRequest: true,
  supportsCancelRequest: true,
  supportsDelayedStackTraceLoading: true,
  supportsEvaluateForHovers: true,
  supportsClipboardContext: true,
  supportsSetVariable: true,
  supportsSetExpression: true,
  supportsCompletionsRequest: true,
  completionTriggerCharacters: [".", ":"],
  supportsDisassembleRequest: true,
  supportsReadMemoryRequest: true,
  supportsWriteMemoryRequest: true,
  supportsLoadedSourcesRequest: true,
  supportsSteppingGranularity: true,
  supportsFunctionBreakpoints: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsDataBreakpoints: true,
  supportsDataBreakpointBytes: true,
  supportsInstructionBreakpoints: true,
  supportsBreakpointLocationsRequest: true,
  supportsExceptionInfoRequest: true,
  supportsExceptionFilterOptions: true,
  exceptionBreakpointFilters: [
    {
      filter: "panic",
      label: "Panic",
      description: "Stops where a panic begins, before its handler halts the core.",
      default: true,
    },
    {
      filter: "hardFault",
      label: "HardFault",
      description: "Stops where the core takes a HardFault exception.",
      default: true,
    },
    ...(Object.keys(KIND_WORDS) as FindingKind[]).map((kind) => ({
      filter: kind,
      label: KIND_WORDS[kind].label,
      description: `Stops when it is found. ${KIND_WORDS[kind].meaning}`,
      default: false,
      supportsCondition: true,
      conditionDescription: "Names of tasks, one of which it has to concern: blink_task, worker[2]",
    })),
  ],
};

/** Requests about what was seen of a run, which on a board nobody watches. */
export const NEEDS_WATCHING: ReadonlySet<string> = new Set([
  "pollscope/timeline",
  "pollscope/saveTrace",
  "pollscope/pollCycle",
  "pollscope/stateMachines",
  "pollscope/stateMachine",
]);

/** Requests of DAP that are refused, with what to do instead. */
export const REFUSED: Readonly<Record<string, string>> = {
  stepBack: "it cannot go back in time yet: restart, and stop earlier",
  reverseContinue: "it cannot go back in time yet: restart, and stop earlier",
  restartFrame: "a frame cannot be undone: restart the session",
  goto: "jumping over code would leave its futures in states that never were: set a variable instead",
  gotoTargets: "jumping over code would leave its futures in states that never were: set a variable instead",
  stepInTargets: "step in goes into the first call of the line; set a breakpoint in another",
  terminateThreads: "a task ends when its future returns: the executor has no way to end one from outside",
  modules: "firmware is one program without modules: `loadedSources` lists its files",
  locations: "variables do not say where their types are declared",
};
