import { DW_AT, DW_ATE, DW_TAG } from "../../dwarf/constants";
import type { Entry } from "../../dwarf/entry";
import type {
  AliasType,
  ArrayType,
  BaseType,
  Encoding,
  Enumerator,
  PlainEnumType,
  PointerType,
  SubroutineType,
  Type,
  UnknownType,
} from "./type";
import type { TypeSource } from "./type-source";

/** Bytes of an address on the 32-bit machines that are debugged. */
const POINTER_SIZE = 4;

export class ReadBaseType implements BaseType {
  readonly kind = "base";
  readonly offset: number;
  readonly byteSize: number;
  readonly encoding: Encoding;

  constructor(
    entry: Entry,
    readonly name: string,
  ) {
    this.offset = entry.offset;
    this.byteSize = entry.number(DW_AT.byte_size) ?? 0;
    this.encoding = this.byteSize === 0 ? "unit" : encodingOf(entry.number(DW_AT.encoding));
  }

  get alignment(): number {
    return Math.max(1, Math.min(this.byteSize, 8));
  }
}

function encodingOf(encoding: number | undefined): Encoding {
  switch (encoding) {
    case DW_ATE.boolean:
      return "boolean";
    case DW_ATE.UTF:
      return "character";
    case DW_ATE.signed:
    case DW_ATE.signed_char:
      return "signed";
    case DW_ATE.float:
      return "float";
    default:
      return "unsigned";
  }
}

export class ReadPointerType implements PointerType {
  readonly kind = "pointer";
  readonly offset: number;
  readonly byteSize: number;
  readonly alignment = POINTER_SIZE;
  private readonly writtenName: string | undefined;
  private readonly targetOffset: number | undefined;

  constructor(
    entry: Entry,
    private readonly types: TypeSource,
  ) {
    this.offset = entry.offset;
    this.byteSize = entry.number(DW_AT.byte_size) ?? POINTER_SIZE;
    this.writtenName = entry.string(DW_AT.name);
    this.targetOffset = entry.reference(DW_AT.type);
  }

  /** LLVM's own pointers (to `self` in methods) have no name: `*` and the target's. */
  get name(): string {
    if (this.writtenName !== undefined) return this.writtenName;
    let stars = "*";
    let type = this.target;
    for (; type instanceof ReadPointerType && type.writtenName === undefined; type = type.target) {
      stars += "*";
      // A pointer to itself is possible in a broken file only.
      if (stars.length > MOST_STARS) return `${stars}…`;
    }
    return stars + type.name;
  }

  get target(): Type {
    return this.types.at(this.targetOffset);
  }
}

const MOST_STARS = 8;

export class ReadArrayType implements ArrayType {
  readonly kind = "array";
  readonly offset: number;
  readonly length: number;
  private readonly elementOffset: number | undefined;
  private readonly writtenSize: number | undefined;
  private isMeasuring = false;

  constructor(
    entry: Entry,
    private readonly types: TypeSource,
  ) {
    this.offset = entry.offset;
    this.elementOffset = entry.reference(DW_AT.type);
    this.writtenSize = entry.number(DW_AT.byte_size);
    this.length = readLength(entry);
  }

  get element(): Type {
    return this.types.at(this.elementOffset);
  }

  get name(): string {
    return this.measured(() => `[${this.element.name}; ${this.length}]`, "[…]");
  }

  get byteSize(): number {
    return this.writtenSize ?? this.measured(() => this.element.byteSize * this.length, 0);
  }

  get alignment(): number {
    return this.measured(() => this.element.alignment, 1);
  }

  /** An array of itself, possible in a broken file only, must not recurse for ever. */
  private measured<Result>(measure: () => Result, whenCyclic: Result): Result {
    if (this.isMeasuring) return whenCyclic;
    this.isMeasuring = true;
    try {
      return measure();
    } finally {
      this.isMeasuring = false;
    }
  }
}

