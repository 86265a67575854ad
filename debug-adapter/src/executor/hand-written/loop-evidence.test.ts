import { describe, expect, it } from "vitest";
import { FlowGraph } from "./flow-graph";
import { inlinedActivation } from "./inlined-activation";
import { loopEvidence, resultOfExit } from "./loop-evidence";

/** Instructions of 16 bits (ARMv6-M ARM A6.7), from address 0 on. */
const NOP = 0xbf00;
const RETURN = 0x4770; // BX LR
/** An instruction that uses the waker, as `usesWaker` is told. */
const USE = 0x46c0; // MOV r8, r8
const b = (from: number, to: number) => 0xe000 | (((to - from - 4) >> 1) & 0x7ff);
const beq = (from: number, to: number) => 0xd000 | (((to - from - 4) >> 1) & 0xff);

/** What is said at each exit of a poll in the range, after a poll that has used no waker and one that has. */
function resultsOf(code: readonly number[], [start, end]: [number, number], isSameCoroutine = false) {
  const owner = { address: 0, contains: (at: number) => at >= 0 && at < 2 * code.length };
  const graph = new FlowGraph(owner, { readUint: (at) => code[at / 2] }, () => true);
  const activation = inlinedActivation(graph, [{ start, end }], []);
  const usesWaker = (at: number) => code[at / 2] === USE;
  const evidence = loopEvidence(activation, graph, { isSameCoroutine, usesWaker });
  return activation.exits.map((exit) => [
    exit.address,
    resultOfExit(exit, evidence, false),
    resultOfExit(exit, evidence, true),
  ]);
}

describe("loopEvidence", () => {
  //               0    2 (poll)    4 (poll) 6        8
  const spinning = [NOP, beq(2, 8), USE, b(6, 0), RETURN];

  it("takes the loop's word where the waker is used before the next round only", () => {
    expect(resultsOf(spinning, [2, 6])).toEqual([
      [6, "pending", "pending"],
      [8, "ready", "unknown"],
    ]);
  });

  it("does not take Ready for Pending where `while let Ready` polls a new future in each round", () => {
    //            0    2 (poll)    4 (poll)  6 (poll) 8 (pending)
    const code = [NOP, beq(2, 6), b(4, 0), USE, RETURN];
    expect(resultsOf(code, [2, 8])).toEqual([
      [0, "unknown", "unknown"],
      [8, "unknown", "unknown"],
    ]);
  });

  it("claims nothing where the waker is used before it is known what to return", () => {
    //            0    2 (poll) 4 (poll)   6 (poll) 8        10
    const code = [NOP, USE, beq(4, 10), NOP, b(8, 0), RETURN];
    expect(resultsOf(code, [2, 8])).toEqual([
      [8, "unknown", "unknown"],
      [10, "unknown", "unknown"],
    ]);
  });

  it("claims nothing where no use of the waker is seen", () => {
    const code = [NOP, beq(2, 8), NOP, b(6, 0), RETURN];
    expect(resultsOf(code, [2, 6])).toEqual([
      [6, "unknown", "unknown"],
      [8, "unknown", "unknown"],
    ]);
  });

  it("knows that a coroutine that is polled again is pending, for it would panic", () => {
    const code = [NOP, beq(2, 8), NOP, b(6, 0), RETURN];
    expect(resultsOf(code, [2, 6], true)).toEqual([
      [6, "pending", "pending"],
      [8, "unknown", "unknown"],
    ]);
  });

  it("does not take a loop that is left while the future is pending for one that is left when it is ready", () => {
    //            0    2 (poll)     4 (poll) 6 (budget)  8        10
    const code = [NOP, beq(2, 10), USE, beq(6, 10), b(8, 0), RETURN];
    expect(resultsOf(code, [2, 6], true)).toEqual([
      [8, "pending", "pending"],
      [10, "ready", "unknown"],
    ]);
  });
});
