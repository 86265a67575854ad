import type { FutureNode } from "../../../futures/await-tree";
import { containedFutures } from "../../../futures/contained-futures";
import { pointedValue } from "../../../futures/pointed-future";
import { mayBeAlive, type SavedValue } from "../../../futures/saved-values";
import type { AsyncFunction } from "../../../symbols/async-functions";
import { type CoroutineState, stateOf } from "../../../symbols/types/coroutine";
import type { MemoryView } from "../../../target/target";
import { ValueReader } from "../../../values/reader";
import { symbolsOf } from "../../../values/symbol-lookup";
import type { Value } from "../../../values/value";
import type { Debuggee } from "../../debuggee";
import { awaitTreesOf, poolOf } from "../../inspect-tasks";
import { timerNow } from "../../../futures/timer-now";
import type { TaskIndex } from "../../../trace/event";

/** A coroutine in the future of a suspended task. */
export interface RestingFuture {
  /** Equal for the same place and kind of future. */
  readonly key: string;
  readonly address: number;
  readonly body: AsyncFunction;
  readonly state: CoroutineState;
  readonly node: FutureNode;
  /** The coroutine that awaits it, through whatever stands between; null for one that is only kept. */
  readonly owner: FutureNode | null;
  /** The combinator, or other future that is no coroutine, that polls it; null where its owner does. */
  readonly via: FutureNode | null;
  /** Key of the outermost future with which it is dropped, if that happens; its own for such a one. */
  readonly root: string;
  /** The coroutine whose variable keeps it, if it is not awaited now; null otherwise. */
  readonly keeper: FutureNode | null;
}

/** Kept futures in kept futures. */
const DEEPEST_KEPT = 4;

/** Reads the coroutines of one task that is suspended, from its own memory. */
export class RestingTask {
  private readonly slot: AddressRange;
  private readonly reader: ValueReader;

  constructor(
    private readonly debuggee: Debuggee,
    private readonly task: TaskIndex,
    private readonly memory: MemoryView,
    /** `shape`: without what leaves wait for. */
    private readonly depth: "shape" | "whole" = "whole",
  ) {
    const { address, bytes } = debuggee.trace.tasks[task]!;
    this.slot = { start: address, end: address + bytes };
    this.reader = new ValueReader(memory, symbolsOf(debuggee.firmware.program));
  }

  /** Those that the task could drop on its way: branches and variables, and what they await. */
  futures(): RestingFuture[] {
    const tree = this.tree();
    return tree === undefined ? [] : new Gathering(this.bodyOf, this).from(tree);
  }

  /** The await tree of the task; undefined if its future is not known. */
  tree(): FutureNode | undefined {
    const { trace, embassy } = this.debuggee;
    const { address } = trace.tasks[this.task]!;
    const pool = embassy && poolOf(embassy, address);
    return pool?.body && this.treeOf(this.reader.at(pool.body.coroutine.type, address + pool.futureOffset));
  }

  /** The futures that a variable is, holds or refers to, as far as they lie in the task's own memory. */
  futuresIn({ value }: SavedValue): FutureNode[] {
    const target = pointedValue(value, this.reader);
    const isOne = target !== undefined && this.bodyOf(target) !== undefined;
    const { program } = this.debuggee.firmware;
    const values = isOne ? [target] : containedFutures(value, this.reader, program).map((each) => each.value);
    return values.flatMap((each) => {
      const isOwn = this.bodyOf(each) !== undefined && this.isOwn(this.reader.addressOf(each));
      const tree = isOwn ? this.treeOf(each) : undefined;
      return tree === undefined ? [] : [tree];
    });
  }

  /** The state that a coroutine in the task's own memory is in; undefined if it is none. */
  stateAt(address: number | null, { coroutine }: AsyncFunction): CoroutineState | undefined {
    const { offset, byteSize } = coroutine.discriminant;
    if (address === null || byteSize !== 1 || !this.isOwn(address)) return undefined;
    const discriminant = this.memory.readUint(address + offset, 1);
    return discriminant === undefined ? undefined : stateOf(coroutine, discriminant);
  }

  private readonly bodyOf = ({ type }: Value) => this.debuggee.firmware.program.asyncFunctions.ofType(type);

  private isOwn(address: number | undefined): boolean {
    return address !== undefined && address >= this.slot.start && address < this.slot.end;
  }

  private treeOf({ type, location }: Value): FutureNode | undefined {
    const trees = awaitTreesOf(this.debuggee.firmware);
    if (this.depth === "shape") return trees.shapeOf({ type, location }, this.memory);
    const { name } = this.debuggee.trace.tasks[this.task]!;
    const future = { name, type, location, isAtRest: true };
    return trees.read([future], this.memory, timerNow(this.memory))[0];
  }
}

/** From `start` to before `end`. */
interface AddressRange {
  readonly start: number;
  readonly end: number;
}

type Position = Pick<RestingFuture, "owner" | "via" | "keeper"> & { readonly root: string | null };

/** Walks a task's await tree, and those of the futures that its variables keep. */
class Gathering {
  private readonly found = new Map<string, RestingFuture>();
  private kept: { readonly local: SavedValue; readonly keeper: FutureNode }[] = [];

  constructor(
    private readonly bodyOf: (value: Value) => AsyncFunction | undefined,
    private readonly task: Pick<RestingTask, "futuresIn" | "stateAt">,
  ) {}

  from(tree: FutureNode): RestingFuture[] {
    this.visit(tree, { owner: null, via: null, root: null, keeper: null }, true);
    for (let depth = 0; depth < DEEPEST_KEPT; depth++) {
      const kept = this.kept;
      this.kept = [];
      for (const { local, keeper } of kept) {
        for (const node of this.task.futuresIn(local))
          this.visit(node, { owner: null, via: null, root: null, keeper }, false);
      }
    }
    return [...this.found.values()];
  }

  private visit(node: FutureNode, position: Position, isTask: boolean): void {
    const body = this.bodyOf(node.value);
    const inside =
      body === undefined
        ? { ...position, via: position.via ?? node }
        : this.enter(node, body, position, isTask);
    if (inside === undefined) return;
    for (const child of node.children) this.visit(child, inside, false);
  }

  /** Undefined for a future that has been met. */
  private enter(
    node: FutureNode,
    body: AsyncFunction,
    position: Position,
    isTask: boolean,
  ): Position | undefined {
    const key = `${node.address ?? 0}:${body.coroutine.type.name}`;
    if (this.found.has(key)) return undefined;
    const isRoot = !isTask && position.root === null && (position.via !== null || position.keeper !== null);
    const root = isRoot ? key : position.root;
    const state = root === null ? undefined : this.task.stateAt(node.address, body);
    if (root !== null && state !== undefined)
      this.found.set(key, { ...position, key, address: node.address!, body, state, node, root });
    for (const local of node.locals) if (mayBeAlive(local.liveness)) this.kept.push({ local, keeper: node });
    return { owner: node, via: null, root, keeper: position.keeper };
  }
}
