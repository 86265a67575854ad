import { DW_AT } from "../../dwarf/constants";
import type { Entry } from "../../dwarf/entry";
import { readMembers, readTypeArguments } from "./member";
import type { Member, StructType, TypeArgument, UnionType } from "./type";
import type { TypeSource } from "./type-source";

/** What structs, unions and enums have in common. */
export abstract class ReadComposite {
  readonly offset: number;
  readonly byteSize: number;
  readonly alignment: number;
  private membersRead: readonly Member[] | undefined;
  private argumentsRead: readonly TypeArgument[] | undefined;

  /** @param entry a cursor on the type; it is not kept */
  constructor(
    entry: Entry,
    readonly name: string,
    protected readonly types: TypeSource,
  ) {
    this.offset = entry.offset;
    this.byteSize = entry.number(DW_AT.byte_size) ?? 0;
    this.alignment = entry.number(DW_AT.alignment) ?? 1;
  }

  get members(): readonly Member[] {
    return (this.membersRead ??= this.read(readMembers));
  }

  get typeArguments(): readonly TypeArgument[] {
    return (this.argumentsRead ??= this.read(readTypeArguments));
  }

  private read<Part>(reader: (owner: Entry, types: TypeSource) => Part[]): Part[] {
    const entry = this.types.entryAt(this.offset);
    return entry ? reader(entry, this.types) : [];
  }
}

export class ReadStructType extends ReadComposite implements StructType {
  readonly kind = "struct";

  get isTuple(): boolean {
    return this.members.length > 0 && this.members.every(({ name }, i) => name === `__${i}`);
  }
}

export class ReadUnionType extends ReadComposite implements UnionType {
  readonly kind = "union";
}
