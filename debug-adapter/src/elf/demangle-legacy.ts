import type { Demangled } from "./demangled";

/**
 * Demangles a legacy Rust name: a C++-like nested name whose last element is a hash.
 *
 *     _ZN 4core 3fmt 5Write 17h0123456789abcdef E
 *
 * @param symbol ASCII
 * @returns undefined if it is no such name
 */
export function demangleLegacy(symbol: string, keepHash: boolean): Demangled | undefined {
  // Windows tools strip the leading underscore and macOS adds one.
  const prefix = /^_{0,2}ZN/.exec(symbol)?.[0];
  if (prefix === undefined) return undefined;
  const elements: string[] = [];
  let at = prefix.length;
  while (symbol[at] !== "E") {
    const digits = decimalDigits(symbol, at);
    if (digits === "") return undefined;
    const start = at + digits.length;
    const end = start + Number(digits);
    // The closing `E` must follow, so the element cannot end the symbol.
    if (end >= symbol.length) return undefined;
    elements.push(symbol.slice(start, end));
    at = end;
  }
  const last = elements.at(-1);
  if (last === undefined) return undefined;
  if (!keepHash && isHash(last)) elements.pop();
  return { name: elements.map(unescape).join("::"), suffix: symbol.slice(at + 1) };
}

function decimalDigits(text: string, start: number): string {
  let end = start;
  while (end < text.length && text[end]! >= "0" && text[end]! <= "9") end++;
  return text.slice(start, end);
}

function isHash(element: string): boolean {
  return /^h[0-9a-fA-F]*$/.test(element);
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["SP", "@"],
  ["BP", "*"],
  ["RF", "&"],
  ["LT", "<"],
  ["GT", ">"],
  ["LP", "("],
  ["RP", ")"],
  ["C", ","],
]);

/** Undoes rustc's escapes: `$LT$`, `$u20$`, `..` for `::`. From the first unknown escape on, text is kept as it is. */
function unescape(element: string): string {
  // An identifier cannot begin with `$`, so the compiler puts an underscore before it.
  let rest = element.startsWith("_$") ? element.slice(1) : element;
  let text = "";
  for (;;) {
    const special = rest.search(/[$.]/);
    if (special < 0) return text + rest;
    text += rest.slice(0, special);
    rest = rest.slice(special);
    if (rest.startsWith(".")) {
      const isPathSeparator = rest.startsWith("..");
      text += isPathSeparator ? "::" : ".";
      rest = rest.slice(isPathSeparator ? 2 : 1);
      continue;
    }
    const end = rest.indexOf("$", 1);
    const character = end < 0 ? undefined : unescapeOne(rest.slice(1, end));
    if (character === undefined) return text + rest;
    text += character;
    rest = rest.slice(end + 1);
  }
}

function unescapeOne(escape: string): string | undefined {
  const known = ESCAPES.get(escape);
  if (known !== undefined) return known;
  const digits = /^u([0-9a-f]{1,8})$/.exec(escape)?.[1];
  if (digits === undefined) return undefined;
  const codePoint = parseInt(digits, 16);
  if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff)) return undefined;
  const character = String.fromCodePoint(codePoint);
  return /\p{Cc}/u.test(character) ? undefined : character;
}
