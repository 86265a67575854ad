import { nanoseconds } from "#adapter/base/brand";
import { Debuggee } from "#adapter/debuggee/debuggee";
import { loadFirmware } from "#adapter/debuggee/firmware";
import { pack } from "#adapter/trace/timeline/packed";
import { answer, type WindowQuestion } from "#adapter/trace/timeline/questions";
import { Timeline } from "#adapter/trace/timeline/timeline";
import { encodeTrace } from "#adapter/trace/trace-file";
import { readTrace } from "#webview/model/trace-model";
import { type Line, quantity } from "./line";
import { longTimeline } from "./long-timeline";
import { inTurns, median, medianRatio, secondsOf } from "./measure";

const MILLION = 1_000_000;
const OPEN_GOAL_SECONDS = 1;
const MEMORY_GOAL_BYTES = 1e9;
const FRAME_GOAL_SECONDS = 0.016;
const LIVE_GOAL = 1.05;
/** Seconds between two looks of a timeline that follows a run (extension/src/timeline/followed-run). */
const BEAT = 0.1;
/** Virtual time that is run in one go, in nanoseconds. */
const SLICE = 50e6;
const PIXELS = 1500;

/** From the bytes of a file to everything that the page shows of it. */
export async function openTimeline(): Promise<Line[]> {
  const bytes = encodeTrace(longTimeline(MILLION));
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    times.push(
      await secondsOf(() => {
        const { trace } = readTrace(bytes);
        new Timeline(trace).catchUp();
      }),
    );
  }
  const seconds = median(times);
  return [
    {
      what: "timeline: open a file of 1,000,000 events",
      ours: quantity(seconds * 1e3, "ms"),
      yardstick: `the first time ${quantity(times[0]! * 1e3, "ms")}`,
      ratio: "",
      goal: `< ${OPEN_GOAL_SECONDS} s`,
      isMet: times[0]! < OPEN_GOAL_SECONDS,
    },
  ];
}

/** Ten million events: what they take, and what is asked for with each frame of a zoom that leaves what was there. */
export async function longTimelineSpeed(): Promise<Line[]> {
  const trace = longTimeline(10 * MILLION);
  const timeline = new Timeline(trace);
  const built = await secondsOf(() => timeline.catchUp());
  const bytes = trace.events.byteLength + timeline.byteLength;
  const tracks = timeline.tracks.map((_, track) => track);
  const times: number[] = [];
  for (let step = 0; step < 120; step++) {
    const length = trace.endTime / 1.12 ** step;
    const from = (trace.endTime - length) * 0.37;
    const question: WindowQuestion = {
      from,
      to: from + 2 * length,
      resolution: length / PIXELS,
      tracks,
      mostFlows: 400,
    };
    times.push(await secondsOf(() => answer(timeline, "window", question, trace.endTime)));
  }
  return [
    {
      what: "  memory of 10,000,000 events with their tracks",
      ours: quantity(bytes / 1e6, "MB"),
      yardstick: `made in ${quantity(built, "s")}`,
      ratio: "",
      goal: `< ${MEMORY_GOAL_BYTES / 1e6} MB`,
      isMet: bytes < MEMORY_GOAL_BYTES,
    },
    {
      what: `  a new window on them, ${tracks.length} tracks, median`,
      ours: quantity(median(times) * 1e3, "ms"),
      yardstick: `longest ${quantity(Math.max(...times) * 1e3, "ms")}`,
      ratio: "",
      goal: `< ${FRAME_GOAL_SECONDS * 1e3} ms`,
      isMet: median(times) < FRAME_GOAL_SECONDS,
    },
  ];
}

/** What a timeline that follows costs a run of so many virtual seconds that goes as fast as this machine can. */
export async function followSpeed(path: string, seconds: string): Promise<Line[]> {
  const firmware = await loadFirmware(path);
  const run = async (isFollowed: boolean) => {
    const debuggee = new Debuggee(firmware);
    const timeline = new Timeline(debuggee.trace);
    await debuggee.run(nanoseconds(SLICE));
    let looked = process.cpuUsage();
    const spent = await secondsOf(async () => {
      for (let head = 2 * SLICE; head <= Number(seconds) * 1e9; head += SLICE) {
        await debuggee.run(nanoseconds(head));
        const { user, system } = process.cpuUsage(looked);
        if (!isFollowed || (user + system) / 1e6 < BEAT) continue;
        looked = process.cpuUsage();
        look(timeline, head);
      }
    });
    debuggee.dispose();
    return spent;
  };
  const times = await inTurns({ followed: () => run(true), alone: () => run(false) }, 4);
  const ratio = medianRatio(times.followed, times.alone);
  const name = path.slice(path.lastIndexOf("/") + 1, -".elf".length);
  return [
    {
      what: `  a run that is followed, ${name}`,
      ours: quantity(median(times.followed) * 1e3, "ms"),
      yardstick: `not followed ${quantity(median(times.alone) * 1e3, "ms")}`,
      ratio: `${ratio.toFixed(3)} x`,
      goal: `<= ${LIVE_GOAL} x`,
      isMet: ratio <= LIVE_GOAL,
    },
  ];
}

/** What the page asks for at each look: how far the run has come, and the last seconds. */
function look(timeline: Timeline, head: number): void {
  timeline.catchUp();
  const tracks = timeline.tracks.map((_, track) => track);
  const length = 2e9;
  const window = {
    from: head - length,
    to: head + length / 2,
    resolution: length / PIXELS,
    tracks,
    mostFlows: 400,
  };
  JSON.stringify(pack(answer(timeline, "tracks", {}, head)));
  JSON.stringify(pack(answer(timeline, "window", window, head)));
}
