import type { ProblemList } from "../../base/errors";
import type { ElfFile } from "../../elf/elf-file";
import type { Program } from "../../symbols/program";
import type { LogLevel, LogLine } from "../log-line";
import { type Fragment, parseFormat } from "./format-string";

/** An interned string: a format string, or text that was given as `{=istr}`. */
export interface TableEntry {
  readonly tag: string;
  readonly text: string;
  /** Null for what is no log statement, and for `println!`. */
  readonly level: LogLevel | null;
  readonly place: LogLine["place"];
}

/** What the ELF tells of a firmware's defmt: frames carry numbers instead of strings. */
export interface DefmtTable {
  readonly encoding: "raw" | "rzcobs";
  /** Parsed; undefined if the firmware has no timestamp. */
  readonly timestamp: readonly Fragment[] | undefined;
  entry(index: number): TableEntry | undefined;
  /** The format string of an entry, parsed once. */
  fragments(text: string): readonly Fragment[] | undefined;
  /** Names and values of a `bitflags!`, in the order of the source. */
  flags(key: string): readonly { readonly name: string; readonly value: bigint }[] | undefined;
}

/** Versions of the wire format that are known: 4 differs from 3 in the symbols only. */
const VERSIONS = ["3", "4"];

/** A format string of more than this is damaged. */
const LONGEST = 1 << 16;

/**
 * Reads the table of a firmware: each string is the name of a symbol, as JSON, whose address is the string's number.
 * Undefined if the firmware has no defmt, or one that is not known; `problems` says which.
 */
export function readDefmtTable(
  elf: ElfFile,
  program: Program,
  problems: ProblemList,
): DefmtTable | undefined {
  const section = elf.sections.findIndex(({ name }) => name === ".defmt");
  if (section < 0) return undefined;
  const version = settingOf(elf, "_defmt_version_");
  const encoding = settingOf(elf, "_defmt_encoding_");
  if (version === undefined || !VERSIONS.includes(version)) {
    problems.add("defmt", `the firmware logs with wire format ${version ?? "?"}, and only 3 and 4 are known`);
    return undefined;
  }
  if (encoding !== "raw" && encoding !== "rzcobs") {
    problems.add("defmt", `the encoding ${encoding ?? "?"} is not known`);
    return undefined;
  }
  const places = placesOf(program);
  const strings = new Map<number, TableEntry>();
  const flags = new Map<string, Flag[]>();
  let timestamp: string | undefined;
  for (const { name, address, size } of symbolsIn(elf, section)) {
    const symbol = parseSymbol(name);
    if (symbol === undefined) continue;
    const { tag, data } = symbol;
    if (tag === "timestamp") timestamp = data;
    else if (tag === "bitflags_value") addFlag(flags, symbol, valueAt(elf, section, address, size));
    else strings.set(address, { tag, text: data, level: levelOf(tag), place: places.get(name) ?? null });
  }
  const parsed = new Map<string, readonly Fragment[] | undefined>();
  const fragments = (text: string) => {
    if (!parsed.has(text)) parsed.set(text, text.length > LONGEST ? undefined : parseFormat(text));
    return parsed.get(text);
  };
  return {
    encoding,
    timestamp: timestamp === undefined ? undefined : fragments(timestamp),
    entry: (index) => strings.get(index),
    fragments,
    flags: (key) => flags.get(key)?.sort((a, b) => a.order - b.order),
  };
}

interface Flag {
  readonly name: string;
  readonly value: bigint;
  readonly order: number;
}

interface DefmtSymbol {
  readonly tag: string;
  readonly data: string;
  /** Package, disambiguator and crate, which tell equal names apart. */
  readonly origin: string;
}

/** A setting that stands in the name of a symbol: `_defmt_encoding_ = rzcobs`; lld keeps quotes around some. */
function settingOf(elf: ElfFile, name: string): string | undefined {
  for (let row = 1; row < elf.symbols.length; row++) {
    const found = /^"?(\w+) = ([^"]*)"?$/.exec(elf.symbols.at(row).name);
    if (found?.[1] === name) return found[2];
  }
  return undefined;
}

function symbolsIn(elf: ElfFile, section: number) {
  return Array.from({ length: elf.symbols.length }, (_, row) => elf.symbols.at(row)).filter(
    (symbol) => symbol.section === section && symbol.name.startsWith("{"),
  );
}

function parseSymbol(name: string): DefmtSymbol | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(name);
  } catch {
    return undefined;
  }
  const {
    tag,
    data,
    package: inPackage,
    disambiguator,
    crate_name: crate,
  } = parsed as Record<string, unknown>;
  if (typeof tag !== "string" || typeof data !== "string" || !tag.startsWith(TAG_PREFIX)) return undefined;
  const origin = [inPackage, disambiguator, ...(crate === undefined ? [] : [crate])].map(String).join("@");
  return { tag: tag.slice(TAG_PREFIX.length), data, origin };
}

/** Other prefixes are of other tools. */
const TAG_PREFIX = "defmt_";

function levelOf(tag: string): LogLevel | null {
  return tag === "trace" || tag === "debug" || tag === "info" || tag === "warn" || tag === "error"
    ? tag
    : null;
}

/** A value of a `bitflags!` is named `Flags::0::READY`; the hint that asks for it names `Flags` and the origin. */
function addFlag(flags: Map<string, Flag[]>, { data, origin }: DefmtSymbol, value: bigint | undefined): void {
  const [type, order, name] = data.split("::");
  if (type === undefined || order === undefined || name === undefined || value === undefined) return;
  const key = `${type}@${origin}`;
  flags.set(key, [...(flags.get(key) ?? []), { name, value, order: Number(order) }]);
}

/** The 16 bytes of a flag's value lie in the table's section itself. */
function valueAt(elf: ElfFile, section: number, address: number, size: number): bigint | undefined {
  const header = elf.sections[section]!;
  const data = elf.sectionData(header);
  const start = address - header.address;
  if (data === undefined || size !== 16 || start < 0 || start + size > data.length) return undefined;
  return data.subarray(start, start + size).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** Where log statements stand, by the names of their symbols: defmt's macros make a static for each. */
function placesOf(program: Program): Map<string, LogLine["place"]> {
  const found = new Map<string, LogLine["place"]>();
  for (const each of program.statics.matching(({ name }) => name.endsWith("::DEFMT_LOG_STATEMENT"))) {
    const { linkageName, declaration } = each;
    if (linkageName === undefined || declaration === undefined) continue;
    found.set(linkageName, { file: declaration.file.path, line: declaration.line });
  }
  return found;
}
