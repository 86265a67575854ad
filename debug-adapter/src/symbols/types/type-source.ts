import type { Entry } from "../../dwarf/entry";
import type { SourcePlace } from "../source-files";
import type { Type } from "./type";

/** What the types are read from: a cursor on an entry, and the types and places it refers to. */
export interface TypeSource {
  /** The type at an offset of `.debug_info`; an unknown type, with a problem, if there is none. */
  at(offset: number | undefined): Type;
  /** A new cursor on an entry, or undefined, with a problem, if there is none. */
  entryAt(offset: number): Entry | undefined;
  declarationOf(entry: Entry): SourcePlace | undefined;
  problem(offset: number, what: string): void;
}
