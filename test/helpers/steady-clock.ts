import { setImmediate as nextTurn } from "node:timers/promises";
import type { HostClock } from "#adapter/target/pace";

/** A clock that stands still but while somebody waits for it: what is paced by it does not depend on the host. */
export function steadyClock(): HostClock {
  let time = 0;
  return {
    now: () => time,
    wait: async (milliseconds) => {
      await nextTurn();
      time += milliseconds;
    },
  };
}
