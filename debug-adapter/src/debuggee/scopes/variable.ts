import type { RegisterNumber } from "../../target/architecture";
import type { Value } from "../../values/value";

/** A line in a list of variables. */
export interface Variable {
  readonly name: string;
  /** Its value on one line, or why there is none. */
  readonly text: string;
  readonly type: string | undefined;
  /** What to evaluate in the same scope to get it again; undefined if nothing does. */
  readonly expression: string | undefined;
  /** Where somebody who wants to see its memory looks: where a pointer points to, else where it is. */
  readonly memory: number | undefined;
  /** The bytes that hold it; undefined for what is not whole in memory. */
  readonly bytes: { readonly address: number; readonly count: number } | undefined;
  /** Undefined if it has none. */
  readonly parts: VariableList | undefined;
  /** What a user who changes it changes; undefined if that cannot be. */
  readonly target: AssignmentTarget | undefined;
}

export type AssignmentTarget =
  | { readonly kind: "value"; readonly value: Value }
  /** A variable that a register holds: its other bits go with its type. */
  | { readonly kind: "held"; readonly value: Value; readonly register: RegisterNumber }
  | { readonly kind: "register"; readonly register: RegisterNumber };

/** Variables that are made when they are asked for. */
export interface VariableList {
  /** How many elements there are, to be asked for page by page. */
  readonly indexed: number;
  /** How many there are besides. */
  readonly named: number;
  namedVariables(): readonly Variable[] | Promise<readonly Variable[]>;
  /** Elements from `start` on, at most `count`. */
  elements(start: number, count: number): readonly Variable[];
}

/** A list of variables without elements. */
export function listOf(count: number, make: VariableList["namedVariables"]): VariableList {
  return { indexed: 0, named: count, namedVariables: make, elements: () => [] };
}

/** A fact that is no value of the program. */
export function fact(name: string, text: string): Variable {
  return {
    name,
    text,
    type: undefined,
    expression: undefined,
    memory: undefined,
    bytes: undefined,
    parts: undefined,
    target: undefined,
  };
}
