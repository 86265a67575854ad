import { nanoseconds } from "../base/brand";
import { parseDuration } from "../base/duration";
import { UserError } from "../base/errors";
import type { BoardInput } from "../chip/parts/board-input";
import { formatPartSpec, parsePartSpec } from "../chip/parts/part-spec";
import { PIN_COUNT } from "../chip/rp2040/pin-functions";
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
  // The line carries bytes: one for each character of the text's UTF-8, and one for each escape.
  const pieces = match[2]!.split(/(\\(?:[nrt\\]|x[\da-f]{2}))/i);
  const bytes = pieces.map((piece, i) => (i % 2 === 0 ? utf8(piece) : unescaped(piece))).join("");
  return { at, input: { kind: "type", uart: match[1] === "1" ? 1 : 0, text: bytes } };
}

function utf8(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

function unescaped(escape: string): string {
  return ESCAPES[escape[1]!] ?? String.fromCharCode(parseInt(escape.slice(2), 16));
}

/**
 * What happens to the board at an instant, as a launch configuration writes it: `press:15@1.2s`, `type:hello\\n@1s`, or
 * one of the forms that a session records: `hold:15@1s` and `release:15@2s`, `temperature:NAME=21.5@1s`,
 * `probe:3=high@1s`, `wire:PART@1s`, `unwire:NAME@2s`.
 * @throws UserError if it is of none of these forms
 */
export function parseStimulus(text: string): TimedInput {
  const [, kind, rest] = /^(\w+):(.*)$/s.exec(text) ?? [];
  if (kind === "press") return parsePress(rest!);
  if (kind === "type") return parseTyping(rest!);
  const [, what, time] = /^(.*)@([^@]+)$/s.exec(rest ?? "") ?? [];
  const at = parseDuration(time ?? "");
  const input = what === undefined ? undefined : parseChange(kind!, what);
  if (at === undefined || input === undefined) {
    throw new UserError(
      `${JSON.stringify(text)} is no stimulus`,
      "write press:PIN@TIME, type:TEXT@TIME, temperature:PART=DEGREES@TIME, wire:PART@TIME or unwire:NAME@TIME, " +
        "for example press:15@1.2s",
    );
  }
  return { at, input };
}

/** Undefined if it is of no form that there is. */
function parseChange(kind: string, what: string): BoardInput | undefined {
  const [, name, value] = /^(.*)=([^=]+)$/s.exec(what) ?? [];
  switch (kind) {
    case "hold":
    case "release": {
      const pin = pinNumber(what);
      return pin === undefined ? undefined : { kind: kind === "hold" ? "press" : "release", pin };
    }
    case "temperature":
      return name !== undefined && /^-?\d+(\.\d+)?$/.test(value!)
        ? { kind, part: name, celsius: Number(value) }
        : undefined;
    case "probe": {
      const pin = pinNumber(name ?? "");
      const isLevel = value === "low" || value === "high" || value === "floating";
      return pin !== undefined && isLevel ? { kind, pin, level: value } : undefined;
    }
    case "wire":
      return { kind, part: parsePartSpec(what) };
    case "unwire":
      return { kind, part: what };
    default:
      return undefined;
  }
}

function pinNumber(text: string): number | undefined {
  const match = /^(?:GP)?(\d+)$/i.exec(text);
  return match !== null && Number(match[1]) < PIN_COUNT ? Number(match[1]) : undefined;
}

/**
 * Inputs as `parseStimulus` reads them: a run that is given them is the same. A press and its release are one stimulus.
 */
export function formatStimuli(inputs: readonly TimedInput[]): string[] {
  const released = new Set<TimedInput>();
  return inputs.flatMap((each, i) => {
    if (released.has(each)) return [];
    const { at, input } = each;
    if (input.kind !== "press") return [`${formatChange(input)}@${exactTime(at)}`];
    const press = `${input.pin}@${exactTime(at)}`;
    if (input.holdFor !== undefined) return [`press:${press}+${exactTime(input.holdFor)}`];
    const release = inputs
      .slice(i + 1)
      .find(
        (later) => later.input.kind === "release" && later.input.pin === input.pin && !released.has(later),
      );
    if (release === undefined) return [`hold:${press}`];
    released.add(release);
    return [`press:${press}+${exactTime(release.at - at)}`];
  });
}

function formatChange(input: Exclude<BoardInput, { kind: "press" }>): string {
  switch (input.kind) {
    case "release":
      return `release:${input.pin}`;
    case "type":
      return `type:${input.uart}:${escaped(input.text)}`;
    case "temperature":
      return `temperature:${input.part}=${input.celsius}`;
    case "probe":
      return `probe:${input.pin}=${input.level}`;
    case "wire":
      return `wire:${formatPartSpec(input.part)}`;
    case "unwire":
      return `unwire:${input.part}`;
  }
}

/** Bytes as text that `parseTyping` reads: those that are no printable ASCII as escapes. */
function escaped(bytes: string): string {
  return bytes.replaceAll(/[^ -[\]-~]/g, (byte) => {
    const letter = Object.entries(ESCAPES).find(([, each]) => each === byte)?.[0];
    return `\\${letter ?? `x${byte.charCodeAt(0).toString(16).padStart(2, "0")}`}`;
  });
}

/** A time in seconds down to the nanosecond, which a double of this length holds for half a year. */
function exactTime(time: number): string {
  const whole = Math.floor(time / 1e9);
  const rest = String(Math.round(time - whole * 1e9)).padStart(9, "0");
  return `${whole}.${rest}`.replace(/\.?0+$/, "") + "s";
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "\\": "\\" };
