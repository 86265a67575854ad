import { describe, expect, it } from "vitest";
import { type FirmwareRun, runFirmware } from "#test/helpers/run-firmware";
import { buildsOf, type FirmwareBuild } from "#test/helpers/run-firmware-builds";
import { displayed, readStatic, suspensions, wakeSources } from "#test/helpers/run-firmware-facts";

const run = ({ path }: FirmwareBuild) => runFirmware(path, { for: "1.2s", parts: ["tm1637:clk=2,dio=3"] });

describe.each(buildsOf("guard-across-await-bad"))("guard-across-await-bad, $profile, $origin", (build) => {
  it("counts and shows a conflict whenever the display finds the station borrowed", async () => {
    const result = await run(build);
    const conflicts = await readStatic(result, "guard_across_await::CONFLICTS");
    expect(conflicts).toBeGreaterThan(5);
    const shown = displayed(result);
    expect(shown.filter((text) => text.startsWith("E"))).toEqual(
      Array.from({ length: conflicts }, (_, i) => `E${String(i + 1).padStart(3)}`),
    );
    expect(shown.filter((text) => !text.startsWith("E")).slice(0, 3)).toEqual([" 201", " 202", " 203"]);
  });

  itWaitsWhereMarked(() => run(build));
});

const good = [...buildsOf("guard-across-await-good-scope"), ...buildsOf("guard-across-await-good-drop")];

describe.each(good)("$path", (build) => {
  it("never has a conflict", async () => {
    const result = await run(build);
    expect(await readStatic(result, "guard_across_await::CONFLICTS")).toBe(0);
    expect(displayed(result).slice(0, 4)).toEqual(["   0", " 201", " 202", " 203"]);
  });

  itWaitsWhereMarked(() => run(build));
});

function itWaitsWhereMarked(prepare: () => Promise<FirmwareRun>): void {
  it("waits where the markers say, and is woken by the timer", async () => {
    const result = await prepare();
    const measure = suspensions(result, "measure_task");
    expect(measure).toEqual(measure.map((_, i) => (i % 2 === 0 ? "measure-conversion" : "measure-pause")));
    expect(measure.length).toBeGreaterThan(10);
    const [first, ...rest] = suspensions(result, "display_task");
    expect(first).toBe("display-offset");
    expect(new Set(rest)).toEqual(new Set(["display-tick"]));
    expect(Object.keys(wakeSources(result)).sort()).toEqual([
      "display_task: irq TIMER_IRQ_0",
      "measure_task: irq TIMER_IRQ_0",
    ]);
  });
}
