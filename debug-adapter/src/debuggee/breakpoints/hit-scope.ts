import { address } from "../../base/brand";
import type { Program } from "../../symbols/program";
import { Register } from "../../target/architecture";
import type { TracepointHit } from "../../target/target";
import type { ExpressionScope } from "../../values/expression/evaluate";
import { type FrameVariable, frameVariables, lookupVariable } from "../../values/frame-variables";
import { ValueReader } from "../../values/reader";
import type { SymbolLookup } from "../../values/symbol-lookup";
import type { Value } from "../../values/value";
import { framePresence } from "../frame-presence";
import { frameAt } from "../stepping/hit-frame";
import type { ProgramCode } from "../stepping/program-code";

/** What the conditions and messages of breakpoints are evaluated with. */
export interface HitEvaluation {
  readonly reader: ValueReader;
  readonly scope: ExpressionScope;
}

/** Lets expressions be evaluated in the middle of a run. */
export class HitScopes {
  constructor(
    private readonly program: Program,
    private readonly code: ProgramCode,
    private readonly symbols: SymbolLookup,
  ) {}

  /** For the innermost function at a hit. Its variables are looked at only if an expression names one. */
  at(hit: TracepointHit): HitEvaluation {
    let variables: readonly FrameVariable[] | undefined;
    const lookup = (name: string): Value | undefined => {
      variables ??= this.variablesAt(hit);
      return lookupVariable(variables, name);
    };
    return { reader: new ValueReader(hit.memory, this.symbols), scope: { lookup } };
  }

  private variablesAt(hit: TracepointHit): readonly FrameVariable[] {
    const pc = hit.register(Register.pc);
    const scope = this.code.rows.scopeAt(address(pc));
    if (scope === undefined) return [];
    const machine = frameAt(hit, this.code.unwinder);
    const presence = framePresence({ machine, isInlined: scope.parent !== undefined }, this.program);
    return frameVariables(this.program, { entryOffset: scope.entryOffset, pc, presence }, machine);
  }
}
