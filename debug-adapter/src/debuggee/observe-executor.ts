import type { ProblemList } from "../base/errors";
import { type LoadImage } from "../elf/load-image";
import { type EmbassyLayout, findEmbassyLayout } from "../executor/embassy/layout";
import { MutexObserver } from "../executor/embassy/mutex-observer";
import { findMutexes } from "../executor/embassy/mutex-places";
import { EmbassyObserver } from "../executor/embassy/observer";
import { HandWrittenObserver } from "../executor/hand-written/observer";
import { findSites } from "../executor/hand-written/sites";
import type { TaskEvents } from "../executor/task-events";
import { SuspensionDecoder } from "../futures/suspension";
import type { Target } from "../target/target";
import { memoryOf } from "../target/memory-ranges";
import type { Firmware } from "./firmware";

/** What watches the tasks of a firmware. At most one is there: no poll is to be seen twice. */
export interface ObservedExecutor {
  /** How Embassy is laid out in the firmware. */
  readonly embassy?: EmbassyLayout;
  /** The futures that executors written by hand poll, in a firmware without Embassy's. */
  readonly handWritten?: HandWrittenObserver;
}

export interface ObservationContext {
  readonly target: Target;
  readonly firmware: Firmware;
  readonly image: LoadImage;
  readonly events: TaskEvents;
  readonly problems: ProblemList;
}

/** Starts to watch the executor that a firmware has; `problems` says why there is nothing to watch. */
export function observeExecutor(context: ObservationContext): ObservedExecutor {
  const { target, firmware, events, problems } = context;
  const { program, elf } = firmware;
  const embassy = findEmbassyLayout(program, problems);
  if (embassy !== undefined) {
    new EmbassyObserver(target, embassy, events, new SuspensionDecoder(program));
    new MutexObserver(target, events, findMutexes(program));
    return { embassy };
  }
  if (elf.hasDebugInfo) return observeHandWritten(context);
  const what =
    "the firmware has no debug info, so tasks cannot be seen; build with `debug = 2` and without `strip`";
  problems.add("tasks", what);
  return {};
}

function observeHandWritten(context: ObservationContext): ObservedExecutor {
  const { target, firmware, image, events, problems } = context;
  const { program } = firmware;
  const code = memoryOf(image.chunks.map(({ virtualAddress, bytes }) => ({ start: virtualAddress, bytes })));
  const sites = findSites(program, code, problems);
  if (sites.polls.length === 0) {
    const what =
      "the debug info has neither an Embassy executor nor code that polls a future, so there are no tasks to show";
    problems.add("tasks", what);
    return {};
  }
  const decoder = new SuspensionDecoder(program);
  return { handWritten: new HandWrittenObserver(target, sites, { program, events, decoder, problems }) };
}
