import { CORE_TRACK, type Timeline } from "./timeline";
import { CoreSegment } from "./track";

/** How the core spent the time: shares of 0 to 1 by piece, one column for each way. */
export interface CoreShares {
  readonly polling: Float32Array;
  readonly interrupts: Float32Array;
  readonly scheduling: Float32Array;
}

/** Cuts the time from 0 to `head` into equal pieces and tells what the core did in each. */
export function coreShares({ tracks }: Timeline, pieces: number, head: number): CoreShares {
  const { segments } = tracks[CORE_TRACK]!;
  const polling = new Float32Array(pieces);
  const interrupts = new Float32Array(pieces);
  const scheduling = new Float32Array(pieces);
  const length = head / pieces;
  const times = new Float64Array(segments.kinds);
  for (let piece = 0; piece < pieces && length > 0; piece++) {
    times.fill(0);
    segments.addTimeBetween(piece * length, (piece + 1) * length, times);
    polling[piece] = times[CoreSegment.Polling]! / length;
    interrupts[piece] = times[CoreSegment.Interrupt]! / length;
    scheduling[piece] = (times[CoreSegment.Scheduling]! + times[CoreSegment.StartUp]!) / length;
  }
  return { polling, interrupts, scheduling };
}
