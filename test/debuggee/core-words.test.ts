import { expect, it } from "vitest";
import { address, nanoseconds } from "#adapter/base/brand";
import { Debuggee } from "#adapter/debuggee/debuggee";
import { DebuggeeKnowledge, Inspection } from "#adapter/debuggee/inspection";
import { threadDescriptions } from "#adapter/debuggee/threads";
import { firmwareAt } from "#test/helpers/run-firmware";

/** ARMv6-M Architecture Reference Manual, A6.7.75 and A6.7.76. */
const SLEEPING: readonly number[] = [0xbf20, 0xbf30];

const PC = 15;

it("says that the core is asleep exactly where it stands behind an instruction that puts it to sleep", async () => {
  const debuggee = new Debuggee(await firmwareAt("samples/prebuilt/blink-release.elf"));
  const knowledge = new DebuggeeKnowledge(debuggee);
  const seen = { asleep: 0, awake: 0 };
  // It waits for its crystal until 128 ms; the polls after that are short.
  for (let time = 100e6; time < 1.2e9; time += 7.3e6) {
    await debuggee.run(nanoseconds(time));
    const pc = (await debuggee.target.readRegisters())[PC]!;
    const bytes = await debuggee.target.readMemory(address(pc - 2), 2);
    const isAsleep = SLEEPING.includes(bytes[0]! | (bytes[1]! << 8));
    const { core } = threadDescriptions(await Inspection.of(knowledge));
    expect(core.endsWith("· asleep"), `${core} at ${time} ns`).toBe(isAsleep);
    seen[isAsleep ? "asleep" : "awake"]++;
  }
  expect(seen.asleep).toBeGreaterThan(100);
  expect(seen.awake).toBeGreaterThan(2);
});
