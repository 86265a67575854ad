import type { Program } from "../symbols/program";
import type { Type } from "../symbols/types/type";
import type { MemoryView } from "../target/target";
import type { ValueLocation } from "../values/location";
import { ValueReader } from "../values/reader";
import { type SymbolLookup, symbolsOf } from "../values/symbol-lookup";
import { type BuiltTree, buildAwaitTree, type FutureNode, type OpenLeaf } from "./await-tree";
import { FutureNames } from "./future-names";
import type { LeafContext } from "./leaves/leaf";
import { leafWait } from "./leaf-futures";
import { settleRivals } from "./rival-guards";
import { mayBeAlive } from "./saved-values";
import { plainWait, type Wait } from "./wait";

/** A task's future: what it is, and where. */
export interface TaskFuture {
  readonly name: string;
  readonly type: Type;
  /** `nowhere`, with the reason, if its address is not known. */
  readonly location: ValueLocation;
  /**
   * Whether its bytes are those of its last suspension: not while it is being polled, and not after it has ended. Only
   * then do its guards count as held.
   */
  readonly isAtRest: boolean;
}

/** Decodes what the tasks of a program await. Make one per program: it keeps what it has learnt from the debug info. */
export class AwaitTrees {
  private readonly symbols: SymbolLookup;
  private readonly names: FutureNames;

  constructor(program: Program) {
    this.names = new FutureNames(program);
    this.symbols = symbolsOf(program);
  }

  /**
   * The await tree of each task, in the order of the tasks. They are decoded together, since what one waits for may be
   * held by another. Undefined for a task that is not at rest.
   *
   * @param now what the timer driver's counter says, in ticks; undefined if that is not known
   */
  read(
    tasks: readonly TaskFuture[],
    memory: MemoryView,
    now: bigint | undefined,
  ): (FutureNode | undefined)[] {
    const reader = new ValueReader(memory, this.symbols);
    const built = tasks.map(({ type, location, isAtRest }) =>
      isAtRest ? buildAwaitTree({ type, location }, this.names, reader) : undefined,
    );
    settleRivals(built.flatMap((tree) => tree?.locks ?? []));
    const holders = holdersIn(tasks, built);
    built.forEach((tree, i) => {
      const context = {
        reader,
        now,
        task: tasks[i]!.name,
        holdersOf: (lock: number) => holders.get(lock) ?? [],
      };
      for (const leaf of tree?.leaves ?? []) explain(leaf, context);
    });
    return built.map((tree) => tree?.root);
  }

  /**
   * The await tree of one task at rest, without what its leaves wait for: all of it follows from the few bytes that say
   * which states its futures are in.
   */
  shapeOf({ type, location }: Pick<TaskFuture, "type" | "location">, memory: MemoryView): FutureNode {
    const reader = new ValueReader(memory, this.symbols);
    const { root, locks } = buildAwaitTree({ type, location }, this.names, reader);
    settleRivals(locks);
    return root;
  }
}

/** The tasks that hold a guard, by the address of the lock. */
function holdersIn(
  tasks: readonly TaskFuture[],
  built: readonly (BuiltTree | undefined)[],
): Map<number, string[]> {
  const holders = new Map<number, string[]>();
  built.forEach((tree, i) => {
    for (const { address, saved } of tree?.locks ?? []) {
      if (!mayBeAlive(saved.liveness)) continue;
      const names = holders.get(address) ?? [];
      holders.set(address, names);
      const { name } = tasks[i]!;
      if (!names.includes(name)) names.push(name);
    }
  });
  return holders;
}

function explain({ value, callers, node }: OpenLeaf, context: Omit<LeafContext, "value" | "callers">): void {
  const wait: Wait | undefined = leafWait({ ...context, value, callers });
  node.wait = wait ?? plainWait("unknown", "nobody known");
}
