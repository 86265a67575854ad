import { afterLeb, ulebBigAt } from "../../dwarf/bytes";
import { DW_AT, DW_TAG } from "../../dwarf/constants";
import type { Entry } from "../../dwarf/entry";
import { ReadMember } from "./member";
import { ReadComposite } from "./struct-type";
import type { DiscriminantRange, EnumType, Member, Variant } from "./type";
import type { TypeSource } from "./type-source";

/**
 * An enum with data, which rustc writes as a struct with a variant part (DWARF 5 section 5.7.10):
 *
 *     structure_type "Option<u32>"
 *       variant_part   discr -> the member that follows
 *         member         "tag" @0, artificial
 *         variant        discr_value 0    (none: the variant of all other discriminants)
 *           member         "None" @0, of type structure_type "None" with the variant's data
 */
export class ReadEnumType extends ReadComposite implements EnumType {
  readonly kind = "enum";
  private partRead: VariantPart | undefined;

  get discriminant(): Member | undefined {
    return this.part.discriminant;
  }

  get variants(): readonly Variant[] {
    return this.part.variants;
  }

  variantFor(raw: bigint): Variant | undefined {
    const { variants } = this.part;
    return (
      variants.find(({ discriminants }) =>
        discriminants?.some(({ low, high }) => low <= raw && raw <= high),
      ) ?? variants.find(({ discriminants }) => discriminants === undefined)
    );
  }

  private get part(): VariantPart {
    return (this.partRead ??= this.readPart());
  }

  private readPart(): VariantPart {
    const entry = this.types.entryAt(this.offset);
    return entry && moveToVariantPart(entry) ? readVariantPart(entry, this.types) : EMPTY_PART;
  }
}

/** Moves from a struct to its variant part; false if it has none and is no enum. */
export function moveToVariantPart(entry: Entry): boolean {
  for (let more = entry.firstChild(); more; more = entry.nextSibling()) {
    if (entry.tag === DW_TAG.variant_part) return true;
  }
  return false;
}

interface VariantPart {
  readonly discriminant: Member | undefined;
  readonly variants: readonly Variant[];
}

const EMPTY_PART: VariantPart = { discriminant: undefined, variants: [] };

function readVariantPart(part: Entry, types: TypeSource): VariantPart {
  const discriminantAt = part.reference(DW_AT.discr);
  const discriminantEntry = discriminantAt === undefined ? undefined : types.entryAt(discriminantAt);
  const discriminant = discriminantEntry && new ReadMember(discriminantEntry, types);
  // Discriminants are compared as the bits that lie in memory, however the compiler chose to write them down.
  const bits = 8 * (discriminant?.type.byteSize ?? 0);
  const variants: Variant[] = [];
  for (let more = part.firstChild(); more; more = part.nextSibling()) {
    if (part.tag !== DW_TAG.variant) continue;
    const payload = readPayload(part.copy(), types);
    if (payload === undefined) types.problem(part.offset, "the variant has no member");
    else {
      variants.push({ name: variantName(payload), discriminants: readDiscriminants(part, bits), payload });
    }
  }
  return { discriminant, variants };
}

function readPayload(variant: Entry, types: TypeSource): Member | undefined {
  for (let more = variant.firstChild(); more; more = variant.nextSibling()) {
    if (variant.tag === DW_TAG.member) return new ReadMember(variant, types);
  }
  return undefined;
}

/** Coroutines number their variants' members; the name that says something is that of the payload's struct. */
function variantName(payload: Member): string {
  if (!/^\d+$/.test(payload.name)) return payload.name;
  const { name } = payload.type;
  return name.slice(name.lastIndexOf(":") + 1);
}

function readDiscriminants(variant: Entry, bits: number): DiscriminantRange[] | undefined {
  const value = variant.bigint(DW_AT.discr_value);
  if (value !== undefined) return [rangeOf(value, value, bits)];
  const list = variant.block(DW_AT.discr_list);
  return list && readDiscriminantList(list, bits);
}

/** DWARF 5 section 5.7.10: labels and ranges, each introduced by a byte. */
function readDiscriminantList(list: Uint8Array, bits: number): DiscriminantRange[] {
  const ranges: DiscriminantRange[] = [];
  let at = 0;
  const next = () => {
    const value = ulebBigAt(list, at);
    at = afterLeb(list, at);
    return value;
  };
  while (at < list.length) {
    const isRange = next() === DW_DSC_RANGE;
    const low = next();
    ranges.push(rangeOf(low, isRange ? next() : low, bits));
  }
  return ranges;
}

const DW_DSC_RANGE = 1n;

function rangeOf(low: bigint, high: bigint, bits: number): DiscriminantRange {
  return bits === 0 ? { low, high } : { low: BigInt.asUintN(bits, low), high: BigInt.asUintN(bits, high) };
}
