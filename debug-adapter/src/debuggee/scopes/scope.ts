import { type ExpressionScope, NO_SCOPE } from "../../values/expression/evaluate";
import { CoreFrame } from "../core-frame";
import type { Inspection } from "../inspection";
import type { StackFrame } from "../stacks/stack-frame";
import { awaitScopes, SavedScope } from "./await-scopes";
import { machineScopes } from "./machine-scopes";
import type { VariableList } from "./variable";

/** Variables of a frame that belong together. */
export interface Scope {
  readonly name: string;
  readonly kind: "arguments" | "locals" | "statics" | "registers" | "future" | "state-machine" | "task";
  readonly variables: VariableList;
}

/** A frame with what its expressions may name. */
export interface ScopedFrame {
  readonly frame: StackFrame;
  readonly names: ExpressionScope;
  /** The variables that have a name, for completions. */
  variableNames(): readonly string[];
  scopes(): readonly Scope[];
}

/** What a frame holds, read when it is asked for. */
export function scopedFrame(inspection: Inspection, frame: StackFrame): ScopedFrame {
  switch (frame.kind) {
    case "machine": {
      const { machine } = frame.frame;
      const isInnermost = inspection.backtrace.frames[0]?.machine === machine;
      const core = new CoreFrame(frame.frame, inspection.debuggee.firmware.program, isInnermost);
      return {
        frame,
        names: core,
        variableNames: () => core.variables.map(({ name }) => name),
        scopes: () => machineScopes(inspection, frame, core),
      };
    }
    case "await": {
      const names = new SavedScope(frame.node.locals);
      return {
        frame,
        names,
        variableNames: () => names.names,
        scopes: () => awaitScopes(inspection, frame, names),
      };
    }
    case "label":
      return { frame, names: NO_SCOPE, variableNames: () => [], scopes: () => [] };
  }
}
