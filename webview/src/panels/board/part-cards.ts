import { html, nothing, svg, type TemplateResult } from "lit";
import type { BoardDisplay, BoardPart } from "#adapter/protocol/board";
import { ledWords } from "./board-drawing";
import type { BoardLook } from "./board-look";
import { headerPinOf } from "./pico-pinout";
import { DIGITS_BOX, segmentDigits } from "./segment-digits";

/** What the cards of the parts tell when they are used. */
export interface PartHands {
  readonly press: (pin: number) => void;
  readonly release: (pin: number) => void;
  readonly setTemperature: (part: string, celsius: number) => void;
  readonly type: (uart: 0 | 1, text: string) => void;
  readonly remove: (part: string) => void;
  /** The pointer or the focus is on a part, or has left it. */
  readonly point: (part: BoardPart | undefined) => void;
}

export interface CardOptions {
  readonly look: BoardLook;
  readonly hands: PartHands;
  /** The session has ended: nothing can be touched. */
  readonly isOver: boolean;
  /** What a terminal has shown so far, by its name. */
  readonly terminalText: (part: string) => string;
  readonly isHeld: (pin: number) => boolean;
}

/** A part: what it shows, what can be done to it, and where it is wired. */
export function partCard(part: BoardPart, options: CardOptions): TemplateResult {
  const { hands, isOver } = options;
  const point = () => hands.point(part);
  const leave = () => hands.point(undefined);
  return html`<li
    class="part ${part.display.kind}"
    data-part=${part.name}
    @pointerenter=${point}
    @pointerleave=${leave}
    @focusin=${point}
    @focusout=${leave}
  >
    <div class="part-head">
      <h3>${part.name}</h3>
      <span class="aside">${wires(part)}</span>
      <button
        class="remove"
        title="Take ${part.name} off the board"
        aria-label="Take ${part.name} off the board"
        ?disabled=${isOver}
        @click=${() => hands.remove(part.name)}
      >
        ✕
      </button>
    </div>
    ${display(part, part.display, options)}
  </li>`;
}

/** Where a part is wired: `clk GP2 (pin 4), dio GP3 (pin 5)`. */
export function wires({ pins }: BoardPart): string {
  return pins
    .map(({ role, pin }) => {
      const header = headerPinOf(pin);
      const place = header === undefined ? "on the board" : `pin ${header.number}`;
      return `${role === "pin" ? "" : `${role} `}GP${pin} (${place})`;
    })
    .join(", ");
}

function display(part: BoardPart, shown: BoardDisplay, options: CardOptions): TemplateResult {
  switch (shown.kind) {
    case "led":
      return led(part, shown, options.look);
    case "button":
      return button(part, shown, options);
    case "tm1637":
      return html`<svg class="digits" viewBox=${DIGITS_BOX} role="img" aria-label="shows “${shown.text}”">
          ${segmentDigits(shown.segments, shown.isOn)}
        </svg>
        <p class="aside">
          ${shown.isOn ? html`“<span class="reading">${shown.text}</span>”` : "off"}${
            shown.isOn ? `, brightness ${shown.brightness + 1} of 8` : nothing
          }
        </p>`;
    case "tmp102":
      return sensor(part, shown, options);
    case "uart":
      return terminal(part, shown, options);
  }
}

function led(
  { pins }: BoardPart,
  { litLevel, timesLit }: Extract<BoardDisplay, { kind: "led" }>,
  look: BoardLook,
): TemplateResult {
  const high = look.highShare(pins[0]?.pin ?? 0);
  const share = litLevel === "high" ? high : 1 - high;
  return html`<p class="led-line">
    <svg class="bulb" viewBox="0 0 20 20" aria-hidden="true">
      ${svg`<circle class="glow" cx="10" cy="10" r="9" fill-opacity=${share * 0.4}></circle>
        <circle class="dark" cx="10" cy="10" r="5.5"></circle>
        <circle class="light" cx="10" cy="10" r="5.5" fill-opacity=${share}></circle>`}
    </svg>
    <span class="reading">${ledWords(share)}</span>
    <span class="aside">lit ${timesLit} ${timesLit === 1 ? "time" : "times"}</span>
  </p>`;
}

