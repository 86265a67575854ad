import { ExpressionError } from "./expression-error";
import type { Token } from "./token";

/** Longest first, so that `..=` is not `..` and a stray `=`. */
const SYMBOLS = ["..=", "::", "..", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||"];
const ONE_CHARACTER_SYMBOLS = "+-*/%&|^!<>()[],.;";

const SPACE = /\s+/y;
/** Names as rustc writes them have parts in braces as well: `{impl#1}`, `{async_fn#0}`. */
const NAME = /[\p{XID_Start}_][\p{XID_Continue}]*|\{[a-z_]+#\d+\}/uy;
const RADIX_NUMBER = /0(x[0-9a-fA-F_]+?|b[01_]+|o[0-7_]+)((?:[iu](?:8|16|32|64|128|size))?)(?![0-9a-zA-Z_])/y;
/** A float has digits after its point, so that `pair.0.1` and `0..5` stay what they are. */
const NUMBER =
  /(\d[\d_]*)(\.\d[\d_]*)?([eE][+-]?\d[\d_]*)?((?:[iu](?:8|16|32|64|128|size)|f32|f64)?)(?![0-9a-zA-Z_])/y;
const CHARACTER = /(b?)'(\\u\{[0-9a-fA-F]{1,6}\}|\\x[0-9a-fA-F]{2}|\\[nrt0\\'"]|[^\\'])'/uy;
const STRING = /"((?:[^"\\]|\\.)*)"/suy;
const ESCAPE = /\\(?:u\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{2})|(.))/gsu;

/**
 * Splits an expression into words.
 * @throws ExpressionError at what is no word
 */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; ;) {
    at += matchAt(SPACE, text, at)?.[0].length ?? 0;
    if (at >= text.length) break;
    const [token, length] = readToken(text, at, tokens.at(-1));
    tokens.push(token);
    at += length;
  }
  tokens.push({ kind: "end", position: text.length });
  return tokens;
}

function readToken(text: string, position: number, before: Token | undefined): [Token, length: number] {
  const character = matchAt(CHARACTER, text, position);
  if (character !== null) {
    const value = unescaped(character[2]!, position).codePointAt(0)!;
    const isByte = character[1] === "b";
    if (isByte && value > 0x7f && !character[2]!.startsWith("\\x")) {
      throw new ExpressionError("a byte literal is ASCII or \\x00 to \\xff", position);
    }
    return [{ kind: "char", value, isByte, position }, character[0].length];
  }
  const name = matchAt(NAME, text, position);
  if (name !== null) return [{ kind: "name", text: name[0], position }, name[0].length];
  const string = matchAt(STRING, text, position);
  if (string !== null) {
    return [{ kind: "string", value: unescaped(string[1]!, position), position }, string[0].length];
  }
  if (/\d/.test(text[position]!)) return readNumber(text, position, before);
  const first = text[position]!;
  const symbol =
    SYMBOLS.find((each) => text.startsWith(each, position)) ??
    (ONE_CHARACTER_SYMBOLS.includes(first) ? first : undefined);
  if (symbol !== undefined) return [{ kind: "symbol", text: symbol, position }, symbol.length];
  if (text[position] === '"') throw new ExpressionError("the string does not end", position);
  if (text[position] === "'") throw new ExpressionError("the character literal does not end", position);
  const [wrong] = text.slice(position);
  throw new ExpressionError(`${JSON.stringify(wrong)} has no meaning in an expression`, position);
}

function readNumber(text: string, position: number, before: Token | undefined): [Token, length: number] {
  // After a point there is a tuple index: `pair.0.1` has no float in it.
  if (before?.kind === "symbol" && before.text === ".") {
    const [digits] = /^\d+/.exec(text.slice(position))!;
    return [{ kind: "integer", value: BigInt(digits), suffix: "", position }, digits.length];
  }
  const based = matchAt(RADIX_NUMBER, text, position);
  if (based !== null && /[0-9a-fA-F]/.test(based[1]!.slice(1))) {
    const value = BigInt(`0${based[1]!.replaceAll("_", "")}`);
    return [{ kind: "integer", value, suffix: based[2]!, position }, based[0].length];
  }
  const found = matchAt(NUMBER, text, position);
  if (found === null) {
    const [word] = /^[0-9a-zA-Z_]+/.exec(text.slice(position))!;
    throw new ExpressionError(`${JSON.stringify(word)} is no number`, position);
  }
  const [whole, integer, fraction, exponent, suffix] = found;
  const digits = (integer! + (fraction ?? "") + (exponent ?? "")).replaceAll("_", "");
  const isFloat = fraction !== undefined || exponent !== undefined || suffix!.startsWith("f");
  if (isFloat && /^[iu]/.test(suffix!))
    throw new ExpressionError(`a number with a fraction is no ${suffix}`, position);
  const token: Token = isFloat
    ? { kind: "float", value: Number(digits), suffix: suffix!, position }
    : { kind: "integer", value: BigInt(digits), suffix: suffix!, position };
  return [token, whole.length];
}

function unescaped(text: string, position: number): string {
  return text.replaceAll(ESCAPE, (_, unicode?: string, byte?: string, letter?: string) => {
    const code = unicode ?? byte;
    if (code !== undefined) {
      const value = parseInt(code, 16);
      if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
        throw new ExpressionError(`U+${code.toUpperCase()} is no character`, position);
      }
      return String.fromCodePoint(value);
    }
    const escape = ESCAPES[letter!];
    if (escape === undefined) throw new ExpressionError(`\\${letter} is no escape`, position);
    return escape;
  });
}

const ESCAPES: Readonly<Record<string, string | undefined>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  "0": "\0",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
