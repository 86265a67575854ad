import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeBase64, encodeBase64 } from "./base64";

it("writes and reads base64 as Node does", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
      const text = encodeBase64(bytes);
      expect(text).toBe(Buffer.from(bytes).toString("base64"));
      expect(decodeBase64(text)).toEqual(new Uint8Array(bytes));
    }),
  );
  const long = Uint8Array.from({ length: 40_000 }, (_, index) => index * 7);
  expect(encodeBase64(long)).toBe(Buffer.from(long).toString("base64"));
  expect(decodeBase64(encodeBase64(long))).toEqual(long);
});
