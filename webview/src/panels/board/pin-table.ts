import { html, type TemplateResult } from "lit";
import type { BoardBody } from "#adapter/protocol/board";
import type { BoardLook } from "./board-look";
import { BOARD_PINS, headerPinOf } from "./pico-pinout";
import { percent } from "./pin-words";

/** All pins of the chip as a table: what the drawing shows, for reading. */
export function pinTable(body: BoardBody, look: BoardLook): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        ${["pin", "board", "level", "function", "direction", "pull", "changes", "parts"].map(
          (name) => html`<th scope="col">${name}</th>`,
        )}
      </tr>
    </thead>
    <tbody>
      ${body.pins.map((pin, gpio) => {
        const header = headerPinOf(gpio);
        const parts = body.parts.filter(({ pins }) => pins.some((wired) => wired.pin === gpio));
        const share = look.highShare(gpio);
        return html`<tr>
          <th scope="row">GP${gpio}</th>
          <td>${header === undefined ? (BOARD_PINS[gpio] ?? "") : header.number}</td>
          <td>${pin.isHigh ? "high" : "low"}${share > 0 && share < 1 ? ` (${percent(share)})` : ""}</td>
          <td>${pin.signal === "none" ? "" : pin.signal}</td>
          <td>${pin.isContended ? "contended" : pin.isDriven ? "out" : pin.isInput ? "in" : ""}</td>
          <td>${pin.pull === "none" ? "" : pin.pull}</td>
          <td class="number">${pin.changes}</td>
          <td>${parts.map(({ name }) => name).join(", ")}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}
