import type { InspectedTask } from "#adapter/debuggee/inspect-tasks";
import type { TaskWakers } from "#adapter/debuggee/why-not-running/search-wakers";
import { groupedHolders } from "#adapter/futures/waker-holders/grouped-holders";
import { placeText, type ShowPath } from "./event-json";
import { holderJson } from "./holder-json";
import type { TextStyle } from "./style";

/** Who holds the waker of a suspended task, a line for each; nothing for a task in another state. */
export function wakerLines(
  { state }: InspectedTask,
  wakers: TaskWakers | undefined,
  { style, showPath }: { readonly style: TextStyle; readonly showPath: ShowPath },
): string[] {
  if (state.kind !== "suspended" || wakers === undefined) return [];
  const { search, timer } = wakers;
  const lines = groupedHolders(search.holders).map(({ first: { text, place, reason }, more }) => {
    const where = place === null ? "" : `  ${style.dim(placeText(place, showPath))}`;
    const others = more === 0 ? "" : `, and ${more} more there`;
    return `  waker: ${text}${reason === null ? "" : ` (perhaps: ${reason}${others})`}${where}`;
  });
  if (timer?.kind === "queued") lines.push("  waker: the queue of timers");
  return lines.length > 0 ? lines : [style.red("  waker: nobody holds it")];
}

/** The same as data; null where it was not looked for. */
export function wakerJson(
  { state }: InspectedTask,
  wakers: TaskWakers | undefined,
  showPath: ShowPath,
): Record<string, unknown> | null {
  if (state.kind !== "suspended" || wakers === undefined) return null;
  const { search, timer } = wakers;
  return {
    holders: search.holders.map((holder) => holderJson(holder, showPath)),
    timer_queued: timer === undefined ? null : timer.kind === "queued",
  };
}
