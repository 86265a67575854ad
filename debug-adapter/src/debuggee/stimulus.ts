import { nanoseconds } from "../base/brand";
import { parseDuration } from "../base/duration";
import { UserError } from "../base/errors";
import type { TimedInput } from "../target/emulated-target";

const DEFAULT_PRESS = nanoseconds(100e6);

/**
 * A button press written `15@1.2s` or, with how long it is held, `15@1.2s+50ms`.
 * @throws UserError if it is not of that form
 */
export function parsePress(text: string): TimedInput {
  const match = /^(?:GP)?(\d+)@([^+]+)(?:\+(.+))?$/i.exec(text);
  const at = parseDuration(match?.[2] ?? "");
  const length = match?.[3] === undefined ? DEFAULT_PRESS : parseDuration(match[3]);
  if (match === null || at === undefined || length === undefined) {
    throw new UserError(`${JSON.stringify(text)} is no button press`, "write PIN@TIME, for example 15@1.2s");
  }
  return { at, input: { kind: "press", pin: Number(match[1]), holdFor: length } };
}

/**
 * Text sent to a UART, written `hello\n@1s`, or `1:hello@1s` for UART1.
 * @throws UserError if it is not of that form
 */
export function parseTyping(text: string): TimedInput {
  const match = /^(?:([01]):)?(.+)@([^@]+)$/s.exec(text);
  const at = parseDuration(match?.[3] ?? "");
  if (match === null || at === undefined) {
    throw new UserError(
      `${JSON.stringify(text)} is no text to send`,
      "write TEXT@TIME, for example hello@1s",
    );
  }
  const plain = match[2]!.replaceAll(/\\([nrt\\])/g, (_, letter: string) => ESCAPES[letter]!);
  // The line carries bytes: one for each character of the text's UTF-8.
  const bytes = String.fromCharCode(...new TextEncoder().encode(plain));
  return { at, input: { kind: "type", uart: match[1] === "1" ? 1 : 0, text: bytes } };
}

/**
 * What happens to the board at an instant, as a launch configuration writes it: `press:15@1.2s`, `type:hello\\n@1s`.
 * @throws UserError if it is of neither form
 */
export function parseStimulus(text: string): TimedInput {
  const [, kind, rest] = /^(press|type):(.*)$/s.exec(text) ?? [];
  if (kind === undefined || rest === undefined) {
    throw new UserError(
      `${JSON.stringify(text)} is no stimulus`,
      "write press:PIN@TIME or type:TEXT@TIME, for example press:15@1.2s",
    );
  }
  return kind === "press" ? parsePress(rest) : parseTyping(rest);
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "\\": "\\" };
