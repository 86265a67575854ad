import { type FutureLayout, type LayoutFacts, type StateLayout, suspendPoints } from "./layout-facts";

/** The futures of a program, or of one of its files. */
export type SomeFutures = Pick<LayoutFacts, "futures">;

/** The text of a source file as it is now, and what is known of the text that the program was built from. */
export interface SourceText {
  /** Its path, as the facts have it. */
  readonly file: string;
  readonly lines: readonly string[];
  /** The lines that the program was built from; null where they are not known. The same array if nothing changed. */
  readonly builtLines: readonly string[] | null;
}

/** A text that a program was built from, taken apart once: its lines, and where functions begin. */
export interface BuiltSource {
  readonly text: string;
  readonly lines: readonly string[];
}

export function builtSource(text: string): BuiltSource {
  const lines = text.split("\n");
  headLines(lines);
  return { text, lines };
}

/**
 * A text that may be another than the one that was built. Line ends do not matter to rustc.
 * @param built undefined where it is not known
 */
export function sourceText(file: string, text: string, built: BuiltSource | undefined): SourceText {
  if (built === undefined) return { file, lines: text.split("\n"), builtLines: null };
  if (built.text === text) return { file, lines: built.lines, builtLines: built.lines };
  const { lines } = builtSource(text);
  const isSameText =
    built.lines.length === lines.length &&
    built.lines.every((line, i) => withoutReturn(line) === withoutReturn(lines[i]!));
  return { file, lines, builtLines: isSameText ? lines : built.lines };
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

/** The layouts of a source file, at the lines of its present text. */
export interface PlacedLayouts {
  readonly functions: readonly PlacedFunction[];
  /** The suspend points whose `.await` stands on a line, counted from 1. */
  readonly pointsOn: (line: number) => readonly PlacedPoint[];
}

/** An async fn, with each of its instances. */
export interface PlacedFunction {
  readonly name: string;
  /** The line with its `fn`, from 1. */
  readonly line: number;
  readonly instances: readonly FutureLayout[];
  /** Whether its text is the one that was built. */
  readonly isCurrent: boolean;
}

/** A suspend point whose `.await` is as it was built. */
export interface PlacedPoint {
  /** The line of the `.await`, from 1. */
  readonly line: number;
  readonly future: FutureLayout;
  readonly state: StateLayout;
}

/** Attributes, comments and what else stands between the first line of an item and its `fn`. */
const MOST_LINES_BEFORE_FN = 40;

/**
 * Finds the functions of the facts in a text that may have changed since it was built. A function is placed where its
 * name stands, and only if that is certain; a suspend point only where the whole function is as it was built.
 */
export function placeFutures({ futures }: SomeFutures, text: SourceText): PlacedLayouts {
  const inFile = futures.filter(({ place }) => place?.file === text.file);
  const groups = sameFunctions(inFile);
  const built = text.builtLines === null ? builtHeads(groups) : headLines(text.builtLines);
  const heads = { now: headLines(text.lines), built };
  const placed = groups.flatMap((instances) => placeFunction(instances, text, heads) ?? []);
  const functions = placed.map((each) => each.function).sort((a, b) => a.line - b.line);
  const unchanged = placed.filter((each) => each.function.isCurrent);
  let points: ReadonlyMap<number, readonly BuiltPoint[]> | undefined;
  const pointsOn = (line: number) => {
    if (!/\.\s*await\b/.test(text.lines[line - 1] ?? "")) return [];
    points ??= pointsByLine(inFile, text.file);
    const builtLine = text.builtLines === text.lines ? line : lineThen(line, unchanged);
    const found = builtLine === undefined ? undefined : points.get(builtLine);
    return (found ?? []).map((each) => ({ ...each, line }));
  };
  return { functions, pointsOn };
}

type BuiltPoint = Omit<PlacedPoint, "line">;

/** A point inside a macro is at the macro's definition, where nothing is awaited in the end. */
function pointsByLine(
  futures: readonly FutureLayout[],
  file: string,
): ReadonlyMap<number, readonly BuiltPoint[]> {
  const found = new Map<number, BuiltPoint[]>();
  for (const future of futures) {
    for (const state of suspendPoints(future)) {
      if (state.place?.file !== file) continue;
      const same = found.get(state.place.line);
      if (same === undefined) found.set(state.place.line, [{ future, state }]);
      else same.push({ future, state });
    }
  }
  return found;
}

/** Where a line of a function that has only moved was when it was built. */
function lineThen(line: number, unchanged: readonly Placed[]): number | undefined {
  const around = unchanged.find(({ span, shift }) => span.first <= line - shift && line - shift <= span.last);
  return around && line - around.shift;
}

/** Instances of one function: they have one name and begin on one line. */
function sameFunctions(futures: readonly FutureLayout[]): FutureLayout[][] {
  const found = new Map<string, FutureLayout[]>();
  for (const each of futures) {
    if (each.kind !== "fn") continue;
    const key = `${each.place!.line} ${simpleName(each)}`;
    found.set(key, [...(found.get(key) ?? []), each]);
  }
  return [...found.values()];
}

interface Placed {
  readonly function: PlacedFunction;
  /** Its lines as they were built. */
  readonly span: Span;
  /** How many lines further down it is now. */
  readonly shift: number;
}

interface Span {
  readonly first: number;
  readonly last: number;
}

function placeFunction(
  instances: readonly FutureLayout[],
  text: SourceText,
  heads: { readonly now: HeadLines; readonly built: HeadLines },
): Placed | undefined {
  const { lines, builtLines } = text;
  const [future] = instances;
  if (future === undefined) return undefined;
  const name = simpleName(future);
  const first = future.place!.line;
  const span = { first, last: Math.max(...instances.map((each) => lastLine(each))) };
  if (builtLines === lines) {
    const line = headLine(lines, first, name);
    return line === undefined
      ? undefined
      : { function: { name, line, instances, isCurrent: true }, span, shift: 0 };
  }
  const builtHead = builtLines === null ? undefined : headLine(builtLines, first, name);
  const candidates = heads.now.get(name) ?? [];
  // The only one of its name is the same, unless it was one of several.
  const isOnly = candidates.length === 1 && (heads.built.get(name)?.length ?? 0) <= 1;
  const line = isOnly ? candidates[0] : sameText(candidates, text, { span, builtHead });
  if (line === undefined) return undefined;
  const shift = builtHead === undefined ? 0 : line - builtHead;
  const isCurrent = builtLines !== null && builtHead !== undefined && isSame(lines, builtLines, span, shift);
  return { function: { name, line, instances, isCurrent }, span, shift };
}

/** The debug info names the first line of the item where a macro has made the function, else that of its `fn`. */
function headLine(lines: readonly string[], first: number, name: string): number | undefined {
  const head = headOf(name);
  for (let line = first; line < first + MOST_LINES_BEFORE_FN; line++) {
    const text = lines[line - 1];
    if (text === undefined) return undefined;
    if (head.test(text)) return line;
    if (!isBeforeFn(text)) return undefined;
  }
  return undefined;
}

/** Attributes, over several lines too, and comments; anything else ends the search. */
function isBeforeFn(text: string): boolean {
  return /^\s*(?:#|\/\/)/.test(text) || !/\bfn\b|[{};]/.test(text);
}

/** The lines on which functions begin, by their names. */
type HeadLines = ReadonlyMap<string, readonly number[]>;

function headLines(lines: readonly string[]): HeadLines {
  let heads = headsOf.get(lines);
  if (heads === undefined) {
    heads = findHeads(lines);
    headsOf.set(lines, heads);
  }
  return heads;
}

/** The text that was built is looked at again whenever the present one has changed. */
const headsOf = new WeakMap<readonly string[], HeadLines>();

function findHeads(lines: readonly string[]): HeadLines {
  const found = new Map<string, number[]>();
  for (const [i, text] of lines.entries()) {
    if (!text.includes("fn")) continue;
    const name = /^[^/"]*\bfn\s+(?:r#)?(\w+)/.exec(text)?.[1];
    if (name === undefined) continue;
    const same = found.get(name);
    if (same === undefined) found.set(name, [i + 1]);
    else same.push(i + 1);
  }
  return found;
}

/** Where the built text is not known, the functions that have a layout are those that are known to have been there. */
function builtHeads(functions: readonly (readonly FutureLayout[])[]): HeadLines {
  const found = new Map<string, number[]>();
  for (const [future] of functions) {
    if (future === undefined) continue;
    const name = simpleName(future);
    found.set(name, [...(found.get(name) ?? []), future.place!.line]);
  }
  return found;
}

/** Of several functions of a name, the only one whose text is as it was built. */
function sameText(
  candidates: readonly number[],
  { lines, builtLines }: SourceText,
  { span, builtHead }: { readonly span: Span; readonly builtHead: number | undefined },
): number | undefined {
  if (builtHead === undefined || builtLines === null) return undefined;
  const found = candidates.filter((line) => isSame(lines, builtLines, span, line - builtHead));
  return found.length === 1 ? found[0] : undefined;
}

function isSame(
  lines: readonly string[],
  builtLines: readonly string[],
  { first, last }: Span,
  shift: number,
): boolean {
  for (let line = first; line <= last; line++) {
    const built = builtLines[line - 1];
    const now = lines[line + shift - 1];
    if (built === undefined || (built !== now && built.trimEnd() !== now?.trimEnd())) return false;
  }
  return true;
}

function headOf(name: string): RegExp {
  return new RegExp(`^[^/"]*\\bfn\\s+(?:r#)?${name}\\b`);
}

/** The last line that is known to be of the function: its end, or else its last suspend point. */
function lastLine(future: FutureLayout): number {
  const inFile = future.states.flatMap(({ place }) =>
    place?.file === future.place!.file ? [place.line] : [],
  );
  return Math.max(future.place!.line, future.endLine ?? 0, ...inFile);
}

/** The name of a function without what it is in. */
function simpleName({ name }: FutureLayout): string {
  return /([A-Za-z_]\w*)$/.exec(name)?.[1] ?? name;
}
