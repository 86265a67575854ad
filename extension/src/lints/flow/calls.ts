import type { SyntaxNode } from "../syntax/node";
import { guardType, guarded, lockedBy } from "../semantics/locks";
import { OPTION, RESULT, type Type, UNKNOWN, isPath, pathType, peeled, pointee } from "../semantics/type";
import type { CallSite } from "./body";
import { ITERATOR, elementOf } from "./control";
import type { Frame, Operand } from "./frame";
import { type MethodResult, futureMethod, libraryCall, optionMethod } from "./known-calls";

/** `f(…)`, `Type::f(…)`, `value.f(…)`. */
export function callExpression(frame: Frame, node: SyntaxNode): Operand {
  let callee = node.child("function");
  const args = node.child("arguments")?.parts ?? [];
  const generic = callee?.kind === "generic_function" ? callee : undefined;
  if (generic !== undefined) callee = generic.child("function");
  if (callee?.kind === "field_expression" && callee.child("field")?.kind === "field_identifier") {
    return methodCall(frame, node, callee, args);
  }
  if (callee?.kind !== "identifier" && callee?.kind !== "scoped_identifier") {
    if (callee !== undefined) frame.borrow(frame.evaluate(callee));
    moveAll(frame, args);
    return { node, type: UNKNOWN, from: "value" };
  }
  return pathCall(frame, node, callee, args);
}

function pathCall(frame: Frame, node: SyntaxNode, callee: SyntaxNode, args: readonly SyntaxNode[]): Operand {
  const variable = callee.kind === "identifier" ? frame.lookup(callee.text) : undefined;
  if (variable !== undefined) frame.use(variable, callee, "borrow");
  const path = variable === undefined ? frame.names.resolve(pathText(callee)) : undefined;
  const argTypes = moveAll(frame, args);
  const type = path === undefined ? UNKNOWN : returned(frame, path, argTypes);
  note(frame, {
    node,
    nameNode: callee,
    path,
    method: undefined,
    receiver: undefined,
    args,
    argTypes,
    result: type,
  });
  return { node, type, from: "value" };
}

/** Without type arguments: `Mutex::<NoopRawMutex, _>::new`. */
function pathText(callee: SyntaxNode): string {
  return callee.text.replaceAll(/::\s*<[^()]*>/g, "").replace(/^<(\w+)>/, "$1");
}

function returned(frame: Frame, path: string, args: readonly Type[]): Type {
  const library = libraryCall(path, args);
  if (library !== undefined) return library;
  const found = frame.names.freeFunction(path);
  if (found !== undefined) {
    const self = found.owner === undefined ? undefined : frame.names.type(found.owner.name);
    return frame.names.returnType(found, self);
  }
  const [owner, name] = path.replace(/^crate::/, "").split("::");
  // A tuple struct, or a variant of an enum.
  if (path.startsWith("crate::") && owner !== undefined && (name === undefined || /^[A-Z]/.test(name))) {
    const type = frame.names.type(owner);
    return frame.names.memberTypes(type).length > 0 ? type : UNKNOWN;
  }
  return UNKNOWN;
}

function moveAll(frame: Frame, args: readonly SyntaxNode[]): Type[] {
  return args.map((each) => {
    const operand = frame.evaluate(each);
    frame.move(operand);
    return operand.type;
  });
}

function methodCall(
  frame: Frame,
  node: SyntaxNode,
  callee: SyntaxNode,
  args: readonly SyntaxNode[],
): Operand {
  const receiver = frame.evaluate(callee.child("value"));
  const nameNode = callee.child("field")!;
  const name = nameNode.text;
  const result = methodResult(frame, receiver, name, args.length);
  if (result.takesReceiver) takeReceiver(frame, receiver, name);
  else frame.borrow(receiver);
  const argTypes = moveAll(frame, args);
  note(frame, {
    node,
    nameNode,
    path: undefined,
    method: name,
    receiver: peeled(receiver.type),
    args,
    argTypes,
    result: result.type,
  });
  const refersTo = result.isReference === true && receiver.from === "variable" ? receiver.id : undefined;
  return { node, type: result.type, from: "value", refersTo };
}

