import { evaluateCondition } from "../../values/expression/evaluate";
import type { Expression } from "../../values/expression/syntax";
import type { BreakpointFilter } from "./breakpoint";
import { type HitCondition, parseHitCondition } from "./hit-condition";
import type { HitEvaluation } from "./hit-scope";
import { LogMessage, parsed } from "./log-message";

/** What a hit comes to. */
export type HitVerdict =
  | { readonly kind: "pass" }
  /** `event` says what is not plain from the breakpoint. */
  | { readonly kind: "stop"; readonly event?: string }
  | { readonly kind: "log"; readonly text: string };

/** Decides which hits of a breakpoint stop the debuggee: its condition, then the count of hits where it held. */
export class HitFilter {
  private count = 0;

  private constructor(
    private readonly condition: { readonly text: string; readonly expression: Expression } | undefined,
    private readonly hitCondition: HitCondition | undefined,
    private readonly log: LogMessage | undefined,
  ) {}

  /** A sentence if some of it cannot be understood. */
  static parse({ condition, hitCondition, logMessage }: BreakpointFilter): HitFilter | string {
    const expression = isGiven(condition) ? parsed(condition) : undefined;
    if (typeof expression === "string") return expression;
    const counts = isGiven(hitCondition) ? parseHitCondition(hitCondition) : undefined;
    if (typeof counts === "string") return counts;
    const log = isGiven(logMessage) ? LogMessage.parse(logMessage) : undefined;
    if (typeof log === "string") return log;
    return new HitFilter(expression && { text: condition!.trim(), expression }, counts, log);
  }

  /** Whether it says something instead of stopping. */
  get isLogPoint(): boolean {
    return this.log !== undefined;
  }

  /** Judges a hit. `evaluation` is asked for only if there is something to evaluate. */
  judge(evaluation: () => HitEvaluation): HitVerdict {
    const { condition } = this;
    if (condition !== undefined) {
      const { reader, scope } = evaluation();
      const result = evaluateCondition(condition.expression, reader, scope);
      if (result.kind === "error") {
        return { kind: "stop", event: `the condition \`${condition.text}\` failed: ${result.message}` };
      }
      if (!result.value) return PASS;
    }
    this.count++;
    if (this.hitCondition?.(this.count) === false) return PASS;
    return this.log === undefined ? STOP : { kind: "log", text: this.log.text(evaluation()) };
  }
}

const PASS: HitVerdict = { kind: "pass" };
const STOP: HitVerdict = { kind: "stop" };

/** An editor may send "" for what the user has left empty. */
function isGiven(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== "";
}