const isPressKey = (key: string) => key === " " || key === "Enter";

/** Pressed for as long as the mouse button or the key is held. */
function button(
  { name, pins }: BoardPart,
  { isPressed }: Extract<BoardDisplay, { kind: "button" }>,
  { hands, isOver, isHeld }: CardOptions,
): TemplateResult {
  const pin = pins[0]?.pin ?? 0;
  const release = () => hands.release(pin);
  const isDown = isPressed || isHeld(pin);
  return html`<button
    class="push ${isDown ? "down" : ""}"
    aria-pressed=${isDown}
    aria-label="${name}: hold to press"
    ?disabled=${isOver}
    @pointerdown=${(event: PointerEvent) => {
      if (event.button !== 0) return;
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
      hands.press(pin);
    }}
    @pointerup=${release}
    @pointercancel=${release}
    @keydown=${(event: KeyboardEvent) => {
      if (!isPressKey(event.key)) return;
      event.preventDefault();
      if (!event.repeat) hands.press(pin);
    }}
    @keyup=${(event: KeyboardEvent) => {
      if (isPressKey(event.key)) release();
    }}
    @blur=${release}
  >
    ${isDown ? "pressed" : "press and hold"}
  </button>`;
}

const COLDEST = -40;
const HOTTEST = 125;

function sensor(
  { name }: BoardPart,
  { celsius, address }: Extract<BoardDisplay, { kind: "tmp102" }>,
  { hands, isOver }: CardOptions,
): TemplateResult {
  const set = (event: Event) => {
    const { valueAsNumber } = event.currentTarget as HTMLInputElement;
    if (Number.isFinite(valueAsNumber)) hands.setTemperature(name, valueAsNumber);
  };
  return html`<p class="sensor-line">
    <input
      type="range"
      min=${COLDEST}
      max=${HOTTEST}
      step="0.5"
      .value=${String(celsius)}
      aria-label="Temperature at ${name} in degrees Celsius"
      ?disabled=${isOver}
      @input=${set}
    />
    <input
      type="number"
      min=${COLDEST}
      max=${HOTTEST}
      step="0.5"
      .value=${String(celsius)}
      aria-label="Temperature at ${name} in degrees Celsius, as a number"
      ?disabled=${isOver}
      @change=${set}
    />
    <span>°C</span>
    <span class="aside">I2C address 0x${address.toString(16)}</span>
  </p>`;
}

function terminal(
  { name }: BoardPart,
  { uart }: Extract<BoardDisplay, { kind: "uart" }>,
  { hands, isOver, terminalText }: CardOptions,
): TemplateResult {
  const send = (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const line = form.elements.namedItem("line") as HTMLInputElement;
    const end = form.elements.namedItem("end") as HTMLSelectElement;
    hands.type(uart, line.value + (LINE_ENDS[end.value] ?? ""));
    line.value = "";
  };
  return html`<pre class="screen" tabindex="0" role="log" aria-label="What ${name} has received">
${terminalText(name)}</pre>
    <form class="typing" @submit=${send}>
      <input
        name="line"
        type="text"
        autocomplete="off"
        placeholder="Type to UART${uart}, Enter sends"
        aria-label="Text to send to UART${uart}"
        ?disabled=${isOver}
      />
      <select name="end" aria-label="What ends a line" ?disabled=${isOver}>
        ${Object.keys(LINE_ENDS).map((label) => html`<option value=${label}>${label}</option>`)}
      </select>
      <button class="plain" ?disabled=${isOver}>Send</button>
    </form>`;
}

const LINE_ENDS: Readonly<Record<string, string>> = { LF: "\n", "CR LF": "\r\n", CR: "\r", "no end": "" };
