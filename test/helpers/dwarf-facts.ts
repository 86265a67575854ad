import { attributeOf, type DumpedEntry, isKept, keptRangesOf, numberOf, textOf } from "./dwarf-dump";

/**
 * What an entry dump says about a program, put together here a second time and as simply as possible, so that it
 * can be compared with what `loadProgram` says.
 */
export class DumpedProgram {
  private readonly positions = new Map<number, number>();
  private readonly parents: number[] = [];

  /** @param addresses what `--debug-addr` prints, if there is a table of one unit */
  constructor(
    readonly entries: readonly DumpedEntry[],
    private readonly addresses: readonly number[] = [],
  ) {
    const around: number[] = [];
    for (const [position, { offset, depth }] of entries.entries()) {
      this.positions.set(offset, position);
      this.parents.push(depth === 0 ? -1 : around[depth - 1]!);
      around[depth] = position;
    }
  }

  /** `name start-end start-end` of each function that the linker kept. */
  functions(): string[] {
    return this.withTag("DW_TAG_subprogram").flatMap((position) => {
      const ranges = keptRangesOf(this.entries[position]!);
      return ranges.length === 0 ? [] : [`${this.nameOf(position)} ${rangesText(ranges)}`];
    });
  }

  /** `name address` of each variable at a fixed address that the linker kept. */
  statics(): string[] {
    return this.withTag("DW_TAG_variable").flatMap((position) => {
      const address = this.addressIn(attributeOf(this.entries[position]!, "DW_AT_location") ?? "");
      return address === undefined || !isKept(address)
        ? []
        : [`${this.nameOf(position)} 0x${address.toString(16)}`];
    });
  }

  /** The layout of each async function's state machine as text, without repetitions, sorted. */
  coroutines(): string[] {
    const layouts = this.withTag("DW_TAG_structure_type")
      .filter((position) => textOf(this.entries[position]!, "DW_AT_name")?.startsWith("{async_"))
      .map((position) => this.coroutineText(position));
    return [...new Set(layouts)].sort();
  }

  /** Each struct and union with its members, in the order of the dump. */
  structs(): string[] {
    return [...this.withTag("DW_TAG_structure_type"), ...this.withTag("DW_TAG_union_type")]
      .filter((position) => attributeOf(this.entries[position]!, "DW_AT_declaration") === undefined)
      .map((position) => `${this.nameOf(position)} ${this.sizeText(position)}${this.membersText(position)}`);
  }

  /** Names of the functions that are at an address, innermost first. */
  functionsAt(address: number, owner: number): string[] {
    const names = [this.nameOf(owner)];
    const depth = this.entries[owner]!.depth;
    let innermost = depth;
    for (let position = owner + 1; (this.entries[position]?.depth ?? 0) > depth; position++) {
      const entry = this.entries[position]!;
      if (entry.tag !== "DW_TAG_inlined_subroutine") continue;
      if (!keptRangesOf(entry).some(([start, end]) => start <= address && address < end)) continue;
      // An entry that is not inside the innermost one found so far replaces nothing: code has one owner.
      if (entry.depth <= innermost) continue;
      innermost = entry.depth;
      names.unshift(this.nameOf(position));
    }
    return names;
  }

  /** Positions of the functions that the linker kept. */
  ownersWithCode(): number[] {
    return this.withTag("DW_TAG_subprogram").filter(
      (position) => keptRangesOf(this.entries[position]!).length > 0,
    );
  }

  /** The full name: namespaces and types around the entry, or around the one that it completes. */
  nameOf(position: number): string {
    const entry = this.entries[position]!;
    const origin = numberOf(entry, "DW_AT_specification") ?? numberOf(entry, "DW_AT_abstract_origin");
    if (origin !== undefined) return this.nameOf(this.positions.get(origin)!);
    const names = [textOf(entry, "DW_AT_name") ?? ""];
    for (let around = this.parents[position]!; around >= 0; around = this.parents[around]!) {
      const parent = this.entries[around]!;
      if (/compile_unit|lexical_block|inlined/.test(parent.tag)) continue;
      if (parent.tag === "DW_TAG_subprogram") return [this.nameOf(around), ...names].join("::");
      names.unshift(textOf(parent, "DW_AT_name") ?? "");
    }
    return names.join("::");
  }

