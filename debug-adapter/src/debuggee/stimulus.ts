import { nanoseconds, type Nanoseconds } from "../base/brand";
import { parseDuration } from "../base/duration";
import { UserError } from "../base/errors";

/** An input from outside the chip at an instant of virtual time. */
export type Stimulus =
  | {
      readonly kind: "press";
      readonly at: Nanoseconds;
      readonly pin: number;
      readonly length: Nanoseconds;
    }
  | {
      readonly kind: "type";
      readonly at: Nanoseconds;
      readonly uart: number;
      readonly bytes: Uint8Array;
    };

const DEFAULT_PRESS = nanoseconds(100e6);

/**
 * A button press written `15@1.2s` or, with how long it is held, `15@1.2s+50ms`.
 * @throws UserError if it is not of that form
 */
export function parsePress(text: string): Stimulus {
  const match = /^(?:GP)?(\d+)@([^+]+)(?:\+(.+))?$/i.exec(text);
  const at = parseDuration(match?.[2] ?? "");
  const length = match?.[3] === undefined ? DEFAULT_PRESS : parseDuration(match[3]);
  if (match === null || at === undefined || length === undefined) {
    throw new UserError(`${JSON.stringify(text)} is no button press`, "write PIN@TIME, for example 15@1.2s");
  }
  return { kind: "press", at, pin: Number(match[1]), length };
}

/**
 * Text sent to a UART, written `hello\n@1s`, or `1:hello@1s` for UART1.
 * @throws UserError if it is not of that form
 */
export function parseTyping(text: string): Stimulus {
  const match = /^(?:([01]):)?(.+)@([^@]+)$/s.exec(text);
  const at = parseDuration(match?.[3] ?? "");
  if (match === null || at === undefined) {
    throw new UserError(
      `${JSON.stringify(text)} is no text to send`,
      "write TEXT@TIME, for example hello@1s",
    );
  }
  const plain = match[2]!.replaceAll(/\\([nrt\\])/g, (_, letter: string) => ESCAPES[letter]!);
  return { kind: "type", at, uart: Number(match[1] ?? 0), bytes: new TextEncoder().encode(plain) };
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "\\": "\\" };
