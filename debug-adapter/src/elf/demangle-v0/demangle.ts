import type { Demangled } from "../demangled";
import { Cursor, V0Fault } from "./cursor";
import { Printer } from "./printer";

/**
 * Demangles a v0 Rust name (RFC 2603).
 * @param symbol ASCII
 * @returns undefined if it is no such name
 */
export function demangleV0(symbol: string, keepHashes: boolean): Demangled | undefined {
  // Windows tools strip the leading underscore and macOS adds one. Paths begin with an upper-case letter.
  const prefix = /^_{0,2}R(?=[A-Z])/.exec(symbol)?.[0];
  if (prefix === undefined) return undefined;
  const text = symbol.slice(prefix.length);
  const end = endOfName(text);
  if (end === undefined) return undefined;
  return { name: print(text, keepHashes), suffix: text.slice(end) };
}

/** Reads a name without following its back references: where it ends, or undefined if it is not well formed. */
function endOfName(text: string): number | undefined {
  const cursor = new Cursor(text);
  const printer = new Printer(cursor, { isSilent: true, keepHashes: false });
  try {
    printer.path({ inValue: false });
    // The crate that a generic function was instantiated in follows.
    if (/[A-Z]/.test(cursor.peek() ?? "")) printer.path({ inValue: false });
    return cursor.next;
  } catch (error) {
    if (error instanceof V0Fault) return undefined;
    throw error;
  }
}

/** The syntax has been checked, but not what is behind back references: a fault there shows as its marker. */
function print(text: string, keepHashes: boolean): string {
  const printer = new Printer(new Cursor(text), { isSilent: false, keepHashes });
  try {
    printer.path({ inValue: true });
    return printer.text();
  } catch (error) {
    if (error instanceof V0Fault) return printer.text() + error.marker;
    throw error;
  }
}
