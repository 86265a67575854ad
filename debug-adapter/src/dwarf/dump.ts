import { DW_AT, DW_FORM, DW_OP, formName, tagName, attributeName, VALUE_NAMES } from "./constants";
import type { DebugInfo } from "./debug-info";
import type { Entry } from "./entry";
import { type LineHeader, readLineHeader } from "./line-header";
import { OutOfBounds } from "../base/byte-reader";
import { staticAddress } from "./static-location";
import type { Unit } from "./unit";

// Entries as text in the style of llvm-dwarfdump, for bug reports and for tests that compare with it:
//
//     0x00000185: DW_TAG_structure_type
//                   DW_AT_name	("{async_fn_env#0}")
//                   DW_AT_byte_size	(0x20)
//
// Differences: a reference shows the offset without the name of what is there; an expression other than
// DW_OP_addr shows its bytes.

/** An entry and everything below it; "" if there is no entry at the offset. */
export function dumpEntry(info: DebugInfo, offset: number): string {
  const entry = info.entryAt(offset);
  const unit = info.unitAt(offset);
  if (entry === undefined || unit === undefined) return "";
  const dumper = new Dumper(info, unit);
  const lines = dumper.entryLines(entry);
  while (entry.next()) lines.push(...dumper.entryLines(entry));
  return lines.join("\n");
}

/** A unit: its header and all its entries. */
export function dumpUnit(info: DebugInfo, unit: Unit): string {
  const header = `${hex(unit.offset)}: Compile Unit: version = ${unit.version}, next unit at ${hex(unit.end)}`;
  return `${header}\n\n${dumpEntry(info, unit.rootOffset)}`;
}

/** Prints attributes of a unit's entries as `DW_AT_x\t(value)`, one text for each attribute. */
export function attributePrinter(info: DebugInfo, unit: Unit): (entry: Entry) => string[] {
  const dumper = new Dumper(info, unit);
  return (entry) => dumper.attributeLines(entry);
}

class Dumper {
  private readonly lineHeader: LineHeader | undefined;

  constructor(
    info: DebugInfo,
    private readonly unit: Unit,
  ) {
    this.lineHeader = lineHeaderOf(info, unit);
  }

  entryLines(entry: Entry): string[] {
    const indent = "  ".repeat(entry.depth);
    const attributes = this.attributeLines(entry).map((line) => `${indent}              ${line}`);
    return [`${hex(entry.offset)}: ${indent}${tagName(entry.tag)}`, ...attributes, ""];
  }

  attributeLines(entry: Entry): string[] {
    return [...entry.shape.attributes].map((attribute) => {
      const value = this.value(entry, attribute);
      return `${attributeName(attribute)}\t(${value})`;
    });
  }

  private value(entry: Entry, attribute: number): string {
    const form = entry.formOf(attribute)!;
    switch (attribute) {
      case DW_AT.high_pc: {
        const highPc = entry.highPc(entry.address(DW_AT.low_pc) ?? 0);
        return hex(highPc ?? 0);
      }
      case DW_AT.ranges:
        return this.ranges(entry, form);
      case DW_AT.decl_line:
      case DW_AT.call_line:
        return String(entry.number(attribute));
      case DW_AT.decl_file:
      case DW_AT.call_file:
        return this.file(entry.number(attribute) ?? 0);
    }
    const names = VALUE_NAMES.get(attribute);
    const named = names?.(entry.number(attribute) ?? 0);
    return named ?? this.plainValue(entry, attribute, form);
  }

  private plainValue(entry: Entry, attribute: number, form: number): string {
    switch (form) {
      case DW_FORM.flag_present:
        return "true";
      case DW_FORM.flag:
      case DW_FORM.data1:
        return hex(entry.number(attribute) ?? this.flag(entry, attribute), 2);
      case DW_FORM.data2:
        return hex(entry.number(attribute) ?? 0, 4);
      case DW_FORM.data4:
        return hex(entry.number(attribute) ?? 0, 8);
      case DW_FORM.data8:
        return hex(entry.bigint(attribute) ?? 0n, 16);
      case DW_FORM.sdata:
      case DW_FORM.udata:
      case DW_FORM.implicit_const:
        return String(entry.bigint(attribute));
      case DW_FORM.sec_offset:
        return hex(entry.number(attribute) ?? 0);
      default:
        return this.classValue(entry, attribute, form);
    }
  }

  /** Values whose form tells their class. */
  private classValue(entry: Entry, attribute: number, form: number): string {
    const block = entry.block(attribute);
    if (block !== undefined) return this.block(block, form);
    const address = entry.address(attribute);
    if (address !== undefined) return hex(address);
    if (isStringForm(form)) {
      const text = entry.string(attribute);
      return text === undefined ? "no string" : `"${escape(text)}"`;
    }
    if (isReferenceForm(form)) return hex(entry.reference(attribute) ?? 0);
    return formName(form);
  }

  private flag(entry: Entry, attribute: number): number {
    return entry.flag(attribute) ? 1 : 0;
  }

  private block(block: Uint8Array, form: number): string {
    const bytes = Array.from(block, (byte) => `${byte.toString(16).padStart(2, "0")} `).join("");
    if (form !== DW_FORM.exprloc) return `<${hex(block.length, 2)}> ${bytes}`;
    const address = block[0] === DW_OP.addr ? staticAddress(block, this.unit) : undefined;
    return address !== undefined && block.length === 5
      ? `DW_OP_addr 0x${address.toString(16)}`
      : `expression ${bytes.trimEnd()}`;
  }

  private ranges(entry: Entry, form: number): string {
    const at = form === DW_FORM.sec_offset ? hex(entry.number(DW_AT.ranges) ?? 0) : formName(form);
    return [at, ...entry.ranges().map(({ start, end }) => `[${hex(start)}, ${hex(end)})`)].join(" ");
  }

  /** The path as the file table has it, from the unit's directory on; the number if there is no such file. */
  private file(fileNumber: number): string {
    const file = this.lineHeader?.files[fileNumber];
    if (file === undefined) return hex(fileNumber, 2);
    const directory = this.lineHeader?.directories[file.directory] ?? "";
    const path = [directory, file.name].reduce(
      (path, part) => (part === "" || path === "" || part.startsWith("/") ? part || path : `${path}/${part}`),
      this.unit.directory,
    );
    return `"${escape(path)}"`;
  }
}

function lineHeaderOf(info: DebugInfo, unit: Unit): LineHeader | undefined {
  if (unit.lineOffset === undefined) return undefined;
  try {
    return readLineHeader(info.sections, info.strings, unit.lineOffset);
  } catch (error) {
    if (!(error instanceof OutOfBounds)) throw error;
    return undefined;
  }
}

function isStringForm(form: number): boolean {
  switch (form) {
    case DW_FORM.string:
    case DW_FORM.strp:
    case DW_FORM.line_strp:
    case DW_FORM.strx:
    case DW_FORM.strx1:
    case DW_FORM.strx2:
    case DW_FORM.strx3:
    case DW_FORM.strx4:
    case DW_FORM.GNU_str_index:
      return true;
    default:
      return false;
  }
}

function isReferenceForm(form: number): boolean {
  switch (form) {
    case DW_FORM.ref1:
    case DW_FORM.ref2:
    case DW_FORM.ref4:
    case DW_FORM.ref8:
    case DW_FORM.ref_udata:
    case DW_FORM.ref_addr:
      return true;
    default:
      return false;
  }
}

function escape(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}

function hex(value: number | bigint, digits = 8): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}
