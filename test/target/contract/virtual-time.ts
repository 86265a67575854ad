import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { addsImmediate, b, movs, WFI } from "#test/helpers/thumb";
import type { MakeTarget } from "../target-contract";
import { thumbImage } from "../thumb-image";

/** `adds r0, #1`, for ever. */
const COUNTING = [movs(0, 0), addsImmediate(0, 1), b(-2)];

export function describeVirtualTime(make: MakeTarget): void {
  describe("virtual time", () => {
    it("begins at 0", async () => {
      expect((await make(thumbImage([]).segments)).now).toBe(0);
    });

    it("reaches an instant, however many pieces the way is cut into", async () => {
      const image = thumbImage(COUNTING);
      const [whole, pieces] = [await make(image.segments), await make(image.segments)];
      expect(await whole.resume({ until: nanoseconds(1e6) })).toEqual({ kind: "time" });
      for (let until = 0; until <= 1e6; until += 7321) await pieces.resume({ until: nanoseconds(until) });
      expect(await pieces.resume({ until: nanoseconds(1e6) })).toEqual({ kind: "time" });
      expect(pieces.now).toBe(whole.now);
      expect(whole.now).toBeGreaterThanOrEqual(1e6);
      // The last instruction may end behind the instant; at 6.5 MHz, the clock after a reset, that is not far.
      expect(whole.now).toBeLessThan(1e6 + 1000);
      expect(await pieces.readRegisters()).toEqual(await whole.readRegisters());
    });

    it("says that a sleeping core can never wake", async () => {
      const image = thumbImage([movs(0, 1), WFI, movs(0, 2)]);
      const target = await make(image.segments);
      expect(await target.resume()).toEqual({ kind: "stuck" });
      expect((await target.readRegisters())[0]).toBe(1);
      expect(await target.resume()).toEqual({ kind: "stuck" });
    });
  });
}
