import { lastAtMost } from "../base/binary-search";
import { address, type Address } from "../base/brand";
import type { ProblemList } from "../base/errors";
import { AddressIndex } from "./address-index";
import {
  STB_GLOBAL,
  STB_LOCAL,
  STB_WEAK,
  STT_FILE,
  STT_FUNC,
  STT_NOTYPE,
  STT_OBJECT,
  STT_SECTION,
  SHN_UNDEF,
  SYMBOL_SIZE,
} from "./constants";
import { StringTable } from "./string-table";
import type { Section } from "./tables";

export type SymbolKind = "function" | "object" | "section" | "file" | "none" | "other";
export type SymbolBinding = "local" | "global" | "weak" | "other";

/** One row of the symbol table (gABI 4.9, AAELF32 5.5). */
export interface ElfSymbol {
  readonly index: number;
  /** As in the file: mangled. */
  readonly name: string;
  /** Where it is, without the Thumb bit. */
  readonly address: Address;
  /** In bytes; 0 where the assembler was not told. */
  readonly size: number;
  readonly kind: SymbolKind;
  readonly binding: SymbolBinding;
  /** A function whose address has bit 0 set in the file. */
  readonly isThumb: boolean;
  /** Index of its section; 0 if undefined, 0xfff1 if absolute. */
  readonly section: number;
}

/** What a mapping symbol says about the bytes that follow it (AAELF32 5.5.5). */
export type ByteKind = "thumb" | "arm" | "data";

const MAPPING_KINDS: Readonly<Record<string, ByteKind>> = { $t: "thumb", $a: "arm", $d: "data" };

/**
 * The symbols of an ELF file: columns over the bytes of `.symtab`, with objects made on demand.
 * Mapping symbols (`$t`, `$d`, `$a`) have rows but are found only through `byteKindAt`.
 */
export class SymbolTable {
  /** Rows, with the empty row 0. */
  readonly length: number;
  private readonly view: DataView;
  private byNameIndex: Map<string, number[]> | undefined;
  private functionIndex: AddressIndex | undefined;
  private objectIndex: AddressIndex | undefined;
  private mapping: { readonly addresses: Uint32Array; readonly rows: Uint32Array } | undefined;

  constructor(
    bytes: Uint8Array,
    private readonly names: StringTable,
    private readonly sections: readonly Section[],
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.length = Math.floor(bytes.length / SYMBOL_SIZE);
  }

  /** The table of a file without symbols. */
  static empty(problems: ProblemList): SymbolTable {
    const none = new Uint8Array(0);
    return new SymbolTable(none, new StringTable(none, "symbol names", problems), []);
  }

  /** The symbol of a row, 0 to `length - 1`. */
  at(index: number): ElfSymbol {
    const kind = this.kind(index);
    const value = this.value(index);
    const isThumb = kind === "function" && (value & 1) === 1;
    return {
      index,
      name: this.name(index),
      address: this.address(index),
      size: this.size(index),
      kind,
      binding: this.binding(index),
      isThumb,
      section: this.section(index),
    };
  }

  /** The symbol of this (mangled) name: of several, a global one before a weak one before a local one. */
  byName(name: string): ElfSymbol | undefined {
    return this.allNamed(name)[0];
  }

  /** All symbols of this (mangled) name, global ones first. */
  allNamed(name: string): ElfSymbol[] {
    this.byNameIndex ??= this.buildNameIndex();
    const rows = this.byNameIndex.get(name) ?? [];
    return rows.map((row) => this.at(row)).sort((a, b) => bindingRank(a.binding) - bindingRank(b.binding));
  }

  /** Defined functions in order of address. */
  functions(): ElfSymbol[] {
    return this.functionsByAddress()
      .rows()
      .map((row) => this.at(row));
  }

  /** Defined objects (statics) in order of address. */
  objects(): ElfSymbol[] {
    return this.objectsByAddress()
      .rows()
      .map((row) => this.at(row));
  }

  /** The function that covers an address; one without a size reaches to the next, or to its section's end. */
  functionAt(at: Address): ElfSymbol | undefined {
    const row = this.functionsByAddress().covering(at);
    return row === undefined ? undefined : this.at(row);
  }

  /** The object (static) that covers an address. */
  objectAt(at: Address): ElfSymbol | undefined {
    const row = this.objectsByAddress().covering(at);
    return row === undefined ? undefined : this.at(row);
  }

