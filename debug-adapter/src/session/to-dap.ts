import type { DebugProtocol } from "@vscode/debugprotocol";
import { hexAddress } from "../base/hex-address";
import type { CodeListing } from "../debuggee/code/code-listing";
import type { Scope } from "../debuggee/scopes/scope";
import type { Variable } from "../debuggee/scopes/variable";
import type { MachineStackFrame, StackFrame } from "../debuggee/stacks/stack-frame";
import type { Sources } from "./sources";

/** A line of a stack. What is not of the user's own packages is there, but stands back. */
export function toStackFrame(
  frame: StackFrame,
  id: number,
  { sources, listed }: FrameSources,
): DebugProtocol.StackFrame {
  switch (frame.kind) {
    case "label":
      return { id, name: frame.name, line: 0, column: 0, presentationHint: "label" };
    case "await":
      return {
        id,
        name: frame.name,
        ...toPlace(frame.place, sources),
        ...(frame.node.isOwn ? {} : { presentationHint: "subtle" as const }),
      };
    case "machine":
      return {
        id,
        name: frame.name,
        ...(listed === undefined ? toPlace(frame.place, sources) : toListedPlace(frame, listed)),
        instructionPointerReference: hexAddress(frame.frame.pc),
        ...((frame.isPlumbing || isForeign(frame)) && { presentationHint: "subtle" as const }),
      };
  }
}

/** What frames are shown in: files of this machine, or a listing of the frame's function where its file is not here. */
export interface FrameSources {
  readonly sources: Sources;
  readonly listed: { readonly reference: number; readonly listing: CodeListing } | undefined;
}

function toListedPlace(
  { place, frame }: MachineStackFrame,
  { reference, listing }: NonNullable<FrameSources["listed"]>,
): Pick<DebugProtocol.StackFrame, "line" | "column" | "source"> {
  const where =
    place === undefined ? "no source is known" : `${place.file.path}:${place.line} is not on this machine`;
  const source: DebugProtocol.Source = {
    name: `${listing.name}.s`,
    sourceReference: reference,
    origin: `disassembly: ${where}`,
    presentationHint: "deemphasize",
  };
  return { line: listing.lineOf(frame.machine.lookupPc & ~1), column: 1, source };
}

/** A place of a frame as the debuggee has it. */
type FramePlace = Exclude<StackFrame, { kind: "label" }>["place"];
type ProgramFile = NonNullable<FramePlace>["file"];

/** Whether code is known not to be of the user's own packages. */
function isForeign({ place, frame }: MachineStackFrame): boolean {
  const file = (place ?? frame.function?.declaration)?.file;
  return file !== undefined && file.origin.kind !== "own";
}

function toPlace(
  place: FramePlace,
  sources: Sources,
): Pick<DebugProtocol.StackFrame, "line" | "column" | "source"> {
  if (place === undefined || !sources.isHere(place.file.path)) return { line: 0, column: 0 };
  return { line: place.line, column: Math.max(1, place.column), source: toSource(place.file) };
}

/** A source file that is on this machine. */
export function toSource({ name, path, origin }: ProgramFile): DebugProtocol.Source {
  switch (origin.kind) {
    case "own":
      return { name, path };
    case "std":
      return { name, path, origin: `${origin.crate}, standard library`, presentationHint: "deemphasize" };
    case "dependency": {
      const version = origin.version === undefined ? "" : ` ${origin.version}`;
      return { name, path, origin: origin.crate + version, presentationHint: "deemphasize" };
    }
  }
}

const SCOPE_HINTS: Partial<Record<Scope["kind"], string>> = {
  arguments: "arguments",
  locals: "locals",
  registers: "registers",
};

export function toScope({ name, kind, variables }: Scope, variablesReference: number): DebugProtocol.Scope {
  const presentationHint = SCOPE_HINTS[kind];
  return {
    name,
    variablesReference,
    namedVariables: variables.named,
    ...(variables.indexed > 0 && { indexedVariables: variables.indexed }),
    // What is open by itself at each stop is what is looked at most.
    expensive: kind === "statics" || kind === "registers",
    ...(presentationHint !== undefined && { presentationHint }),
  };
}

export function toVariable(variable: Variable, variablesReference: number): DebugProtocol.Variable {
  const { name, text, type, expression, memory, parts, target } = variable;
  return {
    name,
    value: text,
    variablesReference,
    ...(type !== undefined && { type }),
    ...(expression !== undefined && { evaluateName: expression }),
    ...(memory !== undefined && { memoryReference: hexAddress(memory) }),
    ...(parts !== undefined && parts.named > 0 && { namedVariables: parts.named }),
    ...(parts !== undefined && parts.indexed > 0 && { indexedVariables: parts.indexed }),
    ...(target === undefined && { presentationHint: { attributes: ["readOnly"] } }),
  };
}
