import { expect, test } from "vitest";
import {
  EXCEPTIONS_PER_IMAGE,
  exceptionImage,
  randomImage,
  RECORD_BYTES,
  recordDifference,
  runOnCore,
  runOnQemu,
} from "../helpers/qemu-firmware";
import { Random } from "../helpers/random";
import { describeWithTool } from "../helpers/tool";

const SEEDS = Array.from({ length: 24 }, (_, i) => 1 + i);

describeWithTool("qemu-system-arm", "the core agrees with QEMU's Cortex-M0", (qemu) => {
  test.each(SEEDS)("on registers, flags and memory after random programs (seed %i)", (seed) => {
    // Short programs find which instruction it was, long ones what accumulates.
    const image = randomImage(new Random(seed), seed % 2 === 0 ? 12 : 60);
    const ours = runOnCore(image);
    expect(recordDifference(ours.output, runOnQemu(qemu, image))).toBeUndefined();
    expect(ours.instructions).toBeGreaterThan(50_000);
  });

  test.each([1, 2, 3, 4])("on frames, EXC_RETURN and stack pointers of exceptions (seed %i)", (seed) => {
    const image = exceptionImage(new Random(seed));
    const ours = runOnCore(image);
    expect(recordDifference(ours.output, runOnQemu(qemu, image))).toBeUndefined();
    expect(ours.output).toHaveLength(EXCEPTIONS_PER_IMAGE * RECORD_BYTES);
  });
});
