import type { SyntaxNode } from "../syntax/node";
import { importsOf } from "../semantics/imports";
import { guardType } from "../semantics/locks";
import type { Names } from "../semantics/names";
import { OPTION, RESULT, type Type, UNKNOWN, isCopy } from "../semantics/type";
import type { AwaitPoint, Body, CallSite, Loop, Use, Value } from "./body";

/** What an expression is, before something is done with it. */
export interface Operand {
  readonly node: SyntaxNode;
  readonly type: Type;
  /** A value of its own; a variable; a part of a variable; or a place behind a pointer. */
  readonly from: "value" | "variable" | "part" | "place";
  /** The variable, or the one whose part it is. */
  readonly id?: number | undefined;
  /** The variable that it is a reference to. */
  readonly refersTo?: number | undefined;
}

/** The values that may be alive; undefined where no code goes. */
export type State = Set<number> | undefined;

export interface LoopFrame {
  readonly label: string;
  readonly scopeDepth: number;
  readonly temporaryDepth: number;
  breaks: State;
  continues: State;
  /** A labelled block is left by `break 'label` and has no `continue`. */
  readonly isBlock: boolean;
}

interface Scope {
  readonly node: SyntaxNode;
  readonly names: Map<string, number>;
  readonly ids: number[];
}

interface TemporaryScope {
  readonly node: SyntaxNode;
  readonly ids: number[];
}

/** Expressions that are looked at in one body: loops are gone through again until nothing changes. */
const MOST_STEPS = 150_000;

/** Expressions nest no deeper. */
const DEEPEST = 250;

export type Evaluate = (frame: Frame, node: SyntaxNode) => Operand;

/** Where the reading of one body stands: what is in scope, what is alive, what has been seen. */
export class Frame {
  readonly values: Value[] = [];
  readonly calls = new Map<SyntaxNode, CallSite>();
  readonly awaits = new Map<SyntaxNode, AwaitPoint>();
  readonly uses = new Map<string, Use>();
  readonly loops = new Map<SyntaxNode, Loop>();
  readonly discarded = new Map<SyntaxNode, Type>();
  readonly inner = new Map<SyntaxNode, Body>();
  readonly loopFrames: LoopFrame[] = [];
  /** Operands of `&` in a `let`, whose temporaries live as long as the variable. */
  readonly extended = new Set<SyntaxNode>();
  state: State = new Set();
  steps = 0;
  private depth = 0;
  private readonly scopes: Scope[] = [];
  private readonly temporaries: TemporaryScope[] = [];
  private readonly byNode = new Map<SyntaxNode, number>();
  private readonly scopeDepths: number[] = [];

  constructor(
    readonly names: Names,
    readonly edition: number,
    readonly owner: string,
    private readonly evaluateNode: Evaluate,
    readonly outer: Frame | undefined,
  ) {}

  get isOver(): boolean {
    return this.steps > MOST_STEPS;
  }

  evaluate(node: SyntaxNode | undefined): Operand {
    if (node === undefined) return { node: this.scopes[0]!.node, type: UNKNOWN, from: "value" };
    if (++this.steps > MOST_STEPS || this.depth > DEEPEST) {
      this.steps = Math.max(this.steps, this.depth > DEEPEST ? MOST_STEPS + 1 : 0);
      return { node, type: UNKNOWN, from: "value" };
    }
    this.depth++;
    const operand = this.evaluateNode(this, node);
    this.depth--;
    return operand;
  }

  /** Names that a `use` inside of the function brings. */
  readUse(node: SyntaxNode): void {
    for (const each of importsOf(node.text))
      if (each.kind === "import") this.names.local.set(each.name, each.path);
  }

  // Scopes

  enter(node: SyntaxNode): void {
    this.scopes.push({ node, names: new Map(), ids: [] });
  }

  leave(): void {
    for (const id of this.scopes.pop()!.ids) this.state?.delete(id);
  }

  enterTemporaries(node: SyntaxNode): void {
    this.temporaries.push({ node, ids: [] });
  }

  /** @param others states of branches that begin behind it */
  leaveTemporaries(...others: readonly State[]): void {
    for (const id of this.temporaries.pop()!.ids) {
      this.state?.delete(id);
      for (const each of others) each?.delete(id);
    }
  }