  /** What the mapping symbols say about the byte at an address, or undefined where none says anything. */
  byteKindAt(at: Address): ByteKind | undefined {
    this.mapping ??= this.buildMapping();
    const found = lastAtMost(this.mapping.addresses, at);
    if (found < 0) return undefined;
    const row = this.mapping.rows[found]!;
    const section = this.sections[this.section(row)];
    // A mapping symbol says nothing about other sections.
    if (section && at >= section.address + section.size) return undefined;
    return mappingKind(this.name(row));
  }

  /** Whether a row is a mapping symbol. */
  isMapping(index: number): boolean {
    return (
      this.info(index) === ((STB_LOCAL << 4) | STT_NOTYPE) && mappingKind(this.name(index)) !== undefined
    );
  }

  private functionsByAddress(): AddressIndex {
    return (this.functionIndex ??= this.buildAddressIndex("function"));
  }

  private objectsByAddress(): AddressIndex {
    return (this.objectIndex ??= this.buildAddressIndex("object"));
  }

  private buildNameIndex(): Map<string, number[]> {
    const index = new Map<string, number[]>();
    for (let row = 1; row < this.length; row++) {
      const name = this.name(row);
      if (name === "" || this.isMapping(row)) continue;
      const rows = index.get(name);
      if (rows) rows.push(row);
      else index.set(name, [row]);
    }
    return index;
  }

  private buildAddressIndex(kind: "function" | "object"): AddressIndex {
    const rows: number[] = [];
    for (let row = 1; row < this.length; row++) {
      if (this.kind(row) === kind && this.section(row) !== SHN_UNDEF) rows.push(row);
    }
    return new AddressIndex(
      rows.map((row) => {
        const section = this.sections[this.section(row)];
        return {
          row,
          start: this.address(row),
          size: this.size(row),
          rank: bindingRank(this.binding(row)),
          limit: section ? section.address + section.size : this.address(row),
        };
      }),
    );
  }

  private buildMapping(): { addresses: Uint32Array; rows: Uint32Array } {
    const rows: number[] = [];
    for (let row = 1; row < this.length; row++) if (this.isMapping(row)) rows.push(row);
    rows.sort((a, b) => this.value(a) - this.value(b) || a - b);
    return {
      addresses: Uint32Array.from(rows, (row) => this.value(row)),
      rows: Uint32Array.from(rows),
    };
  }

  private name(index: number): string {
    return this.names.at(this.view.getUint32(index * SYMBOL_SIZE, true));
  }

  private value(index: number): number {
    return this.view.getUint32(index * SYMBOL_SIZE + 4, true);
  }

  private address(index: number): Address {
    const value = this.value(index);
    return address(this.kind(index) === "function" ? value & ~1 : value);
  }

  private size(index: number): number {
    return this.view.getUint32(index * SYMBOL_SIZE + 8, true);
  }

  private info(index: number): number {
    return this.view.getUint8(index * SYMBOL_SIZE + 12);
  }

  private kind(index: number): SymbolKind {
    return KINDS.get(this.info(index) & 0xf) ?? "other";
  }

  private binding(index: number): SymbolBinding {
    return BINDINGS.get(this.info(index) >> 4) ?? "other";
  }

  private section(index: number): number {
    return this.view.getUint16(index * SYMBOL_SIZE + 14, true);
  }
}

const KINDS: ReadonlyMap<number, SymbolKind> = new Map([
  [STT_NOTYPE, "none"],
  [STT_OBJECT, "object"],
  [STT_FUNC, "function"],
  [STT_SECTION, "section"],
  [STT_FILE, "file"],
]);

const BINDINGS: ReadonlyMap<number, SymbolBinding> = new Map([
  [STB_LOCAL, "local"],
  [STB_GLOBAL, "global"],
  [STB_WEAK, "weak"],
]);

/** `$t`, `$d` or `$a`, alone or followed by a period and anything (AAELF32 5.5.5). */
function mappingKind(name: string): ByteKind | undefined {
  if (name.length > 2 && name[2] !== ".") return undefined;
  return MAPPING_KINDS[name.slice(0, 2)];
}

function bindingRank(binding: SymbolBinding): number {
  return binding === "global" ? 0 : binding === "weak" ? 1 : 2;
}
