/** A part of a format string. */
export type Fragment = { readonly kind: "literal"; readonly text: string } | Parameter;

/** `{0=u8:#x}`: which argument, its type, and how it is shown. */
export interface Parameter {
  readonly kind: "parameter";
  readonly index: number;
  readonly type: ArgumentType;
  readonly hint: Hint | undefined;
}

/** How an argument lies in a frame. */
export type ArgumentType =
  | { readonly kind: "unsigned" | "signed"; readonly byteSize: 1 | 2 | 4 | 8 | 16 }
  | { readonly kind: "float"; readonly byteSize: 4 | 8 }
  /** Bits from `start` up to, and without, `end`. */
  | { readonly kind: "bits"; readonly start: number; readonly end: number }
  | { readonly kind: "bytes" | "format-array"; readonly length: number | undefined }
  | { readonly kind: "bool" | "char" | "text" | "interned" | "format" | "format-sequence" | "preformatted" };

/** What stands behind the colon. */
export type Hint =
  | ({ readonly kind: "number"; readonly base: 2 | 8 | 10 | 16; readonly isUpper: boolean } & Padded)
  | { readonly kind: "ascii" | "debug" | "cbor" }
  | { readonly kind: "seconds" | "time" | "date"; readonly precision: Precision }
  | { readonly kind: "flags"; readonly key: string }
  | { readonly kind: "unknown" };

interface Padded {
  readonly isAlternate: boolean;
  /** Least number of characters, filled up with zeros. */
  readonly width: number;
}

export type Precision = "us" | "ms" | "s";

/**
 * Parses a format string of defmt. Undefined if it is none: the table of format strings is damaged, or of a defmt that
 * has types which are not known here.
 */
export function parseFormat(format: string): readonly Fragment[] | undefined {
  const fragments: Fragment[] = [];
  let literal = "";
  let next = 0;
  for (let at = 0; at < format.length; at++) {
    const character = format[at]!;
    if ((character === "{" || character === "}") && format[at + 1] === character) at++;
    else if (character === "}") return undefined;
    else if (character === "{") {
      const end = format.indexOf("}", at);
      const parameter = end < 0 ? undefined : parseParameter(format.slice(at + 1, end), next);
      if (parameter === undefined) return undefined;
      if (literal !== "") fragments.push({ kind: "literal", text: literal });
      literal = "";
      if (!/^\d/.test(format.slice(at + 1, end))) next++;
      fragments.push(parameter);
      at = end;
      continue;
    }
    literal += character;
  }
  if (literal !== "") fragments.push({ kind: "literal", text: literal });
  return fragments;
}

function parseParameter(text: string, next: number): Parameter | undefined {
  const match = /^(\d*)(?:=([^:]*))?(?::(.+))?$/s.exec(text);
  if (match === null) return undefined;
  const type = match[2] === undefined ? ({ kind: "format" } as const) : parseType(match[2]);
  if (type === undefined) return undefined;
  const index = match[1] === "" ? next : Number(match[1]);
  return { kind: "parameter", index, type, hint: match[3] === undefined ? undefined : parseHint(match[3]) };
}

const TYPES: Readonly<Record<string, ArgumentType | undefined>> = {
  ...integers("u", "unsigned"),
  ...integers("i", "signed"),
  f32: { kind: "float", byteSize: 4 },
  f64: { kind: "float", byteSize: 8 },
  bool: { kind: "bool" },
  char: { kind: "char" },
  str: { kind: "text" },
  istr: { kind: "interned" },
  "?": { kind: "format" },
  "[?]": { kind: "format-array", length: undefined },
  "[u8]": { kind: "bytes", length: undefined },
  __internal_Debug: { kind: "preformatted" },
  __internal_Display: { kind: "preformatted" },
  __internal_FormatSequence: { kind: "format-sequence" },
};

function integers(prefix: string, kind: "unsigned" | "signed"): Record<string, ArgumentType> {
  const sizes = { 8: 1, 16: 2, 32: 4, 64: 8, 128: 16, size: 4 } as const;
  return Object.fromEntries(
    Object.entries(sizes).map(([bits, byteSize]) => [prefix + bits, { kind, byteSize }]),
  );
}

function parseType(text: string): ArgumentType | undefined {
  if (Object.hasOwn(TYPES, text)) return TYPES[text];
  const array = /^\[(u8|\?); *(\d+)\]$/.exec(text);
  if (array !== null) {
    return { kind: array[1] === "u8" ? "bytes" : "format-array", length: Number(array[2]) };
  }
  const bits = /^(\d+)\.\.(\d+)$/.exec(text);
  const start = Number(bits?.[1]);
  const end = Number(bits?.[2]);
  return bits !== null && start < end && end <= 128 ? { kind: "bits", start, end } : undefined;
}

const BASES: Readonly<Record<string, 2 | 8 | 10 | 16 | undefined>> = { "": 10, b: 2, o: 8, x: 16, X: 16 };

const TIMES: Readonly<Record<string, Hint | undefined>> = {
  us: { kind: "seconds", precision: "us" },
  ms: { kind: "seconds", precision: "ms" },
  tus: { kind: "time", precision: "us" },
  tms: { kind: "time", precision: "ms" },
  ts: { kind: "time", precision: "s" },
  iso8601ms: { kind: "date", precision: "ms" },
  iso8601s: { kind: "date", precision: "s" },
  a: { kind: "ascii" },
  "?": { kind: "debug" },
  cbor: { kind: "cbor" },
};

const FLAGS = "__internal_bitflags_";

function parseHint(text: string): Hint {
  const [, alternate, pad, rest] = /^(#?)(?:0(\d*))?(.*)$/s.exec(text)!;
  if (rest!.startsWith(FLAGS)) return { kind: "flags", key: rest!.slice(FLAGS.length) };
  const base = BASES[rest!];
  if (base !== undefined) {
    const width = pad === undefined ? 0 : Number(pad);
    return { kind: "number", base, isUpper: rest === "X", isAlternate: alternate === "#", width };
  }
  return TIMES[rest!] ?? { kind: "unknown" };
}
