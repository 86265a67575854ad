import { nothing, svg, type SVGTemplateResult } from "lit";
import type { BoardBody } from "#adapter/protocol/board";
import type { BoardLook } from "./board-look";
import { HEADER_PINS, type HeaderPin, LED_PIN } from "./pico-pinout";
import { pinFacts, pinFunction } from "./pin-words";

// Units of the drawing. The Pico is 21 mm by 51 mm, its pins 2.54 mm apart; here a millimetre is 6 units. The board is
// drawn wider than it is, for the names.
const PITCH = 15.24;
const BOARD = { left: 76, top: 12, width: 160, height: 306 };
const FIRST_PIN = BOARD.top + 8.2;
const PAD = 5;
export const DRAWING = { width: 312, height: 322 };

export interface DrawingOptions {
  readonly look: BoardLook;
  readonly body: BoardBody;
  readonly selected: number | undefined;
  /** Pins of the part that is pointed at. */
  readonly marked: ReadonlySet<number>;
  readonly onSelect: (gpio: number) => void;
}

/**
 * The Pico from above, USB at the top:
 *
 *     function  level | number pad name      name pad number | level  function
 */
export function boardDrawing(options: DrawingOptions): SVGTemplateResult {
  const { look } = options;
  const { left, top, width, height } = BOARD;
  const middle = left + width / 2;
  const share = look.highShare(LED_PIN);
  return svg`
    <rect class="pcb" x=${left} y=${top} width=${width} height=${height} rx="6"></rect>
    <rect class="usb" x=${middle - 22} y=${top - 8} width="44" height="32" rx="2"></rect>
    <text class="printed" x=${middle} y=${top + 12} text-anchor="middle">USB</text>
    <g class="led" data-lit=${share > 0}>
      <title>${`LED on GP25: ${ledWords(share)}`}</title>
      <circle class="glow" cx=${middle - 20} cy=${top + 41} r="11" fill-opacity=${share * 0.5}></circle>
      <rect class="dark" x=${middle - 24} y=${top + 37} width="8" height="8" rx="1.5"></rect>
      <rect class="light" x=${middle - 24} y=${top + 37} width="8" height="8" rx="1.5" fill-opacity=${share}></rect>
      <text class="printed" x=${middle - 20} y=${top + 60} text-anchor="middle">LED ${share > 0 ? "on" : "off"}</text>
    </g>
    <g class="bootsel">
      <title>BOOTSEL: only looked at when a Pico is switched on; not emulated</title>
      <rect x=${middle - 13} y=${top + 72} width="18" height="26" rx="2"></rect>
      <circle cx=${middle - 4} cy=${top + 85} r="6"></circle>
      <text class="printed" x=${middle - 4} y=${top + 109} text-anchor="middle">BOOTSEL</text>
    </g>
    <rect class="chip" x=${middle - 20} y=${top + 128} width="40" height="40" rx="2"></rect>
    <text class="chip-name" x=${middle} y=${top + 151} text-anchor="middle">RP2040</text>
    <text class="printed" x=${middle} y=${top + 240} text-anchor="middle">Pico</text>
    ${HEADER_PINS.map((pin) => pinDrawing(pin, options))}`;
}

/** What is to be said of an LED that is lit for a part of the time. */
export function ledWords(share: number): string {
  if (share <= 0) return "dark";
  return share >= 1 ? "lit" : `lit ${Math.round(share * 100)} % of the time just now`;
}

/** Where a pin stands: the left row goes down, the right one up. */
export function pinPlace(number: number): {
  readonly isLeft: boolean;
  readonly x: number;
  readonly y: number;
} {
  const isLeft = number <= 20;
  const row = isLeft ? number - 1 : 40 - number;
  const x = isLeft ? BOARD.left + 9 : BOARD.left + BOARD.width - 9;
  return { isLeft, x, y: FIRST_PIN + row * PITCH };
}

function pinDrawing(pin: HeaderPin, options: DrawingOptions): SVGTemplateResult {
  const { number, name, gpio } = pin;
  const { isLeft, x, y } = pinPlace(number);
  const side = isLeft ? -1 : 1;
  const inner = isLeft ? "start" : "end";
  const pad =
    number === 1
      ? svg`<rect class="pad" x=${x - PAD} y=${y - PAD} width=${2 * PAD} height=${2 * PAD}></rect>`
      : svg`<circle class="pad" cx=${x} cy=${y} r=${PAD}></circle>`;
  return svg`<g class=${pinClasses(pin, options)} @click=${() => gpio !== undefined && options.onSelect(gpio)}>
    ${gpio === undefined ? nothing : svg`<rect class="touch" x=${touchLeft(isLeft)} y=${y - PITCH / 2} width=${TOUCH} height=${PITCH}></rect>`}
    ${pad}
    <text class="pin-number" x=${x} y=${y + 2.6} text-anchor="middle">${number}</text>
    <text class="pin-name" x=${x - side * 8} y=${y + 3} text-anchor=${inner}>${name}</text>
    ${gpio === undefined ? nothing : signalDrawing({ gpio, x: x + side * 22, y, side }, options)}
  </g>`;
}

/** A pin is chosen anywhere in its row, from the board's edge of the names to the end of its function. */
const TOUCH = BOARD.left + 44;

function touchLeft(isLeft: boolean): number {
  return isLeft ? 0 : DRAWING.width - TOUCH;
}

interface SignalPlace {
  readonly gpio: number;
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** The level of a pin, H or L, and what it is used for. */
function signalDrawing({ gpio, x, y, side }: SignalPlace, { look, body }: DrawingOptions): SVGTemplateResult {
  const pin = body.pins[gpio]!;
  const share = look.highShare(gpio);
  const facts = `GP${gpio}: ${pinFacts(pin, share)}`;
  return svg`<title>${facts}</title>
    <rect class="level" x=${x - 5} y=${y - 5} width="10" height="10" rx="1.5"></rect>
    <text class="level-letter" x=${x} y=${y + 3} text-anchor="middle">${pin.isHigh ? "H" : "L"}</text>
    ${look.hasMoved(gpio) ? svg`<path class="moved" d=${edges(x + side * 11, y)}></path>` : nothing}
    <text class="pin-function" x=${x + side * (look.hasMoved(gpio) ? 18 : 9)} y=${y + 3}
      text-anchor=${side < 0 ? "end" : "start"}>${pinFunction(pin)}</text>`;
}

/** A small rectangular wave: the level has changed since the last look. */
function edges(x: number, y: number): string {
  return `M${x - 4} ${y + 3}v-6h4v6h4v-6`;
}

function pinClasses({ gpio }: HeaderPin, { body, selected, marked }: DrawingOptions): string {
  if (gpio === undefined) return "pin supply";
  const pin = body.pins[gpio]!;
  const classes = ["pin", "gpio", pin.isHigh ? "high" : "low"];
  if (pin.signal === "none") classes.push("unused");
  if (body.parts.some(({ pins }) => pins.some((wired) => wired.pin === gpio))) classes.push("wired");
  if (pin.isContended) classes.push("contended");
  if (gpio === selected) classes.push("selected");
  if (marked.has(gpio)) classes.push("marked");
  return classes.join(" ");
}
