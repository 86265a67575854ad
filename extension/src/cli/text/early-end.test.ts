import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { earlyEnd } from "./early-end";

describe("earlyEnd", () => {
  const say = (reason: string) => earlyEnd(reason, nanoseconds(130_000_000), nanoseconds(1e9));

  it("says why there is no more", () => {
    expect(say("stuck")).toBe(
      "The firmware sleeps for good since 0.130 000 000 s: no timer is set, and no input is to come.",
    );
    expect(say("pause")).toBe("Stopped at 0.130 000 000 s, before the end of the 1.000 s asked for.");
    expect(say("lockup")).toContain("inside the HardFault handler");
    expect(say("breakpoint-instruction")).toContain("BKPT");
  });

  it("says nothing of a run that reached its end", () => expect(say("time")).toBeUndefined());
});