  lookup(name: string): number | undefined {
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const id = this.scopes[i]!.names.get(name);
      if (id !== undefined) return id;
    }
    return undefined;
  }

  get scopeNode(): SyntaxNode {
    return this.scopes.at(-1)!.node;
  }

  // Values

  declare(node: SyntaxNode, name: string, type: Type, kind: Value["kind"], made?: SyntaxNode): number {
    const scope = this.scopes.at(-1)!;
    const id = this.valueAt(node, { kind, name, type, scope: scope.node, made });
    this.scopeDepths[id] = this.scopes.length;
    scope.names.set(name, id);
    scope.ids.push(id);
    this.state?.add(id);
    return id;
  }

  /** Makes a temporary that lives to the end of its statement, or as long as the variable that `let` binds to a reference to it. */
  declareTemporary(node: SyntaxNode, type: Type): number {
    const isExtended = this.extended.has(node);
    const scope: Scope | TemporaryScope = isExtended ? this.scopes.at(-1)! : this.temporaries.at(-1)!;
    const id = this.valueAt(node, { kind: "temporary", name: "", type, scope: scope.node, made: node });
    this.scopeDepths[id] = isExtended ? this.scopes.length : TEMPORARY + this.temporaries.length;
    scope.ids.push(id);
    this.state?.add(id);
    return id;
  }

  private valueAt(node: SyntaxNode, value: Omit<Value, "id" | "born">): number {
    let id = this.byNode.get(node);
    if (id === undefined) {
      id = this.values.length;
      this.values.push({ id, born: node, ...value });
      this.byNode.set(node, id);
    } else if (this.values[id]!.type.kind === "unknown") this.values[id]!.type = value.type;
    return id;
  }

  use(id: number, node: SyntaxNode, kind: Use["kind"]): void {
    const key = `${id}:${node.start}:${node.end}:${kind}`;
    if (!this.uses.has(key)) this.uses.set(key, { value: id, node, kind });
  }

  kill(id: number | undefined): void {
    if (id !== undefined) this.state?.delete(id);
  }

  /** The value goes elsewhere: into a call, another variable, out of the function. */
  move(operand: Operand): void {
    const { id, from, type, node } = operand;
    if (id === undefined) return;
    const isCopied = isCopy(type);
    this.use(id, node, isCopied ? "borrow" : "move");
    if (isCopied || from === "place") return;
    // Of a struct only the part is gone that was moved.
    if (from === "part" && type.kind !== "unknown" && !this.holdsGuard(type)) return;
    this.kill(id);
  }

  /** The value is looked at where it is; one that belongs to nobody lives on as a temporary. */
  borrow(operand: Operand): void {
    if (operand.id !== undefined) this.use(operand.id, operand.node, "borrow");
    else if (operand.from === "value" && this.holdsGuard(operand.type)) {
      this.declareTemporary(operand.node, operand.type);
    }
  }

  await(node: SyntaxNode, awaited: SyntaxNode | undefined, type: Type): void {
    const point = this.awaits.get(node) ?? { node, awaited, type, live: new Set<number>() };
    this.awaits.set(node, point);
    for (const id of this.state ?? []) point.live.add(id);
  }

  // Flow

  join(other: State): void {
    if (other === undefined) return;
    if (this.state === undefined) this.state = new Set(other);
    else for (const id of other) this.state.add(id);
  }

  copyState(): State {
    return this.state === undefined ? undefined : new Set(this.state);
  }

  get depths(): { readonly scopeDepth: number; readonly temporaryDepth: number } {
    return { scopeDepth: this.scopes.length, temporaryDepth: this.temporaries.length };
  }

  /** What of the state is alive outside of a loop that is left from within. */
  outside(loop: LoopFrame): State {
    if (this.state === undefined) return undefined;
    const kept = new Set<number>();
    for (const id of this.state) {
      const depth = this.scopeDepths[id]!;
      if (depth > TEMPORARY ? depth - TEMPORARY <= loop.temporaryDepth : depth <= loop.scopeDepth)
        kept.add(id);
    }
    return kept;
  }

  /** Whether dropping a value of this type lets go of a lock. */
  holdsGuard(type: Type, depth = 0): boolean {
    if (depth > 4) return false;
    switch (type.kind) {
      case "path":
        if (guardType(type) !== undefined) return true;
        if (OWNERS.has(type.path)) return type.args.some((each) => this.holdsGuard(each, depth + 1));
        if (!type.path.startsWith("crate::")) return false;
        return this.names.memberTypes(type).some((each) => this.holdsGuard(each, depth + 1));
      case "tuple":
        return type.items.some((each) => this.holdsGuard(each, depth + 1));
      case "array":
        return this.holdsGuard(type.of, depth + 1);
      default:
        return false;
    }
  }
}

const TEMPORARY = 1_000_000;

/** Types of the libraries that own what their arguments say. */
const OWNERS = new Set([
  OPTION,
  RESULT,
  "std::boxed::Box",
  "std::pin::Pin",
  "std::vec::Vec",
  "std::sync::Arc",
  "std::rc::Rc",
  "std::sync::PoisonError",
  "std::sync::TryLockError",
  "std::ops::ControlFlow",
  "std::collections::VecDeque",
  "heapless::Vec",
]);
