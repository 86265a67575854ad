import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { FindingsWatch } from "#adapter/debuggee/findings/findings-watch";
import { markerAt } from "#test/helpers/markers";
import { launch } from "#test/helpers/run-firmware";
import { findingsOf, findingWords } from "./found";

/** What is wrong with each sample, at the line of a marker. Of all others nothing is found, in either profile. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  "big-future-bad": ["oversized-future at record-transmit"],
  "cancellation-bad": ["cancelled-mid-way at transfer-taken"],
  "channel-backpressure": ["backpressure at producer-send"],
  "deadlock-bad": ["deadlock at sensor-log"],
  "guard-across-await-bad": ["guard-across-await at measure-conversion"],
  "lost-wake-bad": ["lost-wake at reader-result"],
  "starvation-hog": ["starvation at check-pause"],
  "ticker-drift-bad": ["timer-drift at measure-due"],
};

const BUILDS = ["samples/prebuilt", "test/firmware/samples-dev"].flatMap((folder) =>
  readdirSync(folder).flatMap((file) => {
    const [, name, profile] = /^(.+)-(dev|release)\.elf$/.exec(file) ?? [];
    return name === undefined ? [] : [{ name, profile: profile!, path: `${folder}/${file}` }];
  }),
);

/** A build of a sample. */
function build(name: string, profile: string): string {
  return BUILDS.find((each) => each.name === name && each.profile === profile)!.path;
}

describe("samples", () => {
  it("are there in both profiles, those with a mistake and those without", () => {
    for (const profile of ["dev", "release"]) {
      const names = BUILDS.filter((each) => each.profile === profile).map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(Object.keys(EXPECTED)));
      expect(names.length).toBeGreaterThanOrEqual(24);
    }
  });

  it.each(BUILDS)("$name, $profile: exactly what is wrong with it is found", async ({ name, path }) => {
    const found = await findingsOf(path, { for: "2.5s" });
    expect(found.map(findingWords)).toEqual(EXPECTED[name] ?? []);
  });
});

