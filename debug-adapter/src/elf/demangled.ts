/** What a demangler made of a symbol: the name, and the rest of the symbol that is no part of it. */
export interface Demangled {
  readonly name: string;
  readonly suffix: string;
}
