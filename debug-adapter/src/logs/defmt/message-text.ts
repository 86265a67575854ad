import { quoted } from "../../values/scalar-text";
import type { Argument, Formatted } from "./arguments";
import type { ArgumentType, Fragment, Hint, Parameter } from "./format-string";
import { dateText, floatText, numberText, secondsText, timeText } from "./numbers";
import type { DefmtTable } from "./table";

/**
 * A format string with its arguments put in. A hint counts for all that is inside of the value it stands at, unless
 * that has a hint of its own.
 */
export function messageText(
  fragments: readonly Fragment[],
  args: readonly Argument[],
  table: DefmtTable,
  outer?: Hint,
): string {
  return fragments
    .map((each) =>
      each.kind === "literal" ? each.text : argumentText(each, args[each.index], { table, outer }),
    )
    .join("");
}

interface Around {
  readonly table: DefmtTable;
  /** Of the value that this one is inside of. */
  readonly outer: Hint | undefined;
}

function argumentText(parameter: Parameter, argument: Argument | undefined, around: Around): string {
  const hint = parameter.hint ?? around.outer;
  switch (argument?.kind) {
    case undefined:
      return "?";
    case "integer":
      return integerText(argument.value, parameter, { ...around, hint });
    case "float":
      return floatText(argument.value, argument.byteSize);
    case "bool":
      return String(argument.value);
    case "char":
      return argument.text;
    case "text":
      return hint?.kind === "debug" ? quoted(argument.text) : argument.text;
    case "bytes":
      return bytesText(argument.bytes, hint, around.table);
    case "formatted":
      return formattedText(argument, around.outer?.kind === "ascii" ? around.outer : hint, around.table);
    case "sequence":
      return argument.elements.map((each) => formattedText(each, hint, around.table)).join("");
    case "list":
      return listText(argument.elements, hint, around.table);
  }
}

function formattedText(value: Formatted, hint: Hint | undefined, table: DefmtTable): string {
  return messageText(value.fragments, value.arguments, table, hint);
}

function listText(elements: readonly Formatted[], hint: Hint | undefined, table: DefmtTable): string {
  const bytes = hint?.kind === "ascii" ? bytesOf(elements) : undefined;
  if (bytes !== undefined) return bytesText(bytes, hint, table);
  return `[${elements.map((each) => formattedText(each, hint, table)).join(", ")}]`;
}

/** Elements that are bytes are text under the hint for it. */
function bytesOf(elements: readonly Formatted[]): Uint8Array | undefined {
  if (!elements.some(({ format }) => format === "{=u8}")) return undefined;
  return Uint8Array.from(elements, ({ arguments: [only] }) =>
    only?.kind === "integer" ? Number(only.value) : 0,
  );
}

interface IntegerAround extends Around {
  readonly hint: Hint | undefined;
}

function integerText(value: bigint, { type }: Parameter, { hint, outer, table }: IntegerAround): string {
  if (type.kind === "bits") return bitsText(value, type, hint, table);
  if (type.kind === "signed") return signedText(value, type, hint);
  if (hint?.kind === "date") return dateText(value, hint.precision) ?? value.toString();
  return unsignedText(value, hint?.kind === "debug" ? outer : hint, table);
}

function bitsText(
  value: bigint,
  { start, end }: { readonly start: number; readonly end: number },
  hint: Hint | undefined,
  table: DefmtTable,
): string {
  const shown = BigInt.asUintN(end - start, value >> BigInt(start));
  if (hint?.kind !== "ascii") return unsignedText(shown, hint, table);
  const count = 16 - Math.floor((128 - end + start) / 8);
  const bytes = Array.from({ length: count }, (_, i) =>
    Number((shown >> BigInt(8 * (count - 1 - i))) & 0xffn),
  );
  return bytesText(Uint8Array.from(bytes), hint, table);
}

/** In hexadecimal a negative number is shown as the bits of its type; in the other bases as those of an i128. */
function signedText(value: bigint, type: ArgumentType, hint: Hint | undefined): string {
  if (hint?.kind !== "number") return value.toString();
  if (hint.base === 10) return numberText(value, hint);
  const bits = hint.base === 16 && type.kind === "signed" ? 8 * type.byteSize : 128;
  return numberText(BigInt.asUintN(bits, value), hint);
}

function unsignedText(value: bigint, hint: Hint | undefined, table: DefmtTable): string {
  switch (hint?.kind) {
    case "number":
      return numberText(value, hint);
    case "seconds":
      return secondsText(value, hint.precision);
    case "time":
      return timeText(value, hint.precision);
    case "flags":
      return flagsText(value, hint.key, table);
    default:
      return value.toString();
  }
}

function flagsText(value: bigint, key: string, table: DefmtTable): string {
  const flags = table.flags(key);
  if (flags === undefined) return value.toString();
  const set = flags.filter((flag) =>
    flag.value === 0n ? value === 0n : (value & flag.value) === flag.value,
  );
  return set.length === 0 ? "(empty)" : set.map(({ name }) => name).join(" | ");
}

function bytesText(bytes: Uint8Array, hint: Hint | undefined, table: DefmtTable): string {
  if (hint?.kind === "ascii") return `b"${Array.from(bytes, asciiText).join("")}"`;
  const isNumber = hint?.kind === "number" && hint.base !== 10;
  const shown = Array.from(bytes, (byte) =>
    isNumber ? unsignedText(BigInt(byte), hint, table) : String(byte),
  );
  return `[${shown.join(", ")}]`;
}

const ESCAPES: Readonly<Record<number, string | undefined>> = {
  0x09: "\\t",
  0x0a: "\\n",
  0x0d: "\\r",
  0x22: '\\"',
  0x5c: "\\\\",
};

function asciiText(byte: number): string {
  const isPlain = byte >= 0x20 && byte < 0x7f;
  return ESCAPES[byte] ?? (isPlain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`);
}
