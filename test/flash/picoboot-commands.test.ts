import { describe, expect, it } from "vitest";
import {
  encodeCommand,
  exclusiveAccess,
  exitXip,
  flashErase,
  partitionTableInfo,
  read,
  reboot,
  reboot2,
  write,
} from "#extension/pico/picoboot/commands";
import { decodeStatus, statusWords } from "#extension/pico/picoboot/status";

/** The 32 bytes of `struct picoboot_cmd` (pico-sdk, `boot/picoboot.h`), written out: magic, token, id and size, length. */
const EXPECTED = {
  "exclusive access": "0bd11f43 78563412 01010000 00000000 01000000 00000000 00000000 00000000",
  "exit XIP": "0bd11f43 78563412 06000000 00000000 00000000 00000000 00000000 00000000",
  "flash erase": "0bd11f43 78563412 03080000 00000000 00300010 00100000 00000000 00000000",
  write: "0bd11f43 78563412 05080000 00020000 00310010 00020000 00000000 00000000",
  read: "0bd11f43 78563412 84080000 00010000 00ff0310 00010000 00000000 00000000",
  "reboot into flash": "0bd11f43 78563412 020c0000 00000000 00000000 00200420 f4010000 00000000",
  "reboot into RAM": "0bd11f43 78563412 020c0000 00000000 00000020 00200420 f4010000 00000000",
  "reboot2, normal": "0bd11f43 78563412 0a100000 00000000 00000000 f4010000 ffffffff 00000000",
  "reboot2, flash update to Arm": "0bd11f43 78563412 0a100000 00000000 14000000 f4010000 00000010 00000000",
  "reboot2, RAM image to RISC-V": "0bd11f43 78563412 0a100000 00000000 23000000 f4010000 00000020 00200800",
  "get info": "0bd11f43 78563412 8b100000 20000000 02000000 01000000 00000000 00000000",
};

const MADE = {
  "exclusive access": exclusiveAccess,
  "exit XIP": exitXip,
  "flash erase": flashErase(0x1000_3000, 4096),
  write: write(0x1000_3100, 512),
  read: read(0x1003_ff00, 256),
  "reboot into flash": reboot({ pc: 0, sp: 0x2004_2000, delay: 500 }),
  "reboot into RAM": reboot({ pc: 0x2000_0000, sp: 0x2004_2000, delay: 500 }),
  "reboot2, normal": reboot2({ type: "normal", core: "any", params: [0xffff_ffff, 0], delay: 500 }),
  "reboot2, flash update to Arm": reboot2({
    type: "flash update",
    core: "arm",
    params: [0x1000_0000, 0],
    delay: 500,
  }),
  "reboot2, RAM image to RISC-V": reboot2({
    type: "RAM image",
    core: "riscv",
    params: [0x2000_0000, 0x8_2000],
    delay: 500,
  }),
  "get info": partitionTableInfo,
};

describe("a PICOBOOT command", () => {
  it.each(Object.keys(EXPECTED) as (keyof typeof EXPECTED)[])(
    "has the bytes of the datasheet: %s",
    (name) => {
      const bytes = Buffer.from(encodeCommand(MADE[name], 0x1234_5678));
      expect(bytes.toString("hex").replaceAll(/.{8}(?=.)/g, "$& ")).toBe(EXPECTED[name]);
    },
  );
});

describe("a PICOBOOT status", () => {
  it("tells the token and the code", () => {
    const bytes = Buffer.from("78563412050000008401000000000000", "hex");
    expect(decodeStatus(bytes)).toEqual({ token: 0x1234_5678, code: 5 });
    expect(statusWords(5)).toBe("wrong alignment");
    expect(statusWords(4)).toBe("no such address");
    expect(statusWords(10)).toBe("not permitted");
    expect(statusWords(99)).toBe("status 99");
  });

  it("that is cut short is none", () => {
    expect(decodeStatus(new Uint8Array(15))).toBeUndefined();
  });
});
