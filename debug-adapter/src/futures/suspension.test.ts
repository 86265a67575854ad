import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { markerAt } from "#test/helpers/markers";
import { parseElf } from "../elf/elf-file";
import type { AsyncFunction } from "../symbols/async-functions";
import { loadProgram } from "../symbols/program";
import type { MemoryView } from "../target/target";
import { type Suspension, SuspensionDecoder } from "./suspension";

const FILE = "samples/prebuilt/blink-release.elf";
const program = loadProgram(parseElf(readFileSync(FILE), "blink-release.elf"));
const [heartbeat, nap] = ["blink::heartbeat_task", "blink::nap"].map(
  (name) => program.asyncFunctions.named(name)[0]!,
);

/** Where the future lies. */
const BASE = 0x2000_0400;

/** Memory in which only the discriminants of coroutines are set: by address, as numbers of states. */
function memoryOf(states: Readonly<Record<number, number>>): MemoryView {
  return {
    read: () => undefined,
    readUint: (address, size) => (size === 1 ? states[address] : undefined),
  };
}

function discriminant({ coroutine }: AsyncFunction, state: string): number {
  return coroutine.states.find(({ name }) => name === state)!.discriminant;
}

/** The heartbeat's future in one state, with a `nap` in another where it awaits one. */
function decode(outer: string, inner?: string): Suspension | undefined {
  const state = heartbeat!.coroutine.states.find(({ name }) => name === outer)!;
  const nested = BASE + (state.awaitee?.offset ?? 0) + nap!.coroutine.discriminant.offset;
  const memory = memoryOf({
    [BASE + heartbeat!.coroutine.discriminant.offset]: state.discriminant,
    ...(inner === undefined ? {} : { [nested]: discriminant(nap!, inner) }),
  });
  return new SuspensionDecoder(program).decode(heartbeat!, BASE, memory);
}

function markers({ frames }: Suspension): string[] {
  return frames.map(({ place }) => markerAt(place!));
}

describe("SuspensionDecoder", () => {
  it.each([
    ["Suspend0", "heartbeat-offset"],
    ["Suspend1", "heartbeat-contract"],
    ["Suspend2", "heartbeat-rest"],
  ])("follows %s into the future that is awaited there", (state, marker) => {
    const suspension = decode(state, "Suspend0")!;
    expect(markers(suspension)).toEqual([marker, "nap-timer"]);
    expect(suspension.frames.map((frame) => frame.function)).toEqual(["blink::heartbeat_task", "blink::nap"]);
    expect(markerAt(suspension.place!)).toBe("nap-timer");
    expect(suspension.awaiting).toBe("Timer");
  });

  it.each([
    ["has not begun", "Unresumed"],
    ["has returned", "Returned"],
    ["has panicked", "Panicked"],
    ["cannot be read", undefined],
  ])("stops at an awaited future that %s", (_, inner) => {
    const suspension = decode("Suspend1", inner)!;
    expect(markers(suspension)).toEqual(["heartbeat-contract"]);
    expect(suspension.awaiting).toBe("blink::nap");
  });

  it.each(["Unresumed", "Returned", "Panicked"])("knows no suspension of a future that is %s", (state) => {
    expect(decode(state)).toBeUndefined();
  });

  it("knows none where memory cannot be read, or holds a state that does not exist", () => {
    const decoder = new SuspensionDecoder(program);
    expect(decoder.decode(heartbeat!, BASE, memoryOf({}))).toBeUndefined();
    const at = BASE + heartbeat!.coroutine.discriminant.offset;
    expect(decoder.decode(heartbeat!, BASE, memoryOf({ [at]: 200 }))).toBeUndefined();
  });

  it("gives the same object for the same place, wherever the future lies", () => {
    const decoder = new SuspensionDecoder(program);
    const at = heartbeat!.coroutine.discriminant.offset;
    const state = discriminant(heartbeat!, "Suspend1");
    const first = decoder.decode(heartbeat!, BASE, memoryOf({ [BASE + at]: state }));
    const second = decoder.decode(heartbeat!, BASE + 64, memoryOf({ [BASE + 64 + at]: state }));
    expect(first).toBeDefined();
    expect(second).toBe(first);
  });
});
