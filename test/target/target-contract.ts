import { describe } from "vitest";
import type { ImageSegment } from "#adapter/chip/rp2040/rp2040";
import type { Target } from "#adapter/target/target";
import { describeMemory } from "./contract/memory";
import { describeObservers } from "./contract/observers";
import { describeRunControl } from "./contract/run-control";
import { describeSnapshots } from "./contract/snapshots";
import { describeCodeTracepoints, describeWriteTracepoints } from "./contract/tracepoints";
import { describeVirtualTime } from "./contract/virtual-time";

/** Makes a target of the backend under test: a Pico that holds an image and has just been switched on. */
export type MakeTarget = (segments: readonly ImageSegment[]) => Target | Promise<Target>;

/** What every backend must do, whatever is behind it. */
export function describeTargetContract(backend: string, make: MakeTarget): void {
  describe(`${backend} as a target`, () => {
    describeMemory(make);
    describeRunControl(make);
    describeCodeTracepoints(make);
  });
}

/** What a backend must do besides whose chip is emulated: nothing in it is hidden, and time is its own. */
export function describeEmulatedContract(backend: string, make: MakeTarget): void {
  describe(`${backend} as an emulated target`, () => {
    describeVirtualTime(make);
    describeWriteTracepoints(make);
    describeObservers(make);
    describeSnapshots(make);
  });
}
