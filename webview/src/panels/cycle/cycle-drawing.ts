import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { formatPlace, formatShortPlace } from "../../format";
import type { SourcePlace } from "#adapter/trace/trace";
import { type CycleRow, LANES } from "./cycle-rows";

/** Where the arrow of a row lies, in pixels from its top. */
const ARROW_Y = 18;

/** The steps of a cycle: over the lanes what passes between them, beside them the words. */
export function cycleDrawing(
  rows: readonly CycleRow[],
  onOpen: (place: SourcePlace) => void,
): TemplateResult {
  return html`
    <div class="cycle-heads" aria-hidden="true">${LANES.map(({ name }) => html`<span>${name}</span>`)}</div>
    <ol class="cycle-steps">
      ${rows.map(
        (row) =>
          html`<li class="cycle-step ${row.look}" aria-current=${row.look === "current" ? "step" : nothing}>
            ${lanes(row)}
            <div class="cycle-words">
              <p class="cycle-title">
                ${row.look === "coming" ? html`<em>Next:</em> ` : nothing}${row.title}
              </p>
              ${row.text === "" ? nothing : html`<p class="cycle-text">${row.text}</p>`}
              <p class="cycle-facts">
                ${row.when} ${row.place === null ? nothing : placeButton(row.place, onOpen)}
              </p>
            </div>
          </li>`,
      )}
    </ol>
  `;
}

function placeButton(place: SourcePlace, onOpen: (place: SourcePlace) => void): TemplateResult {
  return html`<button
    type="button"
    class="place"
    title="Open ${formatPlace(place)}"
    @click=${() => onOpen(place)}
  >
    ${formatShortPlace(place)}
  </button>`;
}

/** The middle of a lane. */
function laneX(lane: number): string {
  return `${((lane + 0.5) * 100) / LANES.length}%`;
}

function lanes({ from, to, label, activity }: CycleRow): TemplateResult {
  return html`<svg class="cycle-lanes" aria-hidden="true">
    ${LANES.map((_, lane) => svg`<line class="lane" x1=${laneX(lane)} x2=${laneX(lane)} y1="0" y2="100%" />`)}
    ${poll(activity)} ${from === to ? dot(from) : arrow(from, to)}
    ${from === to || label === "" ? nothing : labelOf(from, to, label)}
  </svg>`;
}

/** While it is polled the task's lane is a bar. */
function poll(activity: CycleRow["activity"]): SVGTemplateResult | typeof nothing {
  if (activity === "none") return nothing;
  const y = activity === "begins" ? ARROW_Y : 0;
  const height = activity === "ends" ? String(ARROW_Y) : "100%";
  return svg`<svg x=${laneX(LANES.length - 1)} overflow="visible">
    <rect class="poll" x="-4" y=${y} width="8" height=${height} />
  </svg>`;
}

function dot(lane: number): SVGTemplateResult {
  return svg`<circle class="dot" cx=${laneX(lane)} cy=${ARROW_Y} r="4" />`;
}

function arrow(from: number, to: number): SVGTemplateResult {
  const back = to < from ? 1 : -1;
  const head = `M${back * 7},${ARROW_Y - 4} L0,${ARROW_Y} L${back * 7},${ARROW_Y + 4} Z`;
  return svg`<line class="arrow" x1=${laneX(from)} x2=${laneX(to)} y1=${ARROW_Y} y2=${ARROW_Y} />
    <svg x=${laneX(to)} overflow="visible"><path class="arrow-head" d=${head} /></svg>`;
}

function labelOf(from: number, to: number, label: string): SVGTemplateResult {
  return svg`<text class="arrow-label" x=${laneX((from + to) / 2)} y=${ARROW_Y - 6}>${label}</text>`;
}
