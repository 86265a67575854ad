import type { ProtocolSaved, ProtocolTransition, StateMachineBody } from "#adapter/protocol/state-machine";

/** Where everything lies, in CSS pixels from the top left of the drawing. */
export interface MachineLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly StateBox[];
  readonly edges: readonly Edge[];
  /** Between states that follow each other in the source and between which no poll went. */
  readonly spine: readonly { readonly x: number; readonly from: number; readonly to: number }[];
}

export interface StateBox {
  readonly row: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The top of the bar of bytes; null for a state that keeps nothing. */
  readonly barY: number | null;
  /** The top of each row of live futures. */
  readonly chips: readonly ChipBox[];
}

export interface ChipBox {
  /** Which of the state's live futures; -1 for the one that says how many more there are. */
  readonly instance: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** All transitions from one state to another, drawn as one arrow. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly transitions: readonly ProtocolTransition[];
  readonly isCertain: boolean;
  readonly path: string;
  readonly label: { readonly x: number; readonly y: number; readonly isVertical: boolean };
}

export interface LayoutInput {
  readonly width: number;
  /** For each state the texts of its live futures. */
  readonly chips: readonly (readonly string[])[];
  readonly machine: Pick<StateMachineBody, "states" | "bytes"> & {
    readonly history: { readonly transitions: readonly ProtocolTransition[] };
  };
}

export const PADDING = 8;
export const LINE = 18;
export const BAR = 16;
export const CHIP = 20;
const GAP = 30;
const LANE = 20;
const MARGIN = 6;
/** Between ports of one side. */
const PORT = 9;
/** More live futures of one state are counted, not shown. */
const MOST_CHIPS = 8;

/** A text's width as far as it can be told without drawing it: of the 12 px that the drawing uses, on the safe side. */
export function textWidth(text: string, weight: "normal" | "bold" = "normal"): number {
  return Math.ceil(text.length * (weight === "bold" ? 8 : 6.9));
}

/** The text, or as much of it as fits with an ellipsis. */
export function fitted(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const letters = Math.max(0, Math.floor(width / 6.9) - 1);
  return letters === 0 ? "" : `${text.slice(0, letters)}…`;
}

/** States from top to bottom; arrows to the next run between them, back on the left, over others on the right. */
export function layoutMachine({ width, chips, machine }: LayoutInput): MachineLayout {
  const grouped = groupEdges(machine.history.transitions);
  const back = lanesOf(grouped.filter(({ from, to }) => to < from));
  const over = lanesOf(grouped.filter(({ from, to }) => to === from || to > from + 1));
  const x = MARGIN + back.count * LANE;
  const boxWidth = Math.max(80, width - x - MARGIN - over.count * LANE);
  const boxes: StateBox[] = [];
  let y = MARGIN;
  machine.states.forEach((state, row) => {
    const box = stateBox({
      row,
      x,
      y,
      width: boxWidth,
      hasBar: state.saved.length > 0,
      chips: chips[row] ?? [],
    });
    boxes.push(box);
    y += box.height + GAP;
  });
  const ports = new Ports();
  const edges = grouped.map((edge): Edge => {
    const from = boxes[edge.from]!;
    const to = boxes[edge.to]!;
    if (edge.to === edge.from + 1) return { ...edge, ...straight(from, to) };
    const side = edge.to < edge.from ? "left" : "right";
    const lane = (side === "left" ? back : over).laneOf.get(edge) ?? 0;
    return { ...edge, ...around(from, to, { side, lane, ports }) };
  });
  const joined = new Set(grouped.filter(({ from, to }) => to === from + 1).map(({ from }) => from));
  const spine = boxes.slice(0, -1).flatMap((box, row) => {
    const next = boxes[row + 1]!;
    const isPanic = machine.states[row + 1]?.kind === "panicked";
    return joined.has(row) || isPanic ? [] : [{ x: x + boxWidth / 2, from: box.y + box.height, to: next.y }];
  });
  return { width, height: y - GAP + MARGIN, boxes, edges, spine };
}

type Group = Pick<Edge, "from" | "to" | "transitions" | "isCertain">;

/** What is not known has no place to be drawn at: the table has it. */
function groupEdges(transitions: readonly ProtocolTransition[]): Group[] {
  const groups = new Map<string, { from: number; to: number; transitions: ProtocolTransition[] }>();
  for (const transition of transitions) {
    const { from, to } = transition;
    if (from === null || to === null) continue;
    const key = `${from}>${to}`;
    const group = groups.get(key) ?? { from, to, transitions: [] };
    groups.set(key, group);
    group.transitions.push(transition);
  }
  return [...groups.values()]
    .map((group) => ({ ...group, isCertain: group.transitions.some(({ isCertain }) => isCertain) }))
    .sort((a, b) => a.from - b.from || a.to - b.to);
}