  private addressIn(location: string): number | undefined {
    const [, operator, operand, offset] =
      /^DW_OP_(addrx?) (0x[0-9a-f]+)(?:, DW_OP_plus_uconst (0x[0-9a-f]+))?$/.exec(location) ?? [];
    if (operator === undefined) return undefined;
    const base = operator === "addrx" ? this.addresses[Number(operand)]! : Number(operand);
    return base + Number(offset ?? 0);
  }

  private coroutineText(position: number): string {
    const part = this.children(position).find((child) => this.entries[child]!.tag === "DW_TAG_variant_part")!;
    const discriminant = this.positions.get(numberOf(this.entries[part]!, "DW_AT_discr")!)!;
    const lines = [
      `${this.nameOf(position)} ${this.sizeText(position)}`,
      `discriminant @${numberOf(this.entries[discriminant]!, "DW_AT_data_member_location")}`,
    ];
    for (const variant of this.children(part)) {
      if (this.entries[variant]!.tag !== "DW_TAG_variant") continue;
      const member = this.entries[this.children(variant)[0]!]!;
      const state = this.positions.get(numberOf(member, "DW_AT_type")!)!;
      const line = attributeOf(member, "DW_AT_decl_line");
      const file = textOf(member, "DW_AT_decl_file")?.split("/").at(-1);
      const value = Number(attributeOf(this.entries[variant]!, "DW_AT_discr_value"));
      const name = textOf(this.entries[state]!, "DW_AT_name");
      lines.push(`${value} ${name} ${file}:${line}${this.membersText(state)}`);
    }
    return lines.join("\n");
  }

  private membersText(position: number): string {
    const members = this.children(position).filter((child) => this.entries[child]!.tag === "DW_TAG_member");
    const texts = members.map((child) => {
      const entry = this.entries[child]!;
      return ` ${textOf(entry, "DW_AT_name")}@${numberOf(entry, "DW_AT_data_member_location")}`;
    });
    return [...new Set(texts)].join("");
  }

  private sizeText(position: number): string {
    const entry = this.entries[position]!;
    return `${numberOf(entry, "DW_AT_byte_size") ?? 0}/${numberOf(entry, "DW_AT_alignment") ?? 1}`;
  }

  private withTag(tag: string): number[] {
    return [...this.entries.keys()].filter((position) => this.entries[position]!.tag === tag);
  }

  private children(position: number): number[] {
    const depth = this.entries[position]!.depth;
    const found: number[] = [];
    for (let child = position + 1; (this.entries[child]?.depth ?? 0) > depth; child++) {
      if (this.entries[child]!.depth === depth + 1) found.push(child);
    }
    return found;
  }
}

/** Address ranges as text, in the order given. */
export function rangesText(ranges: readonly (readonly [start: number, end: number])[]): string {
  return ranges.map(([start, end]) => `${start.toString(16)}-${end.toString(16)}`).join(" ");
}

/** The addresses of `llvm-dwarfdump --debug-addr`. */
export function parseAddressDump(text: string): number[] {
  return text
    .split("\n")
    .filter((line) => /^0x[0-9a-f]+$/.test(line))
    .map(Number);
}

/** The rows of `llvm-dwarfdump --debug-line` of code that the linker kept: `address line:column flags`, by file. */
export function parseLineDump(text: string): string[] {
  const rows: string[] = [];
  let sequence: string[] = [];
  let start: number | undefined;
  for (const line of text.split("\n")) {
    if (!line.startsWith("0x")) continue;
    const [address, lineNumber, column, , , discriminator, ...flags] = line.trim().split(/\s+/);
    start ??= Number(address);
    sequence.push(
      `${Number(address).toString(16)} ${lineNumber}:${column} ${discriminator} ${flags.join(" ")}`,
    );
    if (!flags.includes("end_sequence")) continue;
    if (isKept(start)) rows.push(...sequence);
    sequence = [];
    start = undefined;
  }
  return rows;
}
