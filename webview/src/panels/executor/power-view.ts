import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { ExecutorBody } from "#adapter/protocol/executor";
import { formatShare } from "../../format";
import {
  type AssumptionName,
  ASSUMPTIONS,
  estimatePower,
  lifeWords,
  type PowerAssumptions,
} from "./power-estimate";

export interface PowerEvents {
  onChange(name: AssumptionName, value: number): void;
  onReset(): void;
}

/** An estimate of current and battery life, with what it rests on. */
export function powerView(
  { whole, recent }: ExecutorBody,
  assumptions: PowerAssumptions,
  events: PowerEvents,
): TemplateResult {
  if (whole === null || recent === null) {
    return html`<p class="aside">Not known: on a board nobody sees how long the core sleeps.</p>`;
  }
  const spans = [
    { name: "The run", ...whole },
    { name: "The last second", ...recent },
  ];
  return html`<table>
      <thead>
        <tr>
          <th scope="col">By</th>
          <th scope="col">Asleep</th>
          <th scope="col">Current</th>
          <th scope="col">Battery lasts</th>
        </tr>
      </thead>
      <tbody>
        ${spans.map(({ name, asleep, duration }) => {
          const { current, hours } = estimatePower(duration === 0 ? 0 : asleep / duration, assumptions);
          return html`<tr>
            <td>${name}</td>
            <td class="number">${formatShare(asleep, duration)}</td>
            <td class="number">about ${current.toFixed(1)} mA</td>
            <td class="number">about ${lifeWords(hours)}</td>
          </tr>`;
        })}
      </tbody>
    </table>
    <p class="aside">An estimate: it is as good as these assumptions. Put in what you have measured.</p>
    <div class="assumptions">
      ${ASSUMPTIONS.map(
        ({ name, label, unit, source }) =>
          html`<label for=${`power-${name}`}>${label}</label>
            <span
              ><input
                id=${`power-${name}`}
                type="number"
                min="0"
                step="any"
                aria-describedby=${`power-${name}-source`}
                .value=${live(String(assumptions[name]))}
                @change=${(event: Event) =>
                  events.onChange(name, (event.target as HTMLInputElement).valueAsNumber)}
              />
              ${unit}</span
            >
            <p class="aside" id=${`power-${name}-source`}>Assumed: ${source}.</p>`,
      )}
    </div>
    <button type="button" class="reset" @click=${() => events.onReset()}>Reset the assumptions</button>`;
}
