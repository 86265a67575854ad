import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { LaunchArguments } from "#adapter/protocol/launch-arguments";
import { sampleNamed, samplesIn } from "#adapter/protocol/samples";
import { goldenSession, type GoldenSession } from "./golden-session";

/** A sample, and the event of a task at which it is looked at. */
interface Look {
  readonly sample: string;
  /** A breakpoint on a task: `poll:blink_task`. */
  readonly at: string;
  /** Which time. */
  readonly hit: number;
  readonly options?: Pick<LaunchArguments, "parts" | "stimuli">;
}

const LOOKS: readonly Look[] = [
  { sample: "blink-dev", at: "poll:heartbeat_task", hit: 4 },
  { sample: "blink-release", at: "poll:heartbeat_task", hit: 4 },
  { sample: "big-future-bad", at: "poll:record_task", hit: 3 },
  { sample: "big-future-good-scope", at: "poll:record_task", hit: 3 },
  { sample: "big-future-good-static", at: "poll:record_task", hit: 3 },
  { sample: "button-or-timeout", at: "wake:watch_task", hit: 1, options: { stimuli: ["press:15@400ms"] } },
  { sample: "cancellation-bad-dev", at: "poll:audit_task", hit: 5 },
  { sample: "cancellation-bad-release", at: "poll:audit_task", hit: 5 },
  { sample: "cancellation-good-commit", at: "poll:audit_task", hit: 5 },
  { sample: "cancellation-good-resume", at: "poll:audit_task", hit: 5 },
  { sample: "channel-backpressure", at: "poll:consumer_task", hit: 4 },
  { sample: "countdown-dev", at: "wake:launch", hit: 2 },
  { sample: "countdown-release", at: "wake:launch", hit: 2 },
  { sample: "countdown-block-on-dev", at: "wake:blink", hit: 3 },
  { sample: "countdown-block-on-release", at: "wake:blink", hit: 3 },
  { sample: "countdown-round-robin-dev", at: "poll:Digits", hit: 2 },
  { sample: "countdown-round-robin-release", at: "poll:Digits", hit: 2 },
  { sample: "deadlock-bad", at: "poll:blink_task", hit: 6 },
  // `sensor_task` gets the lock that the other has held, as happens every 770 ms.
  { sample: "deadlock-good-order", at: "wake:sensor_task", hit: 22 },
  { sample: "guard-across-await-bad-dev", at: "poll:display_task", hit: 3 },
  { sample: "guard-across-await-bad-release", at: "poll:display_task", hit: 3 },
  { sample: "guard-across-await-good-drop", at: "poll:display_task", hit: 3 },
  { sample: "guard-across-await-good-scope", at: "poll:display_task", hit: 3 },
  { sample: "join-versus-spawn-join", at: "poll:band_task", hit: 4 },
  { sample: "join-versus-spawn-spawn", at: "poll:drummer_task[3]", hit: 2 },
  { sample: "lost-wake-bad", at: "poll:heartbeat_task", hit: 4 },
  { sample: "lost-wake-good-register", at: "poll:heartbeat_task", hit: 4 },
  { sample: "producer-consumer-dev", at: "poll:consumer_task", hit: 3 },
  { sample: "producer-consumer-release", at: "poll:consumer_task", hit: 3 },
  { sample: "starvation-hog", at: "wake:blink_task", hit: 3 },
  { sample: "starvation-polite", at: "poll:check_task", hit: 5 },
  {
    sample: "thermometer",
    at: "wake:thermometer_task",
    hit: 3,
    options: { parts: ["tmp102:sda=4,scl=5"] },
  },
  { sample: "ticker-drift-bad", at: "poll:measure_task", hit: 3 },
  { sample: "ticker-drift-good-ticker", at: "poll:measure_task", hit: 3 },
  { sample: "uart-echo", at: "wake:echo_task", hit: 1, options: { stimuli: ["type:hi\\n@300ms"] } },
];

describe("a session with a sample", () => {
  for (const look of LOOKS) goldenSession(`sample-${look.sample}`, (session) => tour(session, look));

  it("is recorded for every prebuilt program", () => {
    const prebuilt = readdirSync("samples/prebuilt").filter((file) => file.endsWith(".elf"));
    const samples = samplesIn(readFileSync("samples/prebuilt/manifest.json", "utf8"));
    const seen = LOOKS.map(({ sample }) => sampleNamed(samples, sample)?.file);
    expect(seen.sort()).toEqual(prebuilt.sort());
  });
});

/** Tells every thread with its stack, and what the user's own frames keep. */
async function tour(session: GoldenSession, { sample, at, hit, options }: Look): Promise<void> {
  await session.launch({ sample, ...options }, async () => {
    const breakpoints = [{ name: at, hitCondition: String(hit) }];
    await session.breakpoints("setFunctionBreakpoints", { breakpoints });
  });
  for (const { id, name } of await session.threads()) {
    session.heading(name);
    const frames = await session.stack(id);
    if (id === 1) continue;
    for (const frame of frames.filter(
      ({ presentationHint, source }) => presentationHint === undefined && source,
    )) {
      session.write(`${frame.name}:`);
      await session.scopes(frame, 1, ["Arguments", "Locals", "State machine", "Task"]);
    }
  }
}
