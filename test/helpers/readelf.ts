/** What GNU readelf says of an ELF file, in the terms of our own reader. */
export interface ReadelfFacts {
  readonly header: ReadonlyMap<string, string>;
  readonly sections: readonly Row[];
  readonly segments: readonly Row[];
  readonly symbols: readonly Row[];
  /** `Tag_CPU_arch` as readelf names it. */
  readonly architecture: string | undefined;
}

export type Row = Readonly<Record<string, string | number>>;

/** Numbers of the type names that readelf prints for sections and segments of firmware (gABI 4.4, 5.1, AAELF32). */
const SECTION_TYPES: Readonly<Record<string, number>> = {
  NULL: 0,
  PROGBITS: 1,
  SYMTAB: 2,
  STRTAB: 3,
  NOTE: 7,
  NOBITS: 8,
  INIT_ARRAY: 14,
  FINI_ARRAY: 15,
  ARM_EXIDX: 0x7000_0001,
  ARM_ATTRIBUTES: 0x7000_0003,
};
const SEGMENT_TYPES: Readonly<Record<string, number>> = {
  NULL: 0,
  LOAD: 1,
  NOTE: 4,
  GNU_STACK: 0x6474_e551,
  GNU_RELRO: 0x6474_e552,
  EXIDX: 0x7000_0001,
};
const SECTION_FLAGS: Readonly<Record<string, number>> = {
  W: 0x1,
  A: 0x2,
  X: 0x4,
  M: 0x10,
  S: 0x20,
  I: 0x40,
  L: 0x80,
  G: 0x200,
  T: 0x400,
  C: 0x800,
  // SHF_GNU_RETAIN: a letter of its own only if the header names the GNU ABI, else "OS specific".
  R: 0x20_0000,
  o: 0x20_0000,
  y: 0x2000_0000,
  E: 0x8000_0000,
};
const SEGMENT_FLAGS: Readonly<Record<string, number>> = { E: 1, W: 2, R: 4 };
const SYMBOL_KINDS: Readonly<Record<string, string>> = {
  FUNC: "function",
  OBJECT: "object",
  SECTION: "section",
  FILE: "file",
  NOTYPE: "none",
};
const SYMBOL_SECTIONS: Readonly<Record<string, number>> = { UND: 0, ABS: 0xfff1 };

/** Parses the output of `readelf -W -h -S -l -s -A`. */
export function parseReadelf(output: string): ReadelfFacts {
  const lines = output.split("\n");
  return {
    header: new Map(lines.flatMap(headerEntry)),
    sections: lines.flatMap(sectionRow),
    segments: lines.flatMap(segmentRow),
    symbols: lines.flatMap(symbolRow),
    architecture: /^ {2}Tag_CPU_arch: (.*)$/m.exec(output)?.[1],
  };
}

function headerEntry(line: string): [string, string][] {
  const match = /^ {2}([A-Z][A-Za-z ]*):\s+(.*)$/.exec(line);
  return match ? [[match[1]!, match[2]!]] : [];
}

const SECTION =
  /^ {2}\[ *(\d+)\] (\S*) +([A-Z_]+) +([0-9a-f]{8}) ([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+) +([A-Za-z]*) +(\d+) +(\d+) +(\d+)$/;

function sectionRow(line: string): Row[] {
  const match = SECTION.exec(line);
  if (!match) return [];
  const [index, name, type, address, offset, size, entrySize, flags, link, info, alignment] = match.slice(1);
  return [
    {
      index: Number(index),
      name: name!,
      type: known(SECTION_TYPES, type!),
      flags: flagBits(SECTION_FLAGS, flags!),
      address: parseInt(address!, 16),
      offset: parseInt(offset!, 16),
      size: parseInt(size!, 16),
      link: Number(link),
      info: Number(info),
      alignment: Number(alignment),
      entrySize: parseInt(entrySize!, 16),
    },
  ];
}

const SEGMENT =
  /^ {2}([A-Z_]+) +(0x[0-9a-f]+) (0x[0-9a-f]{8}) (0x[0-9a-f]{8}) (0x[0-9a-f]+) (0x[0-9a-f]+) ([RWE ]{3}) (0x[0-9a-f]+|0)$/;

function segmentRow(line: string): Row[] {
  const match = SEGMENT.exec(line);
  if (!match) return [];
  const [type, offset, virtualAddress, physicalAddress, fileSize, memorySize, flags, alignment] =
    match.slice(1);
  return [
    {
      type: known(SEGMENT_TYPES, type!),
      offset: Number(offset),
      virtualAddress: Number(virtualAddress),
      physicalAddress: Number(physicalAddress),
      fileSize: Number(fileSize),
      memorySize: Number(memorySize),
      flags: flagBits(SEGMENT_FLAGS, flags!.replaceAll(" ", "")),
      alignment: Number(alignment),
    },
  ];
}

const SYMBOL = /^ *(\d+): ([0-9a-f]{8}) +(\d+|0x[0-9a-f]+) ([A-Z]+) +([A-Z]+) +[A-Z]+ +(\S+) ?(.*)$/;

function symbolRow(line: string): Row[] {
  const match = SYMBOL.exec(line);
  if (!match) return [];
  const [index, value, size, kind, binding, section, name] = match.slice(1);
  return [
    {
      index: Number(index),
      name: name!,
      value: parseInt(value!, 16),
      size: Number(size),
      kind: known(SYMBOL_KINDS, kind!),
      binding: binding!.toLowerCase(),
      section: SYMBOL_SECTIONS[section!] ?? Number(section),
    },
  ];
}

function flagBits(bits: Readonly<Record<string, number>>, letters: string): number {
  return Array.from(letters).reduce((sum, letter) => sum + known(bits, letter), 0);
}

function known<T>(values: Readonly<Record<string, T>>, name: string): T {
  const value = values[name];
  if (value === undefined) throw new Error(`readelf printed ${name}, which its parser does not know`);
  return value;
}
