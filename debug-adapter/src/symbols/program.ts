import type { Address } from "../base/brand";
import { type Problem, ProblemList } from "../base/errors";
import { DebugInfo } from "../dwarf/debug-info";
import type { SectionSource } from "../dwarf/sections";
import { AsyncFunctions } from "./async-functions";
import type { FunctionIdentity, FunctionSource, ProgramFunction } from "./function";
import { Functions } from "./functions";
import { InlineTree } from "./inline-tree";
import { LineTable } from "./line-table";
import { QualifiedNames } from "./qualified-names";
import { type SourceFileOptions, SourceFiles, type SourcePlace } from "./source-files";
import { Statics } from "./static-variable";
import { Types } from "./types/types";
import { EntryPlaces } from "./unit-files";

/**
 * Reads what the debug info of a program tells. Indexing happens here, everything else when it is asked for.
 * Bad debug info does not throw: what can be read is there, and `problems` names the rest.
 *
 * @param elf a parsed ELF file, or anything else with named sections
 */
export function loadProgram(elf: SectionSource, options: SourceFileOptions = {}): Program {
  return new Program(elf, options);
}

/** A function at an address, or one inlined there into another. */
export interface SourceFrame {
  readonly function: FunctionIdentity;
  /** Where execution is in this function: for all but the innermost frame, the call that is being executed. */
  readonly place: SourcePlace | undefined;
  readonly isInlined: boolean;
  /** Offset in `.debug_info` of the entry with the frame's parameters and variables. */
  readonly entryOffset: number;
}

/** A program's debug info, in the words of Rust: the one object that the rest of the adapter asks. */
export class Program {
  readonly functions: Functions;
  readonly statics: Statics;
  readonly types: Types;
  /** Async functions, blocks and closures, and what the compiler made of them. */
  readonly asyncFunctions: AsyncFunctions;
  /** What all of this is read from, for those who read more of it (frames, variables). */
  readonly debugInfo: DebugInfo;
  private readonly problemList = new ProblemList();
  private readonly sources: SourceFiles;
  private readonly source: FunctionSource;
  private readonly inlineTrees = new Map<number, InlineTree>();
  private linesRead: LineTable | undefined;

  constructor(elf: SectionSource, options: SourceFileOptions) {
    const info = new DebugInfo(elf, this.problemList);
    const names = new QualifiedNames(info);
    this.debugInfo = info;
    this.sources = new SourceFiles(options);
    const places = new EntryPlaces(info, this.sources);
    this.types = new Types(info, names, places);
    this.source = { info, names, places, types: this.types };
    this.functions = new Functions(this.source);
    this.statics = new Statics(this.source);
    this.asyncFunctions = new AsyncFunctions(this.source, this.functions);
  }

  /** Addresses to source lines and back. */
  get lines(): LineTable {
    return this.readLines();
  }

  /** The files that have code, and those that declarations named so far. */
  get files(): SourceFiles {
    this.readLines();
    return this.sources;
  }

  /** What could not be understood so far; grows as more is read. */
  get problems(): Problem[] {
    return this.problemList.list();
  }

  /** The inlined calls of a function. */
  inlineTreeOf(owner: ProgramFunction): InlineTree {
    let tree = this.inlineTrees.get(owner.row);
    if (tree === undefined) {
      tree = new InlineTree(owner, this.source);
      this.inlineTrees.set(owner.row, tree);
    }
    return tree;
  }

  /**
   * What is being executed at an address: the function it lies in and those inlined there, innermost first.
   * Empty if no function has code there.
   */
  framesAt(at: Address): SourceFrame[] {
    const owner = this.functions.at(at);
    if (owner === undefined) return [];
    const frames: SourceFrame[] = [];
    let place = this.lines.placeAt(at);
    for (const call of this.inlineTreeOf(owner).at(at).reverse()) {
      frames.push({
        function: this.functions.ofRow(call.functionRow),
        place,
        isInlined: true,
        entryOffset: call.entryOffset,
      });
      place = call.callPlace;
    }
    frames.push({ function: owner, place, isInlined: false, entryOffset: owner.entryOffset });
    return frames;
  }

  /** Also what meets the files: which ones are known must not depend on what was asked before. */
  private readLines(): LineTable {
    return (this.linesRead ??= new LineTable(this.debugInfo, this.source.places, this.sources));
  }
}
