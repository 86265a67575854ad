import { nothing, svg, type SVGTemplateResult, type TemplateResult, html } from "lit";
import type { ProtocolState, StateMachineBody } from "#adapter/protocol/state-machine";
import type { SourcePlace } from "#adapter/trace/trace";
import { formatShortPlace } from "../../format";
import {
  BAR,
  barPieces,
  CHIP,
  type ChipBox,
  type Edge,
  fitted,
  layoutMachine,
  LINE,
  PADDING,
  type StateBox,
  textWidth,
} from "./machine-layout";
import { chipWords, countWords, savedName, stateMeaning, stateTitle, stayWords } from "./machine-words";

export interface DrawingInput {
  readonly machine: StateMachineBody;
  /** In CSS pixels. */
  readonly width: number;
  /** The state whose values are listed. */
  readonly selected: number | null;
  /** The thread chosen in CALL STACK: its futures stand out. */
  readonly focus: number | null;
  readonly onChoose: (row: number) => void;
  readonly onOpen: (place: SourcePlace) => void;
  /** A live future's task was chosen. */
  readonly onSelect: (threadId: number) => void;
}

/** The states and what goes on between them. Tables beside it have the same for those who do not see it. */
export function machineDrawing(input: DrawingInput): TemplateResult {
  const { machine, width } = input;
  const instances = machine.states.map((_, row) => machine.instances.filter((each) => each.row === row));
  const chips = instances.map((all) => all.map((each) => chipWords(each).text));
  const layout = layoutMachine({ width, chips, machine });
  return html`<svg
    class="machine-drawing"
    aria-hidden="true"
    width=${layout.width}
    height=${layout.height}
    viewBox="0 0 ${layout.width} ${layout.height}"
  >
    <defs>
      <marker
        id="machine-arrow"
        viewBox="0 0 8 8"
        refX="7"
        refY="4"
        markerWidth="8"
        markerHeight="8"
        markerUnits="userSpaceOnUse"
        orient="auto"
      >
        <path class="edge-head" d="M0,0 L8,4 L0,8 Z" />
      </marker>
    </defs>
    ${layout.spine.map(({ x, from, to }) => svg`<line class="spine" x1=${x} x2=${x} y1=${from} y2=${to} />`)}
    ${layout.boxes.map((box) => stateGroup(box, input, instances[box.row] ?? []))}
    ${layout.edges.map(edgeGroup)}
  </svg>`;
}

function stateGroup(
  box: StateBox,
  { machine, selected, focus, onChoose, onOpen, onSelect }: DrawingInput,
  instances: StateMachineBody["instances"],
): SVGTemplateResult {
  const { row, x, y, width, height } = box;
  const state = machine.states[row]!;
  const stay = stayWords(machine.history.stays.find((each) => each.row === row));
  const place = state.kind === "suspended" || state.kind === "unresumed" ? state.place : null;
  const inner = width - 2 * PADDING;
  const bytes = state.saved.length === 0 ? "" : `${state.bytes} B`;
  const title = stateTitle(state, row);
  const isLive = instances.some(({ standing }) => standing !== "ended");
  const classes = [
    "state",
    state.kind,
    ...(row === selected ? ["selected"] : []),
    ...(isLive ? ["live"] : []),
    ...(row === machine.largest ? ["largest"] : []),
  ];
  const textX = x + PADDING;
  const placeX = textX + textWidth(title, "bold") + 8;
  const placeRoom = x + width - PADDING - textWidth(bytes) - 8 - placeX;
  return svg`<g class=${classes.join(" ")} @click=${() => onChoose(row)}>
    <rect class="box" x=${x} y=${y} width=${width} height=${height} rx="4" />
    <text class="state-title" x=${textX} y=${y + PADDING + 12}>${title}</text>
    ${place === null ? nothing : placeText(place, { x: placeX, y: y + PADDING + 12, room: placeRoom, onOpen })}
    <text class="bytes" x=${x + width - PADDING} y=${y + PADDING + 12}>${bytes}</text>
    <text class="meaning" x=${textX} y=${y + PADDING + 12 + LINE}>${secondLine(state, stay, inner)}</text>
    ${box.barY === null ? nothing : bar(state, { x: textX, y: box.barY, width: inner, bytes: machine.bytes })}
    ${box.chips.map((chip) => chipGroup(chip, instances, { focus, onSelect }))}
  </g>`;
}

/** What is awaited, and how often it stood there if there is room for both. */
function secondLine(state: ProtocolState, stay: string | null, room: number): string {
  const meaning = stateMeaning(state);
  const both = stay === null ? meaning : `${meaning} · ${stay}`;
  return fitted(textWidth(both) <= room ? both : meaning, room);
}

interface PlaceText {
  readonly x: number;
  readonly y: number;
  readonly room: number;
  readonly onOpen: (place: SourcePlace) => void;
}

function placeText(place: SourcePlace, { x, y, room, onOpen }: PlaceText): SVGTemplateResult {
  const open = (event: Event) => {
    event.stopPropagation();
    onOpen(place);
  };
  return svg`<text class="place-text" x=${x} y=${y} @click=${open}>${fitted(formatShortPlace(place), room)}</text>`;
}

interface BarPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Of the whole future. */
  readonly bytes: number;
}

function bar({ saved }: ProtocolState, { x, y, width, bytes }: BarPlace): SVGTemplateResult {
  return svg`<rect class="bar" x=${x} y=${y} width=${width} height=${BAR} />
    ${barPieces(saved, bytes, width).map(({ saved: each, x: left, width: length }) => {
      const name = fitted(each.role === "awaitee" ? each.type : savedName(each), length - 6);
      return svg`<g class="piece ${each.role}">
        <title>${savedName(each)}: ${each.type}, ${each.bytes} B at ${each.offset}</title>
        <rect x=${x + left} y=${y} width=${length} height=${BAR} />
        ${name === "" || name === "…" ? nothing : svg`<text x=${x + left + 4} y=${y + 12}>${name}</text>`}
      </g>`;
    })}`;
}

function chipGroup(
  { instance, x, y, width }: ChipBox,
  instances: StateMachineBody["instances"],
  { focus, onSelect }: Pick<DrawingInput, "focus" | "onSelect">,
): SVGTemplateResult {
  const found = instances[instance];
  const { text, title } =
    found === undefined
      ? { text: `+${instances.length - 8} more`, title: "the table lists all" }
      : chipWords(found);
  const classes = found === undefined ? "more" : found.standing;
  const select = (event: Event) => {
    if (found === undefined) return;
    event.stopPropagation();
    onSelect(found.threadId);
  };
  return svg`<g class="chip ${classes} ${found?.threadId === focus ? "focused" : ""}" @click=${select}>
    <title>${title}</title>
    <rect x=${x} y=${y} width=${width} height=${CHIP} rx="10" />
    <text x=${x + 7} y=${y + 14}>${fitted(text, width - 10)}</text>
  </g>`;
}

function edgeGroup({ path, label, transitions, isCertain }: Edge): SVGTemplateResult {
  const { x, y, isVertical } = label;
  const text = transitions.map(countWords).join(" + ");
  const turn = isVertical ? `rotate(-90 ${x} ${y})` : nothing;
  return svg`<g class="edge ${isCertain ? "" : "perhaps"}">
    <path d=${path} marker-end="url(#machine-arrow)" />
    <text class=${isVertical ? "vertical" : ""} x=${x} y=${isVertical ? y + 4 : y} transform=${turn}>${text}</text>
  </g>`;
}