/** `guard.take()` leaves the variable behind, empty; other methods take it with them. */
function takeReceiver(frame: Frame, receiver: Operand, name: string): void {
  if (name !== "take") {
    frame.move(receiver);
    return;
  }
  if (receiver.id !== undefined) frame.use(receiver.id, receiver.node, "borrow");
  if (receiver.from === "variable") frame.kill(receiver.id);
  if (receiver.refersTo !== undefined) frame.kill(receiver.refersTo);
}

/** Looks for the method as Rust does: at the type, then behind each reference, smart pointer and guard. */
function methodResult(frame: Frame, receiver: Operand, name: string, args: number): MethodResult {
  let type = receiver.type;
  for (let steps = 0; steps < 10; steps++) {
    const found = methodOf(frame, type, { name, args, isDirect: steps === 0 });
    if (found !== undefined) return found;
    const next = pointee(type) ?? guarded(type);
    if (next === undefined) break;
    type = next;
  }
  return { type: UNKNOWN, takesReceiver: takesByDefault(frame, receiver.type) };
}

interface MethodName {
  readonly name: string;
  readonly args: number;
  readonly isDirect: boolean;
}

function methodOf(frame: Frame, type: Type, { name, args, isDirect }: MethodName): MethodResult | undefined {
  const isCellBorrow = isPath(type, "std::cell::RefCell") && args > 0;
  const locked = isCellBorrow ? undefined : lockedBy(type, name);
  if (locked !== undefined) return { type: locked, takesReceiver: false };
  if (
    name === "borrow" &&
    args === 1 &&
    (isPath(type, "critical_section::Mutex") || isPath(type, "cortex_m::interrupt::Mutex"))
  ) {
    return {
      type: { kind: "ref", to: type.kind === "path" ? (type.args[0] ?? UNKNOWN) : UNKNOWN, isMutable: false },
      takesReceiver: false,
    };
  }
  const option = optionMethod(type, name, isDirect);
  if (option !== undefined) return option;
  const future = futureMethod(type, name);
  if (future !== undefined) return { type: future, takesReceiver: false };
  if (name === "into_inner" && (isPath(type, "std::sync::PoisonError") || isPath(type, RESULT))) {
    return { type: type.kind === "path" ? (type.args[0] ?? UNKNOWN) : UNKNOWN, takesReceiver: isDirect };
  }
  const own = frame.names.method(type, name);
  if (own !== undefined) {
    return {
      type: frame.names.returnType(own, type),
      takesReceiver: isDirect && own.declaration.self === "value",
    };
  }
  return collectionMethod(type, name);
}

function collectionMethod(type: Type, name: string): MethodResult | undefined {
  const element = elementOf(type);
  if (name === "clone" && type.kind !== "ref" && type.kind !== "unknown" && guardType(type) === undefined) {
    return { type, takesReceiver: false };
  }
  if (element.kind === "unknown" || type.kind === "ref" || isPath(type, OPTION) || isPath(type, RESULT))
    return undefined;
  const reference: Type = { kind: "ref", to: element, isMutable: name.endsWith("_mut") };
  switch (name) {
    case "iter":
    case "iter_mut":
      return { type: pathType(ITERATOR, reference), takesReceiver: false };
    case "get":
    case "get_mut":
    case "first":
    case "last":
    case "first_mut":
    case "last_mut":
      return { type: pathType(OPTION, reference), takesReceiver: false };
    case "pop":
      return { type: pathType(OPTION, element), takesReceiver: false };
    case "push":
    case "push_back":
    case "len":
    case "is_empty":
      return { type: UNKNOWN, takesReceiver: false };
    default:
      return undefined;
  }
}

/** Guards have no methods of their own that take them, so a method goes to what they guard; of other types one cannot know. */
function takesByDefault(frame: Frame, type: Type): boolean {
  if (type.kind === "ref" || guardType(type) !== undefined) return false;
  return frame.holdsGuard(type);
}

function note(frame: Frame, site: CallSite): void {
  frame.calls.set(site.node, site);
}
