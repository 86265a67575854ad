import { DW_AT, DW_OP, DW_TAG } from "../dwarf/constants";
import type { Entry } from "../dwarf/entry";
import type { ExpressionContext } from "../dwarf/expression-context";
import { type LocationReader, wholeAt } from "../dwarf/location";
import { VariableLocations } from "../dwarf/variable-location";
import type { Program } from "../symbols/program";
import type { Type } from "../symbols/types/type";
import { locationOf, nowhere } from "./location";
import type { NamedValue, Value } from "./value";

/** A variable of a function that is being executed. */
export interface FrameVariable extends NamedValue {
  readonly isParameter: boolean;
  /** Whether a later one of the same name hides it, so that no expression can name it. */
  readonly isHidden: boolean;
}

/** A function that is being executed, or one inlined into it. */
export interface ExecutedFunction {
  /** Offset in `.debug_info` of its entry. */
  readonly entryOffset: number;
  /** An address within the instruction that is being executed; of a caller, within the call. */
  readonly pc: number;
  /** `present` if not given. */
  readonly presence?: FramePresence;
}

/** Whether a function has its frame on the stack: not before its first instructions, nor after its last. */
export type FramePresence = "entering" | "present" | "leaving";

const WHY_ABSENT = {
  entering: "the function is still being entered",
  leaving: "the function is returning",
} as const;

/** Blocks within blocks; deeper ones are broken. */
const DEEPEST_BLOCK = 100;

/**
 * The parameters and variables that are in scope, in the order of their declaration: of two that have one name the
 * later hides the earlier. Those that the compiler did not keep are there as well, and say so.
 */
export function frameVariables(
  program: Program,
  executed: ExecutedFunction,
  context: ExpressionContext,
): FrameVariable[] {
  const entry = program.debugInfo.entryAt(executed.entryOffset);
  if (entry === undefined) return [];
  const origin = entry.reference(DW_AT.abstract_origin);
  const found: InScope[] = [];
  collect(entry, { program, executed, context, locations: locationsOf(program), found }, 0);
  return withoutRepeats(origin === undefined ? found : withLostParameters(found, origin, program));
}

/** The variable that a name means. */
export function lookupVariable(variables: readonly FrameVariable[], name: string): Value | undefined {
  return variables.findLast((each) => each.name === name)?.value;
}

type InScope = Omit<FrameVariable, "isHidden">;

/** The compiler lists what an async function keeps as an argument and as its rebinding, both in the same memory. */
function withoutRepeats(found: readonly InScope[]): FrameVariable[] {
  const last = new Map(found.map((each) => [each.name, each]));
  return found.flatMap((each) => {
    const later = last.get(each.name)!;
    if (later === each) return { ...each, isHidden: false };
    return isSame(each.value, later.value) ? [] : { ...each, isHidden: true };
  });
}

function isSame(a: Value, b: Value): boolean {
  const [from, to] = [a.location, b.location];
  const isOnePlace = from.kind === "memory" && to.kind === "memory" && from.address === to.address;
  return isOnePlace && a.type.name === b.type.name;
}

interface Collection {
  readonly program: Program;
  readonly executed: ExecutedFunction;
  readonly context: ExpressionContext;
  readonly locations: VariableLocations;
  readonly found: InScope[];
}

function collect(owner: Entry, collection: Collection, depth: number): void {
  if (depth > DEEPEST_BLOCK) return;
  for (let more = owner.firstChild(); more; more = owner.nextSibling()) {
    if (owner.tag === DW_TAG.lexical_block) {
      if (isInside(owner, collection.executed.pc)) collect(owner.copy(), collection, depth + 1);
    } else if (owner.tag === DW_TAG.formal_parameter || owner.tag === DW_TAG.variable) {
      const variable = readVariable(owner, collection);
      if (variable !== undefined) collection.found.push(variable);
    }
  }
}

/**
 * Also the parameters that the compiler lists of the function as it was written, but not of this copy of it (DWARF 5
 * section 3.3.8), in the order of writing. Lost variables are not added: nothing tells whether they are in scope.
 */
function withLostParameters(found: readonly InScope[], origin: number, program: Program): InScope[] {
  const written = program.debugInfo.entryAt(origin);
  const parameters: InScope[] = [];
  for (let more = written?.firstChild() ?? false; more; more = written!.nextSibling()) {
    if (written!.tag !== DW_TAG.formal_parameter) continue;
    const name = written!.string(DW_AT.name);
    if (name === undefined) continue;
    const kept = found.find((each) => each.isParameter && each.name === name);
    parameters.push(kept ?? lostParameter(name, program.types.at(written!.reference(DW_AT.type))));
  }
  return [...parameters, ...found.filter((each) => !parameters.includes(each))];
}

function lostParameter(name: string, type: Type): InScope {
  const location = locationOf(wholeAt({ kind: "optimized-out" }), type.byteSize, NOTHING_KNOWN);
  return { name, isParameter: true, value: { type, location } };
}

const NOTHING_KNOWN: LocationReader = { register: () => undefined, memory: { read: () => undefined } };

/** A block without addresses has no code of its own, and is not executed. */
function isInside(block: Entry, pc: number): boolean {
  return block
    .copy()
    .ranges()
    .some(({ start, end }) => start <= pc && pc < end);
}

function readVariable(
  entry: Entry,
  { program, executed, context, locations }: Collection,
): InScope | undefined {
  // Of an inlined function's variable only the place is written here; name and type are at its origin.
  const origin = entry.reference(DW_AT.abstract_origin);
  const declared = origin === undefined ? entry : program.debugInfo.entryAt(origin);
  const name = entry.string(DW_AT.name) ?? declared?.string(DW_AT.name);
  if (name === undefined || declared === undefined) return undefined;
  const type = program.types.at(entry.reference(DW_AT.type) ?? declared.reference(DW_AT.type));
  const { presence = "present" } = executed;
  const location =
    presence !== "present" && isOnStackThroughout(entry)
      ? nowhere(WHY_ABSENT[presence])
      : locationOf(locations.locate(entry.copy(), executed.pc, context), type.byteSize, context);
  return { name, isParameter: entry.tag === DW_TAG.formal_parameter, value: { type, location } };
}

/** Operators of places that are relative to a frame: by its base, by the frame pointer r7, by the stack pointer. */
const FRAME_OPERATORS: readonly number[] = [DW_OP.fbreg, DW_OP.breg0 + 7, DW_OP.breg0 + 13];

/**
 * Whether its one place is relative to the frame, as in unoptimized code. Where a variable has a list of places
 * instead, that tells itself from where on each holds.
 */
function isOnStackThroughout(variable: Entry): boolean {
  const [operator] = variable.copy().block(DW_AT.location) ?? [];
  return operator !== undefined && FRAME_OPERATORS.includes(operator);
}

/** Location lists that were read are kept for the next stop. */
const known = new WeakMap<Program, VariableLocations>();

function locationsOf(program: Program): VariableLocations {
  let locations = known.get(program);
  if (locations === undefined) {
    locations = new VariableLocations(program.debugInfo);
    known.set(program, locations);
  }
  return locations;
}
