import { basename } from "node:path";
import { seconds } from "#adapter/chip/rp2040/rp2040";
import { Debuggee } from "#adapter/debuggee/debuggee";
import { loadFirmware } from "#adapter/debuggee/firmware";
import { digits, type Line, quantity } from "./line";
import { inTurns, median, medianRatio, secondsOf } from "./measure";
import { PlainRp2040js } from "./plain-rp2040js";

const VIRTUAL_SECONDS = 300;
const ROUNDS = 5;
const GOAL = 1000;

/** Virtual seconds per second of the processor on a firmware that mostly sleeps. */
export async function sleepSpeed(path: string): Promise<Line[]> {
  const firmware = await loadFirmware(path);
  const times = await inTurns(
    {
      ours: async () => {
        const debuggee = new Debuggee(firmware);
        return secondsOf(() => debuggee.run(seconds(VIRTUAL_SECONDS)));
      },
      rp2040js: async () => {
        const board = new PlainRp2040js(path);
        return secondsOf(() => board.runSeconds(VIRTUAL_SECONDS));
      },
    },
    ROUNDS,
  );
  const speed = (spent: readonly number[]) => median(spent.map((each) => VIRTUAL_SECONDS / each));
  const ours = speed(times.ours);
  return [
    {
      what: `${basename(path, ".elf")}: virtual time, observed`,
      ours: quantity(ours, "s/s"),
      yardstick: `rp2040js ${quantity(speed(times.rp2040js), "s/s")}`,
      ratio: `${digits(medianRatio(times.rp2040js, times.ours))} x`,
      goal: `>= ${GOAL.toLocaleString("en")} s/s`,
      isMet: ours >= GOAL,
    },
  ];
}
