/** How much of a value is written out on one line. What is left out is there as children. */
export interface Limits {
  /** Structs in structs, and references followed. */
  readonly depth: number;
  /** Elements of each array or collection. */
  readonly elements: number;
  /** Bytes of each string. */
  readonly stringBytes: number;
  /** Characters of the line, about: what is begun is ended. */
  readonly characters: number;
}

export const DEFAULT_LIMITS: Limits = { depth: 5, elements: 16, stringBytes: 256, characters: 400 };
