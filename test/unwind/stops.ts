import { type Address, nanoseconds } from "#adapter/base/brand";
import type { Debuggee } from "#adapter/debuggee/debuggee";
import type { Target } from "#adapter/target/target";
import { Random } from "#test/helpers/random";

/** A way to bring a program from where it stands to a place worth looking at. Each is the same in every run. */
export interface Stop {
  readonly title: string;
  /** Resolves with whether the place was reached. */
  go(debuggee: Debuggee): Promise<boolean>;
}

/** Names, or parts of them, of functions in which a backtrace has something to show. */
const PLACES = [
  "TaskStorage",
  "raw::waker::wake",
  "TIMER_IRQ_0",
  "RpSpinlockCs",
  "{async_fn#0}",
  "time_driver::{impl",
  "next_expiration",
  "timer::{impl",
  "raw::waker::clone",
  "take_all",
  "schedule_wake",
  "_IRQ",
  "drop_in_place",
  "poll",
  "embassy_sync",
] as const;

/** How long a place is waited for: while firmware sleeps, longer than it sleeps; while it works, many calls. */
const PATIENCE = 300e6;
const MOST_CALLS = 40;

/** Instants during start-up, which is all work and no sleep. */
export function bootStops(): Stop[] {
  return [10_300, 61_700, 233_100, 777_700].map((time) => ({
    title: `at ${time} ns`,
    go: async ({ target }) => {
      await target.resume({ until: nanoseconds(time) });
      return true;
    },
  }));
}

/**
 * Places in functions worth looking at, some instructions after they were entered. Where a function is not called, the
 * program stands wherever it has come to while it was waited for.
 */
export function functionStops(count: number): Stop[] {
  const random = new Random(count);
  return Array.from({ length: count }, (_, i) => {
    const place = PLACES[i % PLACES.length]!;
    const steps = random.below(90);
    return {
      title: `${steps} instructions after waiting for ${place}`,
      go: async (debuggee) => {
        const { target } = debuggee;
        const entries = entriesOf(debuggee, (name) => PLACES.some((each) => name.includes(each)));
        const wanted = new Set(entriesOf(debuggee, (name) => name.includes(place)));
        for (let calls = 0; calls < MOST_CALLS; calls++) {
          const at = await runToAny(target, entries);
          if (at === undefined || wanted.has(at)) break;
        }
        return stepBy(target, steps);
      },
    };
  });
}

/** Every instruction from the entry of a function on: its prologue, its calls, its epilogue, its caller. */
export function walkStops(name: string, count: number): Stop[] {
  return Array.from({ length: count }, (_, i) => ({
    title: `instruction ${i} of ${name}`,
    go: async (debuggee) => {
      if (i > 0) return stepBy(debuggee.target, 1);
      const entries = entriesOf(debuggee, (each) => each.includes(name));
      return (await runToAny(debuggee.target, entries)) !== undefined;
    },
  }));
}

function entriesOf({ firmware }: Debuggee, isWanted: (name: string) => boolean): Address[] {
  return firmware.program.functions.matching(({ name }) => isWanted(name)).map(({ address }) => address);
}

/** Where it was stopped; undefined if it came to none of the places. */
async function runToAny(target: Target, places: readonly Address[]): Promise<Address | undefined> {
  const breakpoints = places.map((place) => target.addBreakpoint(place));
  const reason = await target.resume({ until: nanoseconds(target.now + PATIENCE) });
  for (const breakpoint of breakpoints) breakpoint.remove();
  return reason.kind === "breakpoint" ? reason.address : undefined;
}

async function stepBy(target: Target, count: number): Promise<boolean> {
  for (let i = 0; i < count; i++) await target.step();
  return true;
}