/** The product of all dimensions: rustc nests arrays, C writes several subranges into one. */
function readLength(array: Entry): number {
  let length = 1;
  for (let more = array.firstChild(); more; more = array.nextSibling()) {
    if (array.tag !== DW_TAG.subrange_type) continue;
    const upper = array.number(DW_AT.upper_bound);
    length *= array.number(DW_AT.count) ?? (upper === undefined ? 0 : upper + 1);
  }
  return length;
}

export class ReadPlainEnumType implements PlainEnumType {
  readonly kind = "plain-enum";
  readonly offset: number;
  readonly byteSize: number;
  readonly alignment: number;
  private readonly underlyingOffset: number | undefined;
  private enumeratorsRead: readonly Enumerator[] | undefined;

  constructor(
    entry: Entry,
    readonly name: string,
    private readonly types: TypeSource,
  ) {
    this.offset = entry.offset;
    this.byteSize = entry.number(DW_AT.byte_size) ?? 0;
    this.alignment = entry.number(DW_AT.alignment) ?? Math.max(1, this.byteSize);
    this.underlyingOffset = entry.reference(DW_AT.type);
  }

  get underlying(): Type {
    return this.types.at(this.underlyingOffset);
  }

  get enumerators(): readonly Enumerator[] {
    return (this.enumeratorsRead ??= this.readEnumerators());
  }

  private readEnumerators(): Enumerator[] {
    const entry = this.types.entryAt(this.offset);
    if (entry === undefined) return [];
    const { underlying } = this;
    const isSigned = underlying.kind === "base" && underlying.encoding === "signed";
    const bits = 8 * Math.min(this.byteSize, 16);
    const found: Enumerator[] = [];
    for (let more = entry.firstChild(); more; more = entry.nextSibling()) {
      const value = entry.bigint(DW_AT.const_value);
      if (entry.tag !== DW_TAG.enumerator || value === undefined) continue;
      found.push({
        name: entry.string(DW_AT.name) ?? "",
        value: isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value),
      });
    }
    return found;
  }
}

export class ReadSubroutineType implements SubroutineType {
  readonly kind = "subroutine";
  readonly offset: number;
  readonly byteSize = 0;
  readonly alignment = 1;
  readonly name: string;
  private readonly resultOffset: number | undefined;
  private readonly parameterOffsets: readonly (number | undefined)[];

  constructor(
    entry: Entry,
    private readonly types: TypeSource,
  ) {
    this.offset = entry.offset;
    this.name = entry.string(DW_AT.name) ?? "fn";
    this.resultOffset = entry.reference(DW_AT.type);
    const parameters: (number | undefined)[] = [];
    for (let more = entry.firstChild(); more; more = entry.nextSibling()) {
      if (entry.tag === DW_TAG.formal_parameter) parameters.push(entry.reference(DW_AT.type));
    }
    this.parameterOffsets = parameters;
  }

  get parameters(): readonly Type[] {
    return this.parameterOffsets.map((offset) => this.types.at(offset));
  }

  get result(): Type | undefined {
    return this.resultOffset === undefined ? undefined : this.types.at(this.resultOffset);
  }
}

export class ReadAliasType implements AliasType {
  readonly kind = "alias";
  readonly offset: number;
  private readonly targetOffset: number | undefined;

  constructor(
    entry: Entry,
    private readonly writtenName: string,
    private readonly types: TypeSource,
  ) {
    this.offset = entry.offset;
    this.targetOffset = entry.reference(DW_AT.type);
  }

  get target(): Type {
    return this.types.at(this.targetOffset);
  }

  get name(): string {
    return this.writtenName === "" ? this.end.name : this.writtenName;
  }

  get byteSize(): number {
    return this.end.byteSize;
  }

  get alignment(): number {
    return this.end.alignment;
  }

  /** What the name stands for in the end; unknown if it stands for itself. */
  private get end(): Type {
    const seen = new Set<Type>([this]);
    let type = this.target;
    while (type.kind === "alias" && !seen.has(type)) {
      seen.add(type);
      type = type.target;
    }
    return type.kind === "alias" ? UNKNOWN_TYPE : type;
  }
}

export const UNKNOWN_TYPE: UnknownType = {
  kind: "unknown",
  offset: 0,
  name: "{unknown}",
  byteSize: 0,
  alignment: 1,
};
