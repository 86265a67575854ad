import { svg, type SVGTemplateResult } from "lit";

/** One digit in a box of 24 by 40: segments A to G in the order of their bits. */
const SEGMENTS = [
  "M5 3h14l-3 4h-8z",
  "M20 4l0 15-4-3v-9z",
  "M20 21l0 15-4-3v-9z",
  "M5 37h14l-3-4h-8z",
  "M4 21l0 15 4-3v-9z",
  "M4 4l0 15 4-3v-9z",
  "M6 20l3-2h6l3 2-3 2h-6z",
] as const;

const DIGIT_WIDTH = 28;
/** The digit whose bit 7 lights the colon of a clock module. */
const COLON_DIGIT = 1;
const POINT = 0x80;

export const DIGITS_BOX = "-4 -4 120 48";

/** Four digits as they are lit; a display that is off shows all segments dark. */
export function segmentDigits(segments: readonly number[], isOn: boolean): SVGTemplateResult {
  const lit = (isLit: boolean) => (isOn && isLit ? "segment lit" : "segment");
  return svg`${segments.map(
    (bits, digit) => svg`<g transform=${`translate(${digit * DIGIT_WIDTH} 0)`}>
      ${SEGMENTS.map((path, bit) => svg`<path class=${lit(((bits >>> bit) & 1) !== 0)} d=${path}></path>`)}
      ${
        digit === COLON_DIGIT
          ? svg`<circle class=${lit((bits & POINT) !== 0)} cx="26" cy="13" r="2.2"></circle>
              <circle class=${lit((bits & POINT) !== 0)} cx="26" cy="27" r="2.2"></circle>`
          : svg`<circle class=${lit((bits & POINT) !== 0)} cx="25" cy="36" r="2"></circle>`
      }
    </g>`,
  )}`;
}
