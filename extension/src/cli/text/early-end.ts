import type { Nanoseconds } from "#adapter/base/brand";
import { formatDuration, formatInstant } from "#adapter/base/duration";

/**
 * Why a run ended before the instant asked for, as a sentence; undefined if it did not.
 * @param reason why the target stopped (`StopReason`)
 * @param at     where it stands
 * @param goal   the instant asked for
 */
export function earlyEnd(reason: string, at: Nanoseconds, goal: Nanoseconds): string | undefined {
  const where = `at ${formatInstant(at)} s`;
  switch (reason) {
    case "pause":
      return `Stopped ${where}, before the end of the ${formatDuration(goal)} asked for.`;
    case "lockup":
      return `The core locked up ${where}: a fault happened inside the HardFault handler.`;
    case "breakpoint-instruction":
      return `The firmware stopped itself ${where} with a BKPT instruction.`;
    case "stuck":
      return `The firmware sleeps for good since ${formatInstant(at)} s: no timer is set, and no input is to come.`;
    default:
      return undefined;
  }
}
