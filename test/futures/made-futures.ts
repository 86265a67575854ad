import { readFileSync } from "node:fs";
import { parseElf } from "#adapter/elf/elf-file";
import { buildAwaitTree, type FutureNode } from "#adapter/futures/await-tree";
import { FutureNames } from "#adapter/futures/future-names";
import { leafWait } from "#adapter/futures/leaf-futures";
import { plainWait } from "#adapter/futures/wait";
import { loadProgram } from "#adapter/symbols/program";
import type { Type } from "#adapter/symbols/types/type";
import { ValueReader } from "#adapter/values/reader";
import { symbolsOf } from "#adapter/values/symbol-lookup";
import { memoryOf } from "#adapter/target/memory-ranges";

const FILE = "samples/prebuilt/blink-release.elf";

/** A real program, whose coroutines and timers are put into made types. */
export const program = loadProgram(parseElf(readFileSync(FILE), "blink-release.elf"));

export const names = new FutureNames(program);

export const nap = program.asyncFunctions.named("blink::nap")[0]!;
export const timer = program.types.named("embassy_time::timer::Timer")!;

/** Where made values lie. */
export const BASE = 0x2000_0400;

/** Memory of one block, written as words and bytes at addresses. */
export class MadeMemory {
  private readonly bytes = new Uint8Array(0x1000);
  readonly view = memoryOf([{ start: BASE, bytes: this.bytes }]);

  put(address: number, value: number, byteSize: 1 | 2 | 4 = 4): this {
    for (let i = 0; i < byteSize; i++) this.bytes[address - BASE + i] = (value >>> (8 * i)) & 0xff;
    return this;
  }

  /** Puts a `nap` into a state. */
  putNap(address: number, state: string): this {
    const { discriminant, states } = nap.coroutine;
    const value = states.find(({ name }) => name === state)!.discriminant;
    return this.put(address + discriminant.offset, value, 1);
  }

  /** Puts a `Timer` that is due when the timer reads `ticks`. */
  putTimer(address: number, ticks: number): this {
    return this.put(address, ticks).put(address + 4, 0);
  }
}

/** The tasks that hold guards, by the address of the lock. */
const HOLDERS: Readonly<Record<number, readonly string[] | undefined>> = {
  0x2000_0800: ["holder_task"],
  0x2000_0880: ["holder_task", "a_task"],
};

/** The tree of a future at `BASE`, with its leaves explained for `a_task`; the timer reads 1000. */
export function treeOf(type: Type, { view }: MadeMemory): FutureNode {
  const reader = new ValueReader(view, symbolsOf(program));
  const { root, leaves } = buildAwaitTree(reader.at(type, BASE), names, reader);
  for (const { value, callers, node } of leaves) {
    const holdersOf = (lock: number) => HOLDERS[lock] ?? [];
    node.wait =
      leafWait({ value, reader, callers, now: 1000n, task: "a_task", holdersOf }) ??
      plainWait("unknown", "nobody known");
  }
  return root;
}

/** A tree in one line: `Select(1 nap suspended (Timer: timer due in …), 2 Timer: …)`. */
export function lineOf({ name, label, state, wait, note, children }: FutureNode): string {
  const words = [label, name.replace(/<.*$/, ""), state === "pending" ? null : state, note && `(${note})`];
  const own = words.filter((word) => word !== null).join(" ") + (wait === null ? "" : `: ${wait.text}`);
  return children.length === 0 ? own : `${own} [${children.map(lineOf).join(", ")}]`;
}