describe.each(["dev", "release"])("findings in the samples, %s", (profile) => {
  it("say how long a guard was kept, where it is declared, and who ran meanwhile", async () => {
    const [finding] = await findingsOf(build("guard-across-await-bad", profile), { for: "2.5s" });
    expect(finding!.severity).toBe("error");
    // One conversion of 60 ms in each round of 200 ms.
    expect(finding!.count).toBe(12);
    const { from, to } = finding!.span;
    expect((to - from) / 1e6).toBeGreaterThan(59);
    expect((to - from) / 1e6).toBeLessThan(65);
    expect(finding!.evidence[2]).toMatch(/^meanwhile display_task ran in [12] polls?: any borrow/);
    expect(finding!.related).toHaveLength(1);
  });

  it("say what was dropped half done, by what, and how that is known", async () => {
    const [finding] = await findingsOf(build("cancellation-bad", profile), { for: "2.5s" });
    expect(finding!.severity).toBe("warning");
    // One transfer in three meets a page that has to be erased first.
    expect(finding!.count).toBe(7);
    expect(finding!.title).toMatch(
      /^cancellation_bad::transfer is dropped half done at the await of bad\.rs:\d+$/,
    );
    expect(finding!.related.map(({ place, text }) => `${markerAt(place)} ${text}`)[0]).toBe(
      "transfer-or-timeout dropped by Select<cancellation_bad::transfer, Timer> of cancellation_bad::teller_task, awaited here",
    );
    // Ten of ours are gone with each that was dropped, and theirs do not have them.
    expect(finding!.evidence).toContain(
      "it kept bank: &cancellation::Bank = &Bank { ours: Cell(999970), theirs: Cell(1000020), writes: Cell(5) }",
    );
    expect(finding!.evidence[0]).toContain("after one poll of teller_task");
  });

  it("name both ends of a deadlock, and where each lock was taken", async () => {
    const [finding] = await findingsOf(build("deadlock-bad", profile), { for: "2.5s" });
    expect(finding!.severity).toBe("error");
    expect(finding!.tasks).toHaveLength(2);
    expect(finding!.related.map(({ place }) => markerAt(place)).sort()).toEqual([
      "sensor-bus",
      "upload-bus",
      "upload-log",
    ]);
    expect(finding!.evidence[0]).toContain("sensor_task waits for mutex LOG held by upload_task");
    expect(finding!.evidence[0]).toContain("upload_task waits for mutex BUS held by sensor_task");
  });

  it("say who starves whom, by what poll", async () => {
    const path = build("starvation-hog", profile);
    const [finding] = await findingsOf(path, { for: "2.5s" });
    const { trace } = await launch(path);
    expect(finding!.tasks.map((task) => trace.tasks[task]!.name)).toEqual(["check_task", "blink_task"]);
    expect(finding!.evidence[1]).toMatch(
      /^check_task ran for .* \(\d+ %\) in one poll up to the await of hog\.rs:\d+$/,
    );
  });

  it("say which lines the core was at while it kept a task waiting", async () => {
    const [finding] = await findingsOf(build("starvation-hog", profile), { for: "500ms" });
    const looks = finding!.evidence.slice(2);
    expect(looks.length).toBeGreaterThan(0);
    // All of it is the checksum, some of which an optimised build counts to the line that wants it.
    for (const look of looks) {
      expect(look).toMatch(
        /^\d+ of 50 looks into that time found the core at (?:lib\.rs:\d+, in starvation::crc32|hog\.rs:21, in starvation_hog::check_task, which calls starvation::crc32)$/,
      );
    }
    expect(looks[0]).toMatch(/crc32$/);
    const counted = looks.map((look) => Number(/^\d+/.exec(look)![0])).reduce((a, b) => a + b);
    expect(counted).toBeGreaterThan(25);
  });

  it("say the same lines while it runs, from looks into the poll that goes on", async () => {
    const path = build("starvation-hog", profile);
    const debuggee = await launch(path);
    const watch = new FindingsWatch(debuggee);
    await debuggee.run(nanoseconds(500e6));
    const [live] = watch.findings();
    const [checked] = await findingsOf(path, { for: "500ms" });
    const [seen, oracle] = [live!, checked!].map(({ evidence }) =>
      evidence.flatMap((text) => {
        const [, count, looks, line] = /^(\d+) of (\d+) looks .* found the core at (\S+),/.exec(text) ?? [];
        return line === undefined ? [] : [{ line, share: Number(count) / Number(looks) }];
      }),
    ) as [{ line: string; share: number }[], { line: string; share: number }[]];
    expect(seen.length).toBeGreaterThan(0);
    expect(seen[0]!.line).toBe(oracle[0]!.line);
    expect(Math.abs(seen[0]!.share - oracle[0]!.share)).toBeLessThan(0.15);
  });

  it("say how far a loop slides", async () => {
    const [finding] = await findingsOf(build("ticker-drift-bad", profile), { for: "2.5s" });
    expect(finding!.severity).toBe("note");
    expect(finding!.title).toMatch(/^each round of measure_task takes 107\.\d ms, 7\.\d+ ms more/);
  });

  it("say which values make a future large", async () => {
    const [finding] = await findingsOf(build("big-future-bad", profile), { for: "300ms" });
    expect(finding!.related.map(({ place, text }) => `${markerAt(place)} ${text}`)).toEqual([
      "record-radio recording: 4096 bytes are kept across this await",
      "transmit-silence recording: 4096 bytes are kept across this await",
    ]);
  });
});

describe("observing", () => {
  it.each(Object.keys(EXPECTED))("%s in small pieces finds the same", async (name) => {
    const debuggee = await launch(build(name, "release"));
    const watch = new FindingsWatch(debuggee);
    for (let at = 0; at < 2500e6; at = Math.min(2500e6, at + 37e6)) {
      await debuggee.run(nanoseconds(at));
      await watch.look();
    }
    await debuggee.run(nanoseconds(2500e6));
    await watch.look();
    watch.finish();
    const whole = await findingsOf(build(name, "release"), { for: "2.5s" });
    const facts = watch.findings().map(({ kind, place, count, tasks }) => ({ kind, place, count, tasks }));
    expect(facts).toEqual(whole.map(({ kind, place, count, tasks }) => ({ kind, place, count, tasks })));
  });

  it("finds the same in the same run, to the last word", async () => {
    const path = build("starvation-hog", "release");
    expect(await findingsOf(path, { for: "1s" })).toEqual(await findingsOf(path, { for: "1s" }));
  });
});
