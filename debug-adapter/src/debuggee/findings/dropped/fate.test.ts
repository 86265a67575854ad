import { beforeAll, describe, expect, it } from "vitest";
import type { AsyncFunction } from "#adapter/symbols/async-functions";
import type { Firmware } from "../../firmware";
import { firmwareAt } from "#test/helpers/run-firmware";
import { CoroutineCode } from "./coroutine-code";
import { type Fate, fateOf } from "./fate";

const RETURNED = 1;
const SUSPENDED = 3;

describe("the fate of a future in one poll", () => {
  let firmware: Firmware;
  let transfer: AsyncFunction;
  let code: CoroutineCode;
  /** An instruction of its own body, and one of another function. */
  let own: number;
  let other: number;

  beforeAll(async () => {
    firmware = await firmwareAt("samples/prebuilt/cancellation-bad-dev.elf");
    const { program } = firmware;
    [transfer] = program.asyncFunctions.named("cancellation_bad::transfer") as [AsyncFunction];
    code = new CoroutineCode(program);
    own = program.functions.all.find(({ name }) => name === transfer.body!.name)!.address;
    other = program.functions.withPath("core::cell::Cell::set")[0]!.address;
  });

  const fate = (...writes: (readonly [number, number])[]): Fate =>
    fateOf(
      transfer,
      writes.map(([value, pc]) => ({ value, pc })),
      code,
    );

  it("is that of a future that was polled, or was not", () => {
    expect(fate()).toBe("same");
    expect(fate([SUSPENDED, own], [SUSPENDED + 1, own])).toBe("same");
  });

  it("is its end once it has said so, whatever comes after", () => {
    expect(fate([RETURNED, own])).toBe("ended");
    expect(fate([RETURNED, own], [0, other], [SUSPENDED, own])).toBe("ended");
    // Several bodies may share one store of the optimiser's.
    expect(fate([RETURNED, other])).toBe("ended");
  });

  it("is to be replaced if others write there", () => {
    expect(fate([SUSPENDED, own], [0, other], [SUSPENDED, own])).toBe("replaced");
    expect(fate([0, other])).toBe("replaced");
    expect(fate([77, other])).toBe("replaced");
  });

  it("is unclear in optimised code if it was not polled before, and where writes are not known", async () => {
    const { program } = await firmwareAt("samples/prebuilt/cancellation-bad-release.elf");
    const [inlined] = program.asyncFunctions.named("cancellation_bad::transfer");
    expect(fateOf(inlined!, [{ value: 0, pc: 0x1000_0200 }], new CoroutineCode(program))).toBe("unclear");
    expect(fateOf(transfer, undefined, code)).toBe("unclear");
  });
});
