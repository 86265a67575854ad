import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeRzcobs } from "./rzcobs";

/** Encodes as the specification's reference does (github.com/Dirbaio/rzcobs). */
function encodeRzcobs(data: readonly number[]): number[] {
  const out: number[] = [];
  let run = 0;
  let zeros = 0;
  for (const byte of data) {
    if (run < 7) {
      if (byte === 0) zeros |= 1 << run;
      else out.push(byte);
      run++;
      if (run === 7 && zeros !== 0) {
        out.push(zeros);
        run = 0;
        zeros = 0;
      }
    } else if (byte === 0) {
      out.push((run - 7) | 0x80);
      run = 0;
      zeros = 0;
    } else {
      out.push(byte);
      run++;
      if (run === 134) {
        out.push(0xff);
        run = 0;
        zeros = 0;
      }
    }
  }
  // What is left is filled up with zeros.
  if (run > 0 && run < 7) out.push(zeros | ((0xff << run) & 0x7f));
  else if (run >= 7) out.push((run - 7) | 0x80);
  return out;
}

describe("decodeRzcobs", () => {
  it.each([
    { encoded: [], decoded: [] },
    { encoded: [0x7f], decoded: [0, 0, 0, 0, 0, 0, 0] },
    { encoded: [0x12, 0x7e], decoded: [0x12, 0, 0, 0, 0, 0, 0] },
    { encoded: [1, 2, 3, 4, 5, 6, 7, 0x80], decoded: [1, 2, 3, 4, 5, 6, 7, 0] },
  ])("reads $encoded", ({ encoded, decoded }) => {
    expect([...decodeRzcobs(Uint8Array.from(encoded))!]).toEqual(decoded);
  });

  it.each([{ encoded: [0] }, { encoded: [1, 0x7c] }, { encoded: [1, 2, 0x80] }, { encoded: [1, 0xff] }])(
    "refuses $encoded",
    ({ encoded }) => {
      expect(decodeRzcobs(Uint8Array.from(encoded))).toBeUndefined();
    },
  );

  it("gives back what was encoded, and at most six zeros more", () => {
    const byte = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 400 }), (data) => {
        const encoded = encodeRzcobs(data);
        expect(encoded).not.toContain(0);
        const decoded = [...decodeRzcobs(Uint8Array.from(encoded))!];
        expect(decoded.slice(0, data.length)).toEqual(data);
        expect(decoded.slice(data.length).every((each) => each === 0)).toBe(true);
        expect(decoded.length - data.length).toBeLessThanOrEqual(6);
      }),
    );
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        decodeRzcobs(bytes);
      }),
    );
  });
});
