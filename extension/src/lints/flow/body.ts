import type { SyntaxNode } from "../syntax/node";
import type { Names } from "../semantics/names";
import type { Type } from "../semantics/type";

/** Something that is kept while code runs: a variable, or a temporary that lives to the end of its statement. */
export interface Value {
  readonly id: number;
  readonly kind: "variable" | "parameter" | "captured" | "temporary";
  /** Empty for a temporary. */
  readonly name: string;
  type: Type;
  /** The name where it is bound; of a temporary the expression that makes it. */
  readonly born: SyntaxNode;
  /** The block, statement or body at whose end it dies. */
  readonly scope: SyntaxNode;
  /** The expression that it was made of, where there is one. */
  readonly made: SyntaxNode | undefined;
}

export interface Use {
  readonly value: number;
  readonly node: SyntaxNode;
  readonly kind: "borrow" | "move" | "assign";
}

/** A place at which the body may be parked. */
export interface AwaitPoint {
  /** The `.await` expression, or the macro that awaits, as `select!`. */
  readonly node: SyntaxNode;
  /** What is awaited; undefined for a macro. */
  readonly awaited: SyntaxNode | undefined;
  /** Of what is awaited. */
  readonly type: Type;
  /** The values that may be alive there. */
  readonly live: Set<number>;
}

export interface CallSite {
  readonly node: SyntaxNode;
  /** Where the name of what is called stands. */
  readonly nameNode: SyntaxNode;
  /** The path of a function that is called by path, with its crate. */
  readonly path: string | undefined;
  /** Of a method call: name, and type of the receiver behind references and smart pointers. */
  readonly method: string | undefined;
  readonly receiver: Type | undefined;
  readonly args: readonly SyntaxNode[];
  readonly argTypes: readonly Type[];
  readonly result: Type;
}

export interface Loop {
  readonly node: SyntaxNode;
  readonly kind: "loop" | "while" | "for";
}

/** A body of code: a function's, a closure's, or that of an `async` block. */
export interface Body {
  /** The function, closure or block. */
  readonly node: SyntaxNode;
  readonly code: SyntaxNode;
  /** `Meter::read`; for a closure or block that of the function around it. */
  readonly name: string;
  readonly isAsync: boolean;
  readonly names: Names;
  readonly values: readonly Value[];
  readonly uses: readonly Use[];
  readonly awaits: readonly AwaitPoint[];
  readonly calls: readonly CallSite[];
  readonly loops: readonly Loop[];
  /** Types of expressions that stand as statements, and whose value nothing uses. */
  readonly discarded: readonly { readonly node: SyntaxNode; readonly type: Type }[];
  /** Closures and `async` blocks in it. */
  readonly inner: readonly Body[];
  /** False if the body is beyond what can be followed in bounded steps: rules that need to know all say nothing then. */
  readonly isComplete: boolean;
}
