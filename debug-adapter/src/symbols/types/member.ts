import { DW_AT, DW_TAG } from "../../dwarf/constants";
import type { Entry } from "../../dwarf/entry";
import type { SourcePlace } from "../source-files";
import type { Member, Type, TypeArgument } from "./type";
import type { TypeSource } from "./type-source";

/** The members that stand directly in a struct, union or variant. */
export function readMembers(owner: Entry, types: TypeSource): Member[] {
  const members: Member[] = [];
  for (let more = owner.firstChild(); more; more = owner.nextSibling()) {
    if (owner.tag === DW_TAG.member) members.push(new ReadMember(owner, types));
  }
  return members;
}

/** The generic parameters of a type or function. */
export function readTypeArguments(owner: Entry, types: TypeSource): TypeArgument[] {
  const found: TypeArgument[] = [];
  for (let more = owner.firstChild(); more; more = owner.nextSibling()) {
    if (owner.tag === DW_TAG.template_type_parameter) found.push(new ReadTypeArgument(owner, types));
  }
  return found;
}

export class ReadMember implements Member {
  readonly name: string;
  readonly offset: number;
  readonly isArtificial: boolean;
  readonly declaration: SourcePlace | undefined;
  private readonly typeOffset: number | undefined;
  private knownType: Type | undefined;

  /** @param entry a cursor on the member; it is not kept */
  constructor(
    entry: Entry,
    private readonly types: TypeSource,
  ) {
    this.name = entry.string(DW_AT.name) ?? "";
    this.offset = entry.number(DW_AT.data_member_location) ?? 0;
    this.isArtificial = entry.flag(DW_AT.artificial);
    this.declaration = types.declarationOf(entry);
    this.typeOffset = entry.reference(DW_AT.type);
  }

  get type(): Type {
    return (this.knownType ??= this.types.at(this.typeOffset));
  }
}

class ReadTypeArgument implements TypeArgument {
  readonly name: string;
  private readonly typeOffset: number | undefined;

  constructor(
    entry: Entry,
    private readonly types: TypeSource,
  ) {
    this.name = entry.string(DW_AT.name) ?? "";
    this.typeOffset = entry.reference(DW_AT.type);
  }

  get type(): Type {
    return this.types.at(this.typeOffset);
  }
}
