import type { LintCode, LintFinding, TextRange } from "../lints/finding";
import { LineIndex } from "../lints/line-index";
import type { FoundInText, JudgedFindings } from "../lints/linter";
import type { LiveAwait, ScopedVariable } from "../lints/live-awaits";
import { WHY_HELD } from "../lints/rules/guard-across-await";
import { largeLocalMessage } from "../lints/rules/large-local-across-await";
import { type FutureLayout, type GuardFact, keptIn, type SavedLayout } from "./layout-facts";
import { placeFutures } from "./place-futures";
import { pointsAt } from "./points-at";
import { inBytes } from "./saved-words";

/** What a build tells of one source file: plain data, which can be sent. */
export interface BuiltFile {
  readonly file: string;
  /** The text that was built; null where it is not known any more. */
  readonly builtText: string | null;
  /** The futures that begin in it. */
  readonly futures: readonly FutureLayout[];
}

/** What the build says of one `.await` that a finding is about. */
type Verdict =
  | { readonly kind: "confirmed"; readonly saved: SavedLayout }
  | { readonly kind: "refuted" }
  /** The function has changed since, or nothing calls it, or it cannot be told which await is meant. */
  | { readonly kind: "unknown" };

const GUARD_CODES: readonly LintCode[] = ["guard-across-await", "async-guard-over-unrelated-await"];
const SIZE_CODE: LintCode = "large-local-across-await";

/**
 * Lets a build judge what was found in a text. What a finding says to be kept across an await is looked for among what the
 * compiler keeps there: where it is, the build confirms; where it is at none of the awaits, the finding is gone. And what
 * the compiler keeps is looked at: guards whose types the text does not tell, and values that are large. A place in a
 * future alone is no proof that a guard is alive, for one that was dropped by hand keeps its place: so only guards are added
 * that are alive as far as the text tells. The bytes are taken either way.
 */
export function judgeFindings(found: FoundInText, built: BuiltFile): JudgedFindings {
  const points = new AwaitStates(found.text, built);
  const kept = found.findings.flatMap((each) => judged(each, found, points) ?? []);
  return { kept, added: [...addedGuards(found, points), ...addedSizes(found, points)] };
}

/** What the compiler keeps at the awaits of a text, for each instance of the function. */
class AwaitStates {
  readonly file: string;
  private readonly lines: LineIndex;
  private readonly texts: readonly string[];
  private readonly placed;

  constructor(text: string, { file, builtText, futures }: BuiltFile) {
    this.file = file;
    this.lines = new LineIndex(text);
    this.texts = text.split(/\r?\n/);
    const builtLines = builtText === text ? this.texts : (builtText?.split(/\r?\n/) ?? null);
    this.placed = placeFutures({ futures }, { file, lines: this.texts, builtLines });
  }

  /** What is kept at an await, once per instance; undefined where that is not known. */
  at(offset: number): readonly (readonly SavedLayout[])[] | undefined {
    const { line, column } = this.lines.position(offset);
    const text = this.texts[line] ?? "";
    // A macro that awaits is one of its crate, where it is defined: what is awaited beside it is something else.
    if (!/^await\b/.test(text.slice(column))) return undefined;
    const points = pointsAt(this.placed, text, { line: line + 1, column });
    const functions = new Set(points.map(({ future }) => `${future.name} ${future.place?.line}`));
    return functions.size === 1 ? points.map(({ state }) => keptIn(state)) : undefined;
  }
}

function judged(
  finding: LintFinding,
  { largeLocal }: FoundInText,
  points: AwaitStates,
): LintFinding | undefined {
  const { code, facts } = finding;
  const isGuard = GUARD_CODES.includes(code);
  if (facts === undefined || facts.awaits.length === 0 || !(isGuard || code === SIZE_CODE)) return finding;
  const judge = isGuard ? guardVerdict : (saved: SavedLayout[]) => sizeVerdict(saved, largeLocal);
  const verdicts = facts.awaits.map((at) => verdictAt(points.at(at), facts.variable, judge));
  const refuted = new Set(facts.awaits.filter((_, i) => verdicts[i]?.kind === "refuted"));
  if (refuted.size === facts.awaits.length) return undefined;
  const confirmed = verdicts.find((each) => each.kind === "confirmed");
  return {
    ...finding,
    message:
      confirmed === undefined ? finding.message : `${finding.message} (${confirmedWords(confirmed.saved)})`,
    related: finding.related.filter(({ start }) => !refuted.has(start)),
    facts: { ...facts, awaits: facts.awaits.filter((at) => !refuted.has(at)) },
  };
}

function confirmedWords({ bytes }: SavedLayout): string {
  return `confirmed by the build, which keeps ${inBytes(bytes)} for it`;
}

/** In one instance of a generic function a value may be kept that is not in another: then the finding stands. */
function verdictAt(
  instances: readonly (readonly SavedLayout[])[] | undefined,
  variable: string | undefined,
  judge: (saved: SavedLayout[]) => Verdict,
): Verdict {
  if (instances === undefined) return { kind: "unknown" };
  const verdicts = instances.map((saved) =>
    judge(
      saved.filter(({ name, role }) =>
        variable === undefined ? role === "temporary" : name === variable && role !== "awaitee",
      ),
    ),
  );
  return (
    verdicts.find(({ kind }) => kind === "confirmed") ??
    verdicts.find(({ kind }) => kind === "unknown") ?? { kind: "refuted" }
  );
}

