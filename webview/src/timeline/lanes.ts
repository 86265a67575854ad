import type { TrackInfo } from "#adapter/trace/timeline/questions";

export type GroupName = "Pinned" | "Tasks" | "Core" | "Interrupts" | "Locks" | "Pins" | "UART and display";

/** A track with its place on the page. */
export interface Lane {
  readonly info: TrackInfo;
  readonly group: GroupName;
  /** Px below the top of all lanes. */
  readonly top: number;
  readonly height: number;
}

/** The head of a group of lanes. */
export interface GroupHead {
  readonly name: GroupName;
  readonly top: number;
  readonly height: number;
}

export interface LaneLayout {
  readonly lanes: readonly Lane[];
  readonly heads: readonly GroupHead[];
  readonly height: number;
}

/** What a reader has chosen of the order, by the keys of tracks. */
export interface LaneChoice {
  /** These stand on top, in this order. */
  readonly pinned: readonly string[];
  /** Those that were moved: each group has these first, in this order. */
  readonly order: readonly string[];
}

export const GROUP_HEIGHT = 22;

const HEIGHTS: Readonly<Record<TrackInfo["kind"], number>> = {
  task: 30,
  core: 30,
  interrupt: 24,
  lock: 26,
  pin: 26,
  uart: 24,
  display: 24,
};

const GROUPS: Readonly<Record<TrackInfo["kind"], GroupName>> = {
  task: "Tasks",
  core: "Core",
  interrupt: "Interrupts",
  lock: "Locks",
  pin: "Pins",
  uart: "UART and display",
  display: "UART and display",
};

const GROUP_ORDER: readonly GroupName[] = [
  "Pinned",
  "Tasks",
  "Core",
  "Interrupts",
  "Locks",
  "Pins",
  "UART and display",
];

/** Where every track is: pinned ones on top, then tasks, core, interrupts, pins, wires. */
export function layOut(tracks: readonly TrackInfo[], { pinned, order }: LaneChoice): LaneLayout {
  const groupOf = (info: TrackInfo): GroupName => (pinned.includes(info.key) ? "Pinned" : GROUPS[info.kind]);
  const lanes: Lane[] = [];
  const heads: GroupHead[] = [];
  let top = 0;
  for (const group of GROUP_ORDER) {
    const members = sorted(
      tracks.filter((info) => groupOf(info) === group),
      group === "Pinned" ? pinned : order,
    );
    if (members.length === 0) continue;
    heads.push({ name: group, top, height: GROUP_HEIGHT });
    top += GROUP_HEIGHT;
    for (const info of members) {
      const height = HEIGHTS[info.kind];
      lanes.push({ info, group, top, height });
      top += height;
    }
  }
  return { lanes, heads, height: top };
}

/** The lane at a height, or undefined on a group's head and below the last. */
export function laneAt({ lanes }: LaneLayout, y: number): Lane | undefined {
  return lanes.find(({ top, height }) => y >= top && y < top + height);
}

/** The lanes of which something is in view. */
export function lanesInView({ lanes }: LaneLayout, top: number, height: number): Lane[] {
  return lanes.filter((lane) => lane.top + lane.height > top && lane.top < top + height);
}

/** The choice after a track was moved among those of its group; the same if it cannot go further. */
export function moveTrack(
  tracks: readonly TrackInfo[],
  choice: LaneChoice,
  { key, by }: { readonly key: string; readonly by: 1 | -1 },
): LaneChoice {
  const { lanes } = layOut(tracks, choice);
  const lane = lanes.find(({ info }) => info.key === key);
  if (lane === undefined) return choice;
  const keys = lanes.filter(({ group }) => group === lane.group).map(({ info }) => info.key);
  const at = keys.indexOf(key);
  const to = at + by;
  if (to < 0 || to >= keys.length) return choice;
  [keys[at], keys[to]] = [keys[to]!, keys[at]!];
  if (lane.group === "Pinned") return { ...choice, pinned: keys };
  return { ...choice, order: [...choice.order.filter((each) => !keys.includes(each)), ...keys] };
}

/** The choice with a track pinned, or no longer. */
export function togglePin(choice: LaneChoice, key: string): LaneChoice {
  const isPinned = choice.pinned.includes(key);
  const pinned = isPinned ? choice.pinned.filter((each) => each !== key) : [...choice.pinned, key];
  return { ...choice, pinned };
}

/** Pins and interrupts by number, tasks in the order of the trace; those that were moved first. */
function sorted(tracks: readonly TrackInfo[], order: readonly string[]): TrackInfo[] {
  const place = ({ key }: TrackInfo) => {
    const at = order.indexOf(key);
    return at < 0 ? Infinity : at;
  };
  return tracks.toSorted((a, b) => {
    const [left, right] = [place(a), place(b)];
    if (left !== right) return left - right;
    if (a.kind !== "task" || b.kind !== "task")
      return a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name, "en", { numeric: true });
    return a.track - b.track;
  });
}
