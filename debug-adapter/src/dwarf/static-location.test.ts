import { describe, expect, it } from "vitest";
import { DW_OP } from "./constants";
import { staticAddress } from "./static-location";

function check(bytes: number[], expected: number | undefined): void {
  const unit = { addressAt: (index: number) => 0x2000_0000 + index };
  expect(staticAddress(Uint8Array.from(bytes), unit)).toBe(expected);
}

describe("staticAddress", () => {
  it("reads addresses, indices of addresses, and offsets from them", () => {
    check([DW_OP.addr, 0x78, 0x56, 0x34, 0x12], 0x1234_5678);
    check([DW_OP.addrx, 0x81, 0x01], 0x2000_0081);
    check([DW_OP.GNU_addr_index, 3], 0x2000_0003);
    check([DW_OP.addr, 0, 0, 0, 0x20, DW_OP.plus_uconst, 0x84, 0x01], 0x2000_0084);
    check([DW_OP.addrx, 1, DW_OP.plus_uconst, 8], 0x2000_0009);
  });

  it("leaves everything else to whoever has a stopped machine", () => {
    check([], undefined);
    check([DW_OP.addr, 1, 2], undefined);
    check([DW_OP.addr, 0, 0, 0, 0x20, DW_OP.deref], undefined);
    check([DW_OP.addr, 0, 0, 0, 0x20, DW_OP.piece, 4], undefined);
    check([DW_OP.const1u, 1, DW_OP.stack_value], undefined);
  });
});
