import { expect, it } from "vitest";
import { parseProgress } from "./build-progress";

it("reads how far cargo's progress bar is", () => {
  expect(parseProgress("    Building [=====>                ] 34/120: embassy-rp, syn")).toEqual({
    done: 34,
    total: 120,
    current: "embassy-rp, syn",
  });
  expect(parseProgress("    Building [                      ] 0/1: ct(bin) \r")).toMatchObject({
    done: 0,
    total: 1,
  });
  expect(parseProgress("    Building [=====================>] 2/2")).toEqual({
    done: 2,
    total: 2,
    current: "",
  });
});

it("takes no other line for one", () => {
  for (const line of [
    "",
    "   Compiling syn v2.0.1",
    "    Finished `dev` profile in 0.8s",
    "Building [=> ] many",
  ]) {
    expect(parseProgress(line)).toBeUndefined();
  }
});