function guardVerdict(saved: readonly SavedLayout[]): Verdict {
  const guard = saved.find(({ guards }) => guards.length > 0);
  if (guard !== undefined) return { kind: "confirmed", saved: guard };
  // A guard of a library that is not known here, or a reference to one.
  return saved.some(({ type }) => /Guard|\bRef(?:Mut)?</.test(type))
    ? { kind: "unknown" }
    : { kind: "refuted" };
}

function sizeVerdict(saved: readonly SavedLayout[], largeLocal: number): Verdict {
  const large = saved.find(({ bytes }) => bytes >= largeLocal);
  return large === undefined ? { kind: "refuted" } : { kind: "confirmed", saved: large };
}

/** A variable with what the build keeps for it, and the awaits that it is kept across. */
interface KeptVariable {
  readonly variable: ScopedVariable;
  readonly saved: SavedLayout;
  readonly awaits: LiveAwait[];
}

function addedGuards(found: FoundInText, points: AwaitStates): LintFinding[] {
  const code: LintCode = "guard-across-await";
  const severity = found.severityOf(code);
  if (severity === undefined) return [];
  return keptVariables(found, points, (saved, { isAlive }) => isAlive && blockingGuard(saved) !== undefined)
    .filter((kept) => !isFound(found, GUARD_CODES, kept))
    .map((kept) => {
      const { variable, saved } = kept;
      const guard = blockingGuard(saved)!;
      const why = WHY_HELD[/::Ref(?:Mut)?$/.test(guard.type) ? "borrow" : "blocking"];
      const holds = saved.type.startsWith(guard.type) ? "is" : "has";
      const within = holds === "is" ? " and" : " in it, which";
      return addedFinding({
        code,
        severity,
        message: `\`${variable.name}\` ${holds} a ${guard.type}${within} is held across an await: ${why} (told by the build)`,
        file: points.file,
        ...kept,
      });
    });
}

/** A guard that is there whenever the value is: an option may have been emptied before the await. */
function blockingGuard({ guards }: SavedLayout): GuardFact | undefined {
  return guards.find(({ isBlocking, isOptional }) => isBlocking && !isOptional);
}

function addedSizes(found: FoundInText, points: AwaitStates): LintFinding[] {
  const severity = found.severityOf(SIZE_CODE);
  if (severity === undefined) return [];
  return keptVariables(found, points, ({ bytes }) => bytes >= found.largeLocal)
    .filter((kept) => !isFound(found, [SIZE_CODE], kept))
    .map((kept) =>
      addedFinding({
        code: SIZE_CODE,
        severity,
        message: `${largeLocalMessage(kept.variable.name, `${kept.saved.bytes} bytes`)} (told by the build)`,
        file: points.file,
        ...kept,
      }),
    );
}

/** Variables in scope at awaits, of those that the build keeps there in a way that is asked for. */
function keptVariables(
  { awaits }: FoundInText,
  points: AwaitStates,
  isWanted: (saved: SavedLayout, variable: ScopedVariable) => boolean,
): KeptVariable[] {
  const found = new Map<number, KeptVariable>();
  for (const each of awaits) {
    const instances = points.at(each.start)?.flat() ?? [];
    for (const variable of instances.length === 0 ? [] : each.variables) {
      // Where one variable hides another of its name, nothing tells which of them is kept.
      if (each.variables.filter(({ name }) => name === variable.name).length > 1) continue;
      const saved = instances.find(
        (one) => one.role === "variable" && one.name === variable.name && isWanted(one, variable),
      );
      if (saved === undefined) continue;
      const kept = found.get(variable.start);
      if (kept === undefined) found.set(variable.start, { variable, saved, awaits: [each] });
      else kept.awaits.push(each);
    }
  }
  return [...found.values()];
}

/** Whether the text alone has told it: of the same variable, at an await of these. */
function isFound(
  { findings }: FoundInText,
  codes: readonly LintCode[],
  { variable, awaits }: KeptVariable,
): boolean {
  return findings.some(
    ({ code, facts }) =>
      codes.includes(code) &&
      facts?.variable === variable.name &&
      awaits.some(({ start }) => facts.awaits.includes(start)),
  );
}

interface Added extends KeptVariable, Pick<LintFinding, "code" | "severity" | "message"> {
  readonly file: string;
}

function addedFinding({ code, severity, message, file, variable, saved, awaits }: Added): LintFinding {
  const range = ({ start, end }: TextRange) => ({ start, end });
  return {
    code,
    severity,
    message,
    ...range(variable),
    related: awaits.map((each) => ({ ...range(each), file, message: "the task may be parked here" })),
    fixes: [],
    facts: {
      function: awaits[0]?.function ?? "",
      awaits: awaits.map(({ start }) => start),
      variable: variable.name,
      bytes: saved.bytes,
    },
  };
}
