import { DW_AT, DW_TAG } from "../dwarf/constants";
import type { Entry } from "../dwarf/entry";
import type { ExpressionContext } from "../dwarf/expression-context";
import { VariableLocations } from "../dwarf/variable-location";
import type { Program } from "../symbols/program";
import { locationOf } from "./location";
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
}

/** Blocks within blocks; deeper ones are broken. */
const DEEPEST_BLOCK = 100;

/**
 * The parameters and variables that are in scope, in the order of their declaration: of two that have one name the
 * later hides the earlier. Those that the compiler did not keep are there as well, and say so.
 */
export function frameVariables(
  program: Program,
  { entryOffset, pc }: ExecutedFunction,
  context: ExpressionContext,
): FrameVariable[] {
  const entry = program.debugInfo.entryAt(entryOffset);
  if (entry === undefined) return [];
  const found: InScope[] = [];
  collect(entry, { program, pc, context, locations: new VariableLocations(program.debugInfo), found }, 0);
  return withoutRepeats(found);
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
  readonly pc: number;
  readonly context: ExpressionContext;
  readonly locations: VariableLocations;
  readonly found: InScope[];
}

function collect(owner: Entry, collection: Collection, depth: number): void {
  if (depth > DEEPEST_BLOCK) return;
  for (let more = owner.firstChild(); more; more = owner.nextSibling()) {
    if (owner.tag === DW_TAG.lexical_block) {
      if (isInside(owner, collection.pc)) collect(owner.copy(), collection, depth + 1);
    } else if (owner.tag === DW_TAG.formal_parameter || owner.tag === DW_TAG.variable) {
      const variable = readVariable(owner, collection);
      if (variable !== undefined) collection.found.push(variable);
    }
  }
}

/** A block without addresses has no code of its own, and is not executed. */
function isInside(block: Entry, pc: number): boolean {
  return block
    .copy()
    .ranges()
    .some(({ start, end }) => start <= pc && pc < end);
}

function readVariable(entry: Entry, { program, pc, context, locations }: Collection): InScope | undefined {
  // Of an inlined function's variable only the place is written here; name and type are at its origin.
  const origin = entry.reference(DW_AT.abstract_origin);
  const declared = origin === undefined ? entry : program.debugInfo.entryAt(origin);
  const name = entry.string(DW_AT.name) ?? declared?.string(DW_AT.name);
  if (name === undefined || declared === undefined) return undefined;
  const type = program.types.at(entry.reference(DW_AT.type) ?? declared.reference(DW_AT.type));
  const location = locations.locate(entry.copy(), pc, context);
  return {
    name,
    isParameter: entry.tag === DW_TAG.formal_parameter,
    value: { type, location: locationOf(location, type.byteSize, context) },
  };
}
