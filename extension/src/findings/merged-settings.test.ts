import { describe, expect, it } from "vitest";
import { merged } from "./merged-settings";

describe("settings of findings", () => {
  it("are added to a launch configuration, which comes first", () => {
    const settings = {
      findings: { starvation: "off", backpressure: "error" },
      thresholds: {
        longPoll: "20ms",
        starvation: "1s",
        tasks: { a: { longPoll: "1s" }, b: { longPoll: "2s" } },
      },
      guardTypes: ["x::Guard"],
    } as const;
    const request = {
      findings: { starvation: "error" },
      thresholds: { starvation: "5ms", tasks: { b: { longPoll: "3s" } } },
      guardTypes: ["y::Guard", "x::Guard"],
    } as const;
    expect(merged(settings, request)).toEqual({
      findings: { starvation: "error", backpressure: "error" },
      thresholds: {
        longPoll: "20ms",
        starvation: "5ms",
        tasks: { a: { longPoll: "1s" }, b: { longPoll: "3s" } },
      },
      guardTypes: ["x::Guard", "y::Guard"],
    });
  });

  it("add nothing where there is nothing", () => {
    expect(merged({ findings: {}, thresholds: {}, guardTypes: [] }, {})).toEqual({});
  });
});
