import type { SyntaxNode } from "../syntax/node";
import { OPTION, RESULT, type Type, UNKNOWN, argument, isPath } from "../semantics/type";
import type { Frame } from "./frame";

export interface Binding {
  /** References are bound instead of values: the scrutinee is one, or the pattern says `ref`. */
  readonly isByReference: boolean;
  /** What the variables are made of. */
  readonly made: SyntaxNode | undefined;
}

/** Declares the variables of a pattern. True if one of them takes over a part that holds a guard. */
export function bindPattern(frame: Frame, pattern: SyntaxNode, type: Type, how: Binding): boolean {
  if (type.kind === "ref" && pattern.kind !== "reference_pattern" && hasParts(pattern)) {
    return bindPattern(frame, pattern, type.to, { ...how, isByReference: true });
  }
  switch (pattern.kind) {
    case "identifier":
      return bindName(frame, pattern, type, how);
    case "mut_pattern":
    case "or_pattern":
      return bindAll(frame, pattern.parts, () => type, how);
    case "match_pattern":
      return bindAll(frame, pattern.children.slice(0, 1), () => type, how);
    case "ref_pattern":
      return bindAll(frame, pattern.parts, () => type, { ...how, isByReference: true });
    case "reference_pattern":
      return bindAll(frame, pattern.parts, () => (type.kind === "ref" ? type.to : UNKNOWN), how);
    case "captured_pattern":
      return bindAll(frame, pattern.parts, () => type, how);
    case "tuple_pattern": {
      const items = type.kind === "tuple" ? type.items : [];
      return bindAll(frame, elements(pattern), (i) => items[i] ?? UNKNOWN, how);
    }
    case "slice_pattern": {
      const of = type.kind === "array" || type.kind === "slice" ? type.of : UNKNOWN;
      return bindAll(frame, elements(pattern), () => of, how);
    }
    case "tuple_struct_pattern":
      return bindTupleStruct(frame, pattern, type, how);
    case "struct_pattern":
      return bindStruct(frame, pattern, type, how);
    default:
      return false;
  }
}

function hasParts(pattern: SyntaxNode): boolean {
  return pattern.kind !== "identifier" && pattern.kind !== "mut_pattern" && pattern.kind !== "ref_pattern";
}

/** Children of a tuple or slice; `..` and `_` count, since what follows them has its own place. */
function elements(pattern: SyntaxNode): SyntaxNode[] {
  return pattern.children.filter(({ kind, field }) => !/^[()[\],|]$/.test(kind) && field !== "type");
}

function bindAll(
  frame: Frame,
  patterns: readonly SyntaxNode[],
  typeOf: (index: number) => Type,
  how: Binding,
): boolean {
  let takes = false;
  patterns.forEach((each, index) => {
    if (bindPattern(frame, each, typeOf(index), how)) takes = true;
  });
  return takes;
}

function bindName(frame: Frame, pattern: SyntaxNode, type: Type, { isByReference, made }: Binding): boolean {
  const name = pattern.text;
  // A constant, or a variant without fields; variables are written small.
  if (/^[A-Z]/.test(name)) return false;
  const bound: Type = isByReference ? { kind: "ref", to: type, isMutable: false } : type;
  frame.declare(pattern, name, bound, "variable", made);
  return !isByReference && frame.holdsGuard(type);
}

function bindTupleStruct(frame: Frame, pattern: SyntaxNode, type: Type, how: Binding): boolean {
  const path = frame.names.resolve(pattern.child("type")?.text ?? "") ?? "";
  const parts = elements(pattern);
  if (isPath(type, OPTION) || isPath(type, RESULT)) {
    const index = path === `${RESULT}::Err` ? 1 : 0;
    return bindAll(frame, parts, () => argument(type, index), how);
  }
  const args = type.kind === "path" ? type.args : [];
  const variant = frame.names.variantTypes(path, args);
  return bindAll(frame, parts, (i) => variant?.get(String(i)) ?? frame.names.fieldType(type, String(i)), how);
}

function bindStruct(frame: Frame, pattern: SyntaxNode, type: Type, how: Binding): boolean {
  const path = frame.names.resolve(pattern.child("type")?.text ?? "") ?? "";
  const variant = frame.names.variantTypes(path, type.kind === "path" ? type.args : []);
  let takes = false;
  for (const field of pattern.children) {
    if (field.kind !== "field_pattern") continue;
    const name = field.child("name");
    if (name === undefined) continue;
    const inner = field.child("pattern");
    const fieldType = variant?.get(name.text) ?? frame.names.fieldType(type, name.text);
    const isByReference = how.isByReference || field.has("ref");
    const binding = { ...how, isByReference };
    if (
      inner === undefined
        ? bindName(frame, name, fieldType, binding)
        : bindPattern(frame, inner, fieldType, binding)
    ) {
      takes = true;
    }
  }
  return takes;
}

/** Whether what the pattern matches has no guard in it: `None`, `Err(_)`, where the other variant has it. */
export function rulesOutGuard(frame: Frame, pattern: SyntaxNode, type: Type): boolean {
  const inner = alternatives(pattern);
  return inner.length > 0 && inner.every((each) => isEmptyVariant(frame, each, type));
}

function isEmptyVariant(frame: Frame, pattern: SyntaxNode, type: Type): boolean {
  const path = frame.names.resolve(
    pattern.kind === "tuple_struct_pattern" ? (pattern.child("type")?.text ?? "") : pattern.text,
  );
  if (path === `${OPTION}::None`) return true;
  return path === `${RESULT}::Err` && isPath(type, RESULT) && !frame.holdsGuard(argument(type, 1));
}

/** Whether what the pattern does not match has no guard in it: it takes every `Some`, or every `Ok`. */
export function takesAllGuards(frame: Frame, pattern: SyntaxNode, type: Type): boolean {
  return alternatives(pattern).some((each) => {
    if (each.kind !== "tuple_struct_pattern") return false;
    const path = frame.names.resolve(each.child("type")?.text ?? "");
    const isFull =
      path === `${OPTION}::Some` ||
      (path === `${RESULT}::Ok` && isPath(type, RESULT) && !frame.holdsGuard(argument(type, 1)));
    return isFull && elements(each).every(({ kind }) => IRREFUTABLE.has(kind));
  });
}

const IRREFUTABLE = new Set(["identifier", "mut_pattern", "ref_pattern", "_"]);

function alternatives(pattern: SyntaxNode): SyntaxNode[] {
  if (pattern.kind === "or_pattern") return pattern.parts.flatMap(alternatives);
  if (pattern.kind === "match_pattern") {
    const [first] = pattern.children;
    return first === undefined ? [] : alternatives(first);
  }
  return [pattern];
}
