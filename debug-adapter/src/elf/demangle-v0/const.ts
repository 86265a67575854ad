import { basicType } from "./basic-types";
import { type Cursor, invalid } from "./cursor";
import { identifierText } from "./punycode";

/** In an expression, generics are written with a turbofish and constants without braces. */
export interface PathPlace {
  readonly inValue: boolean;
}

/** What constants need of the printer. */
interface Printer {
  readonly cursor: Cursor;
  readonly keepHashes: boolean;
  print(text: string): void;
  path(place: PathPlace): void;
  list(element: () => void, separator: string): number;
  backReference(target: () => void): void;
}

/** `<const>`: a constant in a type. Outside of an expression, anything but a literal needs braces. */
export function printConst(printer: Printer, { inValue }: PathPlace): void {
  const { cursor } = printer;
  const tag = cursor.take();
  cursor.nested(() => {
    // `R` and `e` together are a string literal, which is a literal although its parts are not.
    const isString = tag === "R" && cursor.eat("e");
    const needsBraces = !inValue && !isString && "eRQATV".includes(tag);
    if (needsBraces) printer.print("{");
    if (isString) printString(printer);
    else printValue(printer, tag, inValue);
    if (needsBraces) printer.print("}");
  });
}

function printValue(printer: Printer, tag: string, inValue: boolean): void {
  const { cursor } = printer;
  switch (tag) {
    case "p": {
      printer.print("_");
      return;
    }
    case "b": {
      printer.print(printBool(unsigned(cursor.hexNibbles())));
      return;
    }
    case "c": {
      printer.print(quoted("'", characterOf(unsigned(cursor.hexNibbles()))));
      return;
    }
    case "e":
      printer.print("*");
      {
        printString(printer);
        return;
      }
    case "R":
    case "Q":
      printer.print(tag === "R" ? "&" : "&mut ");
      {
        printConst(printer, { inValue: true });
        return;
      }
    case "A":
      printer.print("[");
      printer.list(() => printConst(printer, { inValue: true }), ", ");
      {
        printer.print("]");
        return;
      }
    case "T": {
      printer.print("(");
      const count = printer.list(() => printConst(printer, { inValue: true }), ", ");
      printer.print(count === 1 ? ",)" : ")");
      return;
    }
    case "V": {
      printVariant(printer);
      return;
    }
    case "B": {
      printer.backReference(() => printConst(printer, { inValue }));
      return;
    }
    default: {
      printInteger(printer, tag);
      return;
    }
  }
}

function printInteger(printer: Printer, tag: string): void {
  const isSigned = "aslxni".includes(tag);
  if (!isSigned && !"htmyoj".includes(tag)) throw invalid();
  if (isSigned && printer.cursor.eat("n")) printer.print("-");
  const nibbles = printer.cursor.hexNibbles();
  const value = unsigned(nibbles);
  printer.print(value === undefined ? `0x${nibbles}` : value.toString());
  if (printer.keepHashes) printer.print(basicType(tag)!);
}

/** A value of a struct or enum: `path`, `path(a, b)` or `path { a: b }`. */
function printVariant(printer: Printer): void {
  const { cursor } = printer;
  printer.path({ inValue: true });
  switch (cursor.take()) {
    case "U":
      return;
    case "T":
      printer.print("(");
      printer.list(() => printConst(printer, { inValue: true }), ", ");
      {
        printer.print(")");
        return;
      }
    case "S":
      printer.print(" { ");
      printer.list(() => {
        cursor.disambiguator();
        printer.print(`${identifierText(cursor.identifier())}: `);
        printConst(printer, { inValue: true });
      }, ", ");
      {
        printer.print(" }");
        return;
      }
    default:
      throw invalid();
  }
}

function printString(printer: Printer): void {
  const nibbles = printer.cursor.hexNibbles();
  if (nibbles.length % 2 !== 0) throw invalid();
  const bytes = Uint8Array.from({ length: nibbles.length / 2 }, (_, i) =>
    parseInt(nibbles.slice(2 * i, 2 * i + 2), 16),
  );
  try {
    printer.print(quoted('"', new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)));
  } catch (error) {
    if (error instanceof TypeError) throw invalid();
    throw error;
  }
}

/** A number of up to 64 bits, or undefined if it is larger. */
function unsigned(nibbles: string): bigint | undefined {
  const digits = nibbles.replace(/^0+/, "");
  return digits.length > 16 ? undefined : BigInt(`0x0${digits}`);
}

function printBool(value: bigint | undefined): string {
  if (value === 0n) return "false";
  if (value === 1n) return "true";
  throw invalid();
}

function characterOf(value: bigint | undefined): string {
  if (value === undefined || value > 0x10ffffn || (value >= 0xd800n && value <= 0xdfffn)) throw invalid();
  return String.fromCodePoint(Number(value));
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\0", "\\0"],
  ["\t", "\\t"],
  ["\r", "\\r"],
  ["\n", "\\n"],
  ["'", "\\'"],
  ['"', '\\"'],
  ["\\", "\\\\"],
]);

/** A literal, escaped as Rust's `Debug` does it. */
function quoted(quote: "'" | '"', text: string): string {
  const otherQuote = quote === "'" ? '"' : "'";
  let literal = quote;
  for (const character of text) literal += character === otherQuote ? character : escapeDebug(character);
  return literal + quote;
}

function escapeDebug(character: string): string {
  const known = ESCAPES.get(character);
  if (known !== undefined) return known;
  const isHidden = character !== " " && /[\p{C}\p{Z}\p{Grapheme_Extend}]/u.test(character);
  return isHidden ? `\\u{${character.codePointAt(0)!.toString(16)}}` : character;
}
