import { describe, expect, it } from "vitest";
import { FlowGraph } from "./flow-graph";
import { inlinedActivation } from "./inlined-activation";

/** Instructions of 16 bits (ARMv6-M ARM A6.7), from address 0 on. */
const NOP = 0xbf00;
const RETURN = 0x4770; // BX LR
const TRAP = 0xde00; // UDF #0
const STORE = 0x6008; // STR r0, [r1]
/** B and BEQ from one address to another. */
const b = (from: number, to: number) => 0xe000 | (((to - from - 4) >> 1) & 0x7ff);
const beq = (from: number, to: number) => 0xd000 | (((to - from - 4) >> 1) & 0xff);

function activationOf(code: readonly number[], ranges: [number, number][], scope?: [number, number]) {
  const end = 2 * code.length;
  const owner = { address: 0, contains: (at: number) => at >= 0 && at < end };
  const graph = new FlowGraph(owner, { readUint: (at) => code[at / 2] }, () => true);
  const rangesOf = (pairs: readonly [number, number][]) =>
    pairs.map(([start, past]) => ({ start, end: past }));
  return inlinedActivation(graph, rangesOf(ranges), scope ? [rangesOf([scope])] : []);
}

describe("inlinedActivation", () => {
  it("knows Pending by the loop that polls again, and Ready by the way out of it", () => {
    //           0    2 (poll)    4 (poll)  6         8
    const code = [NOP, beq(2, 8), NOP, b(6, 0), RETURN];
    expect(activationOf(code, [[2, 6]])).toEqual({
      entries: [2],
      exits: [
        { address: 6, kind: "end", isRepeated: true },
        { address: 8, kind: "end", isRepeated: false },
      ],
      resumptions: [],
      loopScope: 0,
    });
  });

  it("does not take the loop around the executor for that of the executor", () => {
    // The outer loop runs the executor of 2 to 8 again and again.
    const code = [NOP, beq(2, 8), NOP, b(6, 2), b(8, 0)];
    const { exits } = activationOf(code, [[2, 6]], [2, 8]);
    expect(exits.map(({ address, isRepeated }) => [address, isRepeated])).toEqual([
      [6, true],
      [8, false],
    ]);
  });

  it("follows the result to the branch on it", () => {
    //           0    2 (poll) 4    6          8         10
    const code = [NOP, NOP, NOP, beq(6, 10), b(8, 0), RETURN];
    const { exits } = activationOf(code, [[2, 4]]);
    expect(exits.map(({ address, isRepeated }) => [address, isRepeated])).toEqual([
      [8, true],
      [10, false],
    ]);
  });

  it("does not guess what a poll returns that is never repeated", () => {
    const code = [NOP, beq(2, 6), NOP, RETURN];
    const { exits } = activationOf(code, [[2, 4]]);
    expect(exits.map(({ isRepeated }) => isRepeated)).toEqual([undefined, undefined]);
  });

  it("counts an instruction that was moved behind the poll as no other poll", () => {
    //           0    2 (poll)    4    6 (moved) 8        10
    const code = [NOP, beq(2, 10), NOP, NOP, b(8, 0), RETURN];
    const moved = activationOf(code, [
      [2, 4],
      [6, 8],
    ]);
    expect(moved).toMatchObject({ entries: [2], resumptions: [] });
    expect(moved.exits.map(({ address, kind }) => [address, kind])).toEqual([
      [4, "end"],
      [10, "end"],
    ]);
  });

  it("goes on with a poll of which a piece that stores was moved behind other code", () => {
    const code = [NOP, beq(2, 10), NOP, STORE, b(8, 0), RETURN];
    const moved = activationOf(code, [
      [2, 4],
      [6, 8],
    ]);
    expect(moved).toMatchObject({ entries: [2], resumptions: [6] });
    expect(new Map(moved.exits.map(({ address, kind }) => [address, kind]))).toEqual(
      new Map([
        [4, "pause"],
        [8, "end"],
        [10, "end"],
      ]),
    );
  });

  it("takes what was moved out of the loop for no poll", () => {
    //           0 (moved) 2    4 (poll)   6        8
    const code = [NOP, NOP, beq(4, 8), b(6, 2), RETURN];
    expect(
      activationOf(code, [
        [0, 2],
        [4, 6],
      ]).entries,
    ).toEqual([4]);
  });

  it("has no end for a poll that panics", () => {
    const code = [NOP, beq(2, 8), NOP, b(6, 0), TRAP];
    expect(activationOf(code, [[2, 6]]).exits.map(({ address }) => address)).toEqual([6]);
  });
});
