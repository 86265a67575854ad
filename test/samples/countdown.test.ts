import { describe, expect, it } from "vitest";
import { inspectTasks } from "#adapter/debuggee/inspect-tasks";
import { instant, launch, runFirmware } from "#test/helpers/run-firmware";
import { buildsOf } from "#test/helpers/run-firmware-builds";
import {
  chains,
  eventsOfTask,
  readStatic,
  sent,
  suspensions,
  wakeSources,
} from "#test/helpers/run-firmware-facts";

/** What the programs count themselves, in statics: the oracle for polls and wakes. */
const PROGRAMS = [
  {
    program: "countdown",
    crate: "countdown",
    polls: { launch: 4 },
    wakes: { "launch: self": 3 },
    text: "polls 04, wakes 03\r\n",
  },
  {
    program: "countdown-block-on",
    crate: "countdown_block_on",
    polls: { blink: 9 },
    wakes: { "blink: irq TIMER_IRQ_1": 8 },
    text: "polls 09, wakes 08\r\n",
  },
  {
    program: "countdown-round-robin",
    crate: "countdown_round_robin",
    polls: { letters: 4, Digits: 4 },
    wakes: { "letters: self": 3, "Digits: self": 3 },
    text: "a1b2c3 polls 08, wakes 06\r\n",
  },
] as const;

const builds = PROGRAMS.flatMap((each) => buildsOf(each.program).map((build) => ({ ...each, ...build })));

describe.each(builds)("$program, $profile, $origin", ({ program, crate, polls, wakes, text, path }) => {
  const run = () => runFirmware(path, { for: "1.2s" });
  const sum = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((total, count) => total + count, 0);

  it("is committed in both profiles", () => {
    expect(buildsOf(program).filter(({ origin }) => origin === "prebuilt").length).toBe(2);
  });

  it("is seen to poll and wake as often as it counts itself", async () => {
    const result = await run();
    expect(await readStatic(result, `${crate}::POLLS`)).toBe(sum(polls));
    expect(await readStatic(result, `${crate}::WAKES`)).toBe(sum(wakes));
    expect(sent(result)).toBe(text);
    for (const [task, count] of Object.entries(polls)) {
      expect({ task, count: eventsOfTask(result, task, "poll-begin").length }).toEqual({ task, count });
      const results = eventsOfTask(result, task, "poll-end").map((end) => end.result);
      expect(results).toEqual([...Array<string>(count - 1).fill("pending"), "ready"]);
      expect(eventsOfTask(result, task, "task-end").length).toBe(1);
    }
    expect(wakeSources(result)).toEqual(wakes);
    expect(result.trace.tasks.map(({ name }) => name)).toEqual(Object.keys(polls));
    expect(result.debuggee.problems).toEqual([]);
  });

  it("has each wake of a task between the polls that it leads from and to", async () => {
    const result = await run();
    for (const task of Object.keys(polls)) {
      const story = result.events.filter((each) => each.task === task).map(({ event }) => event);
      const isAtOnce = program !== "countdown-block-on";
      const turn = isAtOnce ? ["poll-begin", "wake", "poll-end"] : ["poll-begin", "poll-end", "wake"];
      const turns = Array.from({ length: polls[task as keyof typeof polls] - 1 }, () => turn).flat();
      expect(story).toEqual([...turns, "poll-begin", "task-end", "poll-end"]);
    }
  });
});

describe.each(buildsOf("countdown"))("countdown, $profile, $origin", ({ path }) => {
  it("is suspended at its marker, also where the future is in registers", async () => {
    const result = await runFirmware(path, { for: "1s" });
    expect(suspensions(result, "launch")).toEqual(Array<string>(3).fill("launch-countdown"));
    expect(chains(result, "launch")).toEqual(Array<string>(3).fill("launch-countdown"));
    const [end] = eventsOfTask(result, "launch", "poll-end");
    expect(end!.awaiting).toBe("CountdownFuture");
  });
});

describe.each(buildsOf("countdown-block-on"))(
  "countdown-block-on, $profile, $origin",
  ({ path, profile }) => {
    it("awaits its alarm while the core sleeps", async () => {
      const debuggee = await launch(path);
      await debuggee.run(instant("500ms"));
      const [task] = await inspectTasks(debuggee);
      expect(task).toMatchObject({
        name: "blink",
        state: { kind: "suspended" },
        future: { state: "suspended" },
      });
      const { address, children, note } = task!.future!;
      if (profile === "dev") {
        expect(children).toMatchObject([{ name: "Alarm" }]);
        expect(note).toBeNull();
      } else {
        // The poll is inlined into `main`, and nothing says where its future lies.
        expect(address).toBeNull();
        expect(note).toMatch(/^awaits Alarm; where it lies is not known/);
      }
    });

    it("polls within microseconds of each alarm", async () => {
      const result = await runFirmware(path, { for: "1.2s" });
      const begins = eventsOfTask(result, "blink", "poll-begin").slice(1);
      const alarms = eventsOfTask(result, "blink", "wake");
      begins.forEach(({ time }, i) => expect(time - alarms[i]!.time).toBeLessThan(50_000));
    });
  },
);

describe.each(buildsOf("countdown-round-robin"))("countdown-round-robin, $profile, $origin", ({ path }) => {
  it("is suspended at its marker, in turns", async () => {
    const result = await runFirmware(path, { for: "1s" });
    expect(suspensions(result, "letters")).toEqual(Array<string>(3).fill("letters-turn"));
    const turns = result.events.filter(({ event }) => event === "poll-begin").map(({ task }) => task);
    expect(turns).toEqual(Array.from({ length: 4 }, () => ["letters", "Digits"]).flat());
  });

  it("shows both futures between two polls, with what they keep", async () => {
    const full = await runFirmware(path, { for: "1s" });
    const secondEnd = eventsOfTask(full, "Digits", "poll-end")[0]!.time;
    const debuggee = await launch(path);
    await debuggee.run(instant(`${secondEnd + 100}ns`));
    const [letters, digits] = await inspectTasks(debuggee);
    expect(letters).toMatchObject({
      name: "letters",
      state: { kind: "ready" },
      future: { state: "suspended" },
    });
    expect(letters!.future!.children).toMatchObject([
      { name: "CountdownFuture", fields: "CountdownFuture { left: 0 }" },
    ]);
    expect(digits).toMatchObject({ name: "Digits", state: { kind: "ready" } });
    // The first digit is written, and the next one is '2'.
    expect(digits!.future!.fields).toContain("next: 50");
  });
});
