import { expect } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { Rp2040 } from "#adapter/chip/rp2040/rp2040";
import { bootFirmware, edgesOf } from "#test/chip/rp2040-firmware";

/** A Pico with this flash does what one does that blink was loaded into: its LED changes at the same instants. */
export function expectBlinks(flash: Uint8Array): void {
  const log: string[] = [];
  const machine: Rp2040 = new Rp2040({
    hooks: { onPin: (pin, isHigh) => log.push(`${machine.now} GPIO${pin} ${isHigh ? "high" : "low"}`) },
  });
  machine.loadImage([{ address: 0x1000_0000, bytes: flash }]);
  machine.reset();
  machine.run(nanoseconds(2e9));
  const direct = bootFirmware("blink-release");
  direct.machine.run(nanoseconds(2e9));
  expect(edgesOf(log, 25).length).toBe(7);
  expect(edgesOf(log, 25)).toEqual(edgesOf(direct.log, 25));
}
