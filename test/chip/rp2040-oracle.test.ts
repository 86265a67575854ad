import { GPIOPinState } from "rp2040js";
import { describe, expect, it } from "vitest";
import { seconds } from "#adapter/chip/rp2040/rp2040";
import { plainBoard, runPlainBoard } from "#test/helpers/rp2040js-board";
import { bootFirmware, edgesOf } from "./rp2040-firmware";

const LED = 25;
const RUN_SECONDS = 2;
/** How long embassy-rp gives the crystal to start, for which rp2040js does not wait. */
const CRYSTAL_SECONDS = 0.128;
/** Edges of a pin that rp2040js sees, in nanoseconds of its own clock. */
function oracleEdges(name: string, pin: number): number[] {
  const board = plainBoard(`samples/prebuilt/${name}.elf`);
  const clock = board.clock as unknown as { readonly nanos: number };
  const edges: number[] = [];
  let level = false;
  board.gpio[pin]!.addListener(() => {
    const isHigh = board.gpio[pin]!.value === GPIOPinState.High;
    if (isHigh !== level) edges.push(clock.nanos);
    level = isHigh;
  });
  while (clock.nanos < RUN_SECONDS * 1e9) runPlainBoard(board, 200);
  return edges;
}

/**
 * The same pin edges as rp2040js, compared as intervals. Its cycle model is simpler: an APB access takes 5 or 6 cycles
 * there, by the datasheet (2.1.3) 4 or 5; LR is not counted in a PUSH; and time moves on in steps of instructions.
 */
function check(name: string, toleranceNs: number): void {
  const { machine, log } = bootFirmware(name);
  machine.run(seconds(CRYSTAL_SECONDS + RUN_SECONDS));
  const ours = intervals(edgesOf(log, LED));
  const theirs = intervals(oracleEdges(name, LED));
  const count = Math.min(ours.length, theirs.length);
  expect(count).toBeGreaterThan(4);
  expect(theirs.length - ours.length).toBeLessThanOrEqual(1);
  for (let i = 0; i < count; i++) {
    expect(Math.abs(ours[i]! - theirs[i]!)).toBeLessThan(toleranceNs);
  }
}

function intervals(times: readonly number[]): number[] {
  return times.slice(1).map((time, i) => time - times[i]!);
}

describe("pin edges against rp2040js", () => {
  it("blink, release", () => check("blink-release", 1000));
  it("blink, dev", () => check("blink-dev", 1000));
  it("starvation, one task that never yields", () => check("starvation-hog-release", 5000));
  // Where the busy task yields is a matter of its phase against the timer: up to one chunk of its work.
  it("starvation, one task that yields", () => check("starvation-polite-release", 150_000));
});
