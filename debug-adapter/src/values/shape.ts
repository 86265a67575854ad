import type { Type } from "../symbols/types/type";
import type { ValueReader } from "./reader";
import type { NamedValue, Value } from "./value";

/**
 * What a value amounts to for someone who reads Rust. Its line of text and its children are both made from it.
 * Parts are values again: nothing of them is read yet.
 */
export type Shape =
  /** All there is to say: a number, a string, a name. */
  | { readonly kind: "text"; readonly text: string }
  /** It cannot be read, or not all of it; the text is a clause: `optimized out`. */
  | { readonly kind: "unavailable"; readonly text: string }
  | RecordShape
  | ListShape
  | WrappedShape
  | PointerShape
  /** A wrapper that a reader need not see: shown as what is inside. */
  | { readonly kind: "same"; readonly value: Value };

/** A shape after wrappers have been taken off. */
export type ResolvedShape = Exclude<Shape, { kind: "same" }>;

/** A struct, tuple or variant: `Reading { tenths: 231 }`, `Some(5)`, `None`. */
export interface RecordShape {
  readonly kind: "record";
  /** "" for a tuple. */
  readonly name: string;
  readonly fields: readonly NamedValue[];
  /** Whether fields go by position. */
  readonly isTuple: boolean;
}

/** An array, slice or collection: `[1, 2]`, `Channel(2 of 4) [1, 2]`. */
export interface ListShape {
  readonly kind: "list";
  /** "" for an array. */
  readonly name: string;
  /** Shown after the name. */
  readonly note: string | undefined;
  readonly count: number;
  element(index: number): Value;
  /** What surrounds the elements in memory, if they are in one place and in order: allows a part of it to be named. */
  readonly array?: Value;
}

/** One value in something that has a state of its own: `RefCell(5, mutably borrowed)`. */
export interface WrappedShape {
  readonly kind: "wrapped";
  readonly name: string;
  readonly inner: Value | undefined;
  readonly notes: readonly string[];
}

/** A pointer of any sort. */
export interface PointerShape {
  readonly kind: "pointer";
  /** `&`, `&mut `, `*const `, `Box `. A reference is shown as what it points to, a raw pointer as an address. */
  readonly prefix: string;
  readonly isFollowed: boolean;
  readonly address: number;
  readonly target: Value | undefined;
  /** The real type behind a trait object. */
  readonly implementor?: Type | undefined;
}

/** Knows how to show some types better than by their members. */
export interface Formatter {
  /** The full names of the types it knows, without generic arguments: `core::cell::RefCell`. */
  readonly types: readonly string[];
  /**
   * The shape of a value of a type it knows. Undefined for other types, and where the layout or the bytes are not as
   * expected: then the next formatter is asked, and at last the members are shown as they are.
   */
  shape(value: Value, reader: ValueReader): Shape | undefined;
}