/** Arrows beside the states lie in lanes of their own where they would meet: short ones inside. */
function lanesOf(edges: readonly Group[]): {
  readonly count: number;
  readonly laneOf: ReadonlyMap<Group, number>;
} {
  const laneOf = new Map<Group, number>();
  const lanes: Group[][] = [];
  const span = ({ from, to }: Group) => Math.abs(from - to);
  for (const edge of edges.toSorted((a, b) => span(a) - span(b))) {
    let lane = lanes.findIndex((taken) => !taken.some((other) => doMeet(edge, other)));
    if (lane < 0) lane = lanes.push([]) - 1;
    lanes[lane]!.push(edge);
    laneOf.set(edge, lane);
  }
  return { count: lanes.length, laneOf };
}

function doMeet(a: Group, b: Group): boolean {
  const low = (edge: Group) => Math.min(edge.from, edge.to);
  const high = (edge: Group) => Math.max(edge.from, edge.to);
  return low(a) <= high(b) && low(b) <= high(a);
}

interface BoxInput extends Pick<StateBox, "row" | "x" | "y" | "width"> {
  readonly hasBar: boolean;
  readonly chips: readonly string[];
}

function stateBox({ row, x, y, width, hasBar, chips: texts }: BoxInput): StateBox {
  let bottom = y + PADDING + 2 * LINE;
  const barY = hasBar ? bottom + 2 : null;
  if (hasBar) bottom += BAR + 6;
  const chips: ChipBox[] = [];
  const shown = texts.slice(0, MOST_CHIPS).map((text, instance) => ({ text, instance }));
  if (texts.length > MOST_CHIPS) shown.push({ text: `+${texts.length - MOST_CHIPS} more`, instance: -1 });
  let chipX = x + PADDING;
  let chipY = bottom + 4;
  for (const { text, instance } of shown) {
    const wanted = Math.min(textWidth(text) + 14, width - 2 * PADDING);
    if (chipX > x + PADDING && chipX + wanted > x + width - PADDING) {
      chipX = x + PADDING;
      chipY += CHIP + 4;
    }
    chips.push({ instance, x: chipX, y: chipY, width: wanted });
    chipX += wanted + 4;
  }
  if (chips.length > 0) bottom = chipY + CHIP;
  return { row, x, y, width, height: bottom + PADDING - y, barY, chips };
}

/** Arrows at one side of a box begin and end one below the other. */
class Ports {
  private readonly used = new Map<string, number>();

  next({ row, y, height }: StateBox, side: string): number {
    const key = `${row}${side}`;
    const count = this.used.get(key) ?? 0;
    this.used.set(key, count + 1);
    return y + Math.min(PADDING + 4 + count * PORT, height - 6);
  }
}

function straight(from: StateBox, to: StateBox): Pick<Edge, "path" | "label"> {
  const x = from.x + from.width / 2;
  const top = from.y + from.height;
  return {
    path: `M${x},${top} V${to.y - 1}`,
    label: { x: x + 8, y: (top + to.y) / 2 + 4, isVertical: false },
  };
}

function around(
  from: StateBox,
  to: StateBox,
  { side, lane, ports }: { readonly side: "left" | "right"; readonly lane: number; readonly ports: Ports },
): Pick<Edge, "path" | "label"> {
  const edgeX = side === "left" ? from.x : from.x + from.width;
  const out = side === "left" ? -1 : 1;
  const laneX = edgeX + out * (LANE * lane + LANE / 2 + 2);
  const isSelf = from === to;
  const start = isSelf ? from.y + from.height - PADDING - 2 : ports.next(from, side);
  const end = ports.next(to, side);
  const corner = 5;
  const down = end > start ? 1 : -1;
  const path = [
    `M${edgeX},${start}`,
    `H${laneX - out * corner}`,
    `Q${laneX},${start} ${laneX},${start + down * corner}`,
    `V${end - down * corner}`,
    `Q${laneX},${end} ${laneX - out * corner},${end}`,
    `H${edgeX + out}`,
  ].join(" ");
  return { path, label: { x: laneX, y: (start + end) / 2, isVertical: true } };
}

/** A value as a piece of a bar that stands for the whole future. */
export interface BarPiece {
  readonly saved: ProtocolSaved;
  readonly x: number;
  readonly width: number;
}

/** Where the values of a state lie in a bar; those without bytes are not in it. */
export function barPieces(saved: readonly ProtocolSaved[], bytes: number, width: number): BarPiece[] {
  if (bytes === 0) return [];
  return saved
    .filter((each) => each.bytes > 0)
    .map((each) => ({
      saved: each,
      x: (each.offset * width) / bytes,
      width: Math.max(1, (each.bytes * width) / bytes),
    }));
}
