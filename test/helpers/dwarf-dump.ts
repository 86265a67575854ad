/** An entry as `llvm-dwarfdump --debug-info` prints it. */
export interface DumpedEntry {
  readonly offset: number;
  /** 0 for a unit's own entry. */
  readonly depth: number;
  readonly tag: string;
  /** `DW_AT_x\t(value)`; what takes several lines is joined by spaces. */
  readonly attributes: string[];
}

/** Reads the entries of a dump, in its order. */
export function parseDwarfDump(text: string): DumpedEntry[] {
  const entries: DumpedEntry[] = [];
  let attributes: string[] = [];
  for (const line of text.split("\n")) {
    if (line === "") continue;
    if (line.startsWith("0x")) {
      const tagAt = line.indexOf("DW_TAG_");
      if (tagAt < 0) continue;
      attributes = [];
      entries.push({
        offset: Number(line.slice(0, 10)),
        depth: (tagAt - 12) / 2,
        tag: line.slice(tagAt),
        attributes,
      });
      continue;
    }
    const trimmed = line.trim();
    if (trimmed.startsWith("DW_AT_")) attributes.push(trimmed);
    else if (attributes.length > 0) attributes.push(`${attributes.pop()} ${trimmed}`);
  }
  return entries;
}

/** The text in parentheses of an attribute, or undefined if the entry has none of that name. */
export function attributeOf({ attributes }: DumpedEntry, name: string): string | undefined {
  const found = attributes.find((line) => line.startsWith(`${name}\t`));
  return found?.slice(name.length + 2, -1);
}

/** The same for a text in quotes, without them. */
export function textOf(entry: DumpedEntry, name: string): string | undefined {
  return attributeOf(entry, name)
    ?.slice(1, -1)
    .replace(/\\(["\\])/g, "$1");
}

/** The same for a number: hexadecimal, decimal, or the offset that a reference begins with. */
export function numberOf(entry: DumpedEntry, name: string): number | undefined {
  const value = attributeOf(entry, name)?.split(" ", 1)[0];
  return value === undefined ? undefined : Number(value);
}

/** The code that the linker kept: low_pc and high_pc, or ranges. */
export function keptRangesOf(entry: DumpedEntry): [start: number, end: number][] {
  const ranges = attributeOf(entry, "DW_AT_ranges");
  if (ranges !== undefined) {
    return [...ranges.matchAll(/\[(0x[0-9a-f]+), (0x[0-9a-f]+)\)/g)]
      .map(([, start, end]): [number, number] => [Number(start), Number(end)])
      .filter(([start, end]) => isKept(start) && start < end);
  }
  const start = numberOf(entry, "DW_AT_low_pc");
  const end = numberOf(entry, "DW_AT_high_pc");
  return start !== undefined && end !== undefined && isKept(start) ? [[start, end]] : [];
}

/** What lld writes for code that it dropped is 0, in range lists 1. */
export function isKept(address: number): boolean {
  return address > 1 && address < 0xffff_fffe;
}

/**
 * Brings an attribute, as LLVM or we print it, to what both can say: no names behind references, no operators of
 * expressions and location lists (they are not decoded yet), no ranges of dropped code.
 */
export function comparable(attribute: string): string {
  const at = attribute.indexOf("\t") + 1;
  const name = attribute.slice(0, at);
  const value = attribute.slice(at);
  if (value.startsWith("(expression")) return `${name}(expression)`;
  if (value.startsWith("(DW_OP_"))
    return /^\(DW_OP_addr \w+\)$/.test(value) ? attribute : `${name}(expression)`;
  if (/^\(indexed .*loclist|^\(DW_FORM_loclistx/.test(value)) return `${name}(location list)`;
  if (name === "DW_AT_ranges\t") {
    const kept = value.match(/\[0x\w+, 0x\w+\)/g)?.filter((range) => {
      const [start, end] = range.slice(1, -1).split(", ");
      return isKept(Number(start)) && start !== end;
    });
    return `${name}(${(kept ?? []).join(" ")})`;
  }
  // References between units are printed with sixteen digits.
  const reference = /^\((?:0x|0x0{8})([0-9a-f]{8})(?: ".*"|: .*)?\)$/.exec(value);
  return reference ? `${name}(0x${reference[1]})` : attribute;
}
