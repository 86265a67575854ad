import type { ValueReader } from "../reader";
import { scalarText } from "../scalar-text";
import type { Formatter } from "../shape";
import { withoutAliases } from "../type-words";
import type { Value } from "../value";

/** `0..5`, `0..=5`, `2..`, `..5`: ranges of numbers as they are written. */
export const rangeFormatters: readonly Formatter[] = [
  rangeFormatter("Range", (start, end) => (start && end ? `${start}..${end}` : undefined)),
  rangeFormatter("RangeInclusive", (start, end) => (start && end ? `${start}..=${end}` : undefined)),
  rangeFormatter("RangeFrom", (start) => (start ? `${start}..` : undefined)),
  rangeFormatter("RangeTo", (_, end) => (end ? `..${end}` : undefined)),
  rangeFormatter("RangeToInclusive", (_, end) => (end ? `..=${end}` : undefined)),
];

type Write = (start: string | undefined, end: string | undefined) => string | undefined;

function rangeFormatter(name: string, write: Write): Formatter {
  return {
    types: [`core::ops::range::${name}`],
    shape(value, reader) {
      const text = write(endText(value, "start", reader), endText(value, "end", reader));
      const exhausted = reader.unsigned(reader.member(value, "exhausted")) === 1n ? " (exhausted)" : "";
      return text === undefined ? undefined : { kind: "text", text: text + exhausted };
    },
  };
}

function endText(range: Value, name: string, reader: ValueReader): string | undefined {
  const end = reader.member(range, name);
  const type = end && withoutAliases(end.type);
  const scalar = end && reader.scalar(end);
  return scalar !== undefined && type?.kind === "base" ? scalarText(scalar, type) : undefined;
}
