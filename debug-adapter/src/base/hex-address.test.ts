import { describe, expect, it } from "vitest";
import { hexAddress } from "./hex-address";

describe("hexAddress", () => {
  it.each([
    [0, "0x00000000"],
    [0x2004_1f8c, "0x20041f8c"],
    [0xd000_017c, "0xd000017c"],
    [-1, "0xffffffff"],
  ])("writes %d as %s", (value, text) => expect(hexAddress(value)).toBe(text));
});
