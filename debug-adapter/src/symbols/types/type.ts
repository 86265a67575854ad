import type { SourcePlace } from "../source-files";

/**
 * A type of the program. Its parts are read when first asked for, so types that contain pointers to themselves are
 * no matter; asking twice gives the same object.
 */
export type Type =
  | BaseType
  | PointerType
  | ArrayType
  | StructType
  | UnionType
  | EnumType
  | PlainEnumType
  | SubroutineType
  | AliasType
  | UnknownType;

interface Named {
  /** Offset of the entry in `.debug_info`; it identifies the type. 0 for an unknown type. */
  readonly offset: number;
  /** Full name with generic arguments: `core::option::Option<u32>`, `&mut [u8]`. */
  readonly name: string;
}

interface Sized extends Named {
  /** In bytes. */
  readonly byteSize: number;
  /** In bytes; where the compiler does not tell, the natural one. */
  readonly alignment: number;
}

export type Encoding = "boolean" | "character" | "signed" | "unsigned" | "float" | "unit";

/** A number, `bool`, `char` or `()`. */
export interface BaseType extends Sized {
  readonly kind: "base";
  readonly encoding: Encoding;
}

/** A thin pointer or reference. (A wide one is a struct of `data_ptr` and `length` or `vtable`.) */
export interface PointerType extends Sized {
  readonly kind: "pointer";
  readonly target: Type;
}

export interface ArrayType extends Sized {
  readonly kind: "array";
  readonly element: Type;
  /** Number of elements. */
  readonly length: number;
}

/** A struct, tuple, closure environment or wide pointer. */
export interface StructType extends Sized {
  readonly kind: "struct";
  readonly members: readonly Member[];
  readonly typeArguments: readonly TypeArgument[];
  /** Whether the members are named by position (`__0`, `__1`). */
  readonly isTuple: boolean;
}

export interface UnionType extends Sized {
  readonly kind: "union";
  readonly members: readonly Member[];
  readonly typeArguments: readonly TypeArgument[];
}

/** An enum whose variants carry data, or a coroutine: exactly one variant is there at a time. */
export interface EnumType extends Sized {
  readonly kind: "enum";
  /** The number that tells the variants apart; undefined where only one is possible. */
  readonly discriminant: Member | undefined;
  readonly variants: readonly Variant[];
  /** Members that are there whatever the variant is. */
  readonly members: readonly Member[];
  readonly typeArguments: readonly TypeArgument[];
  /**
   * The variant that a discriminant selects.
   * @param raw the discriminant's bits as an unsigned number
   */
  variantFor(raw: bigint): Variant | undefined;
}

export interface Variant {
  /** The variant's name as in the source: `Some`, `Suspend0`. */
  readonly name: string;
  /**
   * The discriminants that select it, as unsigned numbers; usually one. Undefined for the variant that all numbers
   * select which no other variant claims: in `Option<&T>` a pointer that is not null is `Some`.
   */
  readonly discriminants: readonly DiscriminantRange[] | undefined;
  /** The variant's own data, a struct, at an offset in the enum that is nearly always 0. */
  readonly payload: Member;
}

/** Both ends included. */
export interface DiscriminantRange {
  readonly low: bigint;
  readonly high: bigint;
}

/** An enum without data. */
export interface PlainEnumType extends Sized {
  readonly kind: "plain-enum";
  /** The number it is stored as. */
  readonly underlying: Type;
  readonly enumerators: readonly Enumerator[];
}

export interface Enumerator {
  readonly name: string;
  /** Signed where the underlying type is. */
  readonly value: bigint;
}

/** What a function pointer points to. */
export interface SubroutineType extends Sized {
  readonly kind: "subroutine";
  readonly parameters: readonly Type[];
  /** Undefined for a function that returns nothing. */
  readonly result: Type | undefined;
}

/** Another name for a type, or a C type with `const` or `volatile`. Rust code has none; C code linked to it may. */
export interface AliasType extends Sized {
  readonly kind: "alias";
  readonly target: Type;
}

/** A type that the debug info does not describe. A problem says why. */
export interface UnknownType extends Sized {
  readonly kind: "unknown";
}

/** A field of a struct, union, variant or coroutine state. */
export interface Member {
  readonly name: string;
  /** In bytes from the start of the type it is a member of. */
  readonly offset: number;
  readonly type: Type;
  /** Whether the compiler made it, not the programmer. */
  readonly isArtificial: boolean;
  /** rustc writes it for the variants of coroutines only: there it is the line of the await. */
  readonly declaration: SourcePlace | undefined;
}

/** A generic parameter and what stands for it: `F` of `TaskStorage<F>`. */
export interface TypeArgument {
  readonly name: string;
  readonly type: Type;
}
