import { address } from "../../../base/brand";
import { loadImage } from "../../../elf/load-image";
import type { FlowStep } from "../../../executor/hand-written/thumb-flow";
import type { ProgramFunction } from "../../../symbols/function";
import type { CodeRow } from "../code-rows";
import type { StepContext } from "../step-context";

/** Beginnings that a call may come to: there a step in ends, or goes on in the body of a future. */
export type Reach = ReadonlySet<CodeRow>;

/** Which calls a step in has to follow: those that may come to a function or an async body of the user's. */
export class Callees {
  private readonly entries = new Map<ProgramFunction, CodeRow>();
  private readonly reaches = new Map<ProgramFunction, Reach>();
  private readonly calls = new Map<ProgramFunction, readonly FlowStep[]>();
  private pointedFound: Reach | undefined;

  constructor(private readonly context: StepContext) {
    const { code, source, origin } = context;
    const isInOwnCode = origin.frames[0]?.isOwn ?? true;
    for (const row of isInOwnCode ? code.own.entries : code.own.allEntries)
      this.entries.set(row.scope.owner, row);
    for (const body of source.firmware.program.asyncFunctions.all) {
      if (body.declaration?.file.origin.kind !== "own") continue;
      for (const row of code.lines.ofBody(body).entries) this.entries.set(row.scope.owner, row);
    }
  }

  /** Where a function begins for a step in; undefined for one that is passed. */
  entryOf(called: ProgramFunction): CodeRow | undefined {
    return this.entries.get(called);
  }

  /** Whether what an instruction calls has to be followed. */
  isFollowed({ call, next }: FlowStep): boolean {
    // What never returns ends the program.
    if (call === undefined || next.length === 0) return false;
    const called = call === "indirect" ? undefined : this.functionAt(call);
    return called === undefined ? this.byPointer.size > 0 : this.reachOf(called).size > 0;
  }

  reachOf(called: ProgramFunction): Reach {
    let reach = this.reaches.get(called);
    if (reach === undefined) this.reaches.set(called, (reach = this.search(called)));
    return reach;
  }

  private search(called: ProgramFunction): Reach {
    const { entries, hasPointers } = this.directFrom([called]);
    return hasPointers ? new Set([...entries, ...this.byPointer]) : entries;
  }

  /**
   * What a call through a pointer may come to: functions whose addresses stand somewhere in the program. Those that
   * poll tasks are left out, since the executor alone calls them, and those that only the vector table names.
   */
  private get byPointer(): Reach {
    if (this.pointedFound === undefined) {
      const { firmware, embassy } = this.context.source;
      const pointed = pointedFunctions(firmware).filter(
        (each) => !embassy?.pollFunctions.includes(each.address),
      );
      this.pointedFound = this.directFrom(pointed).entries;
    }
    return this.pointedFound;
  }

  private directFrom(starts: readonly ProgramFunction[]): { entries: Set<CodeRow>; hasPointers: boolean } {
    const entries = new Set<CodeRow>();
    let hasPointers = false;
    const seen = new Set(starts);
    const open = [...starts];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const entry = this.entries.get(at);
      if (entry !== undefined) {
        entries.add(entry);
        continue;
      }
      for (const { call } of this.callsIn(at)) {
        const next = typeof call === "number" ? this.functionAt(call) : undefined;
        if (call === "indirect") hasPointers = true;
        if (next === undefined || seen.has(next) || next.isNoReturn) continue;
        seen.add(next);
        open.push(next);
      }
    }
    return { entries, hasPointers };
  }

  private functionAt(at: number): ProgramFunction | undefined {
    return this.context.source.firmware.program.functions.at(address(at));
  }

  /** Calls and jumps to other functions, of all code that can be come to. */
  private callsIn(owner: ProgramFunction): readonly FlowStep[] {
    let calls = this.calls.get(owner);
    if (calls === undefined) this.calls.set(owner, (calls = this.readCalls(owner)));
    return calls;
  }

  private readCalls(owner: ProgramFunction): FlowStep[] {
    const { flows } = this.context.code;
    const seen = new Set<number>();
    const found: FlowStep[] = [];
    const open: number[] = [owner.address];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      const step = flows.stepAt(at, owner);
      if (step === undefined) continue;
      if (step.call !== undefined && step.next.length > 0) found.push(step);
      open.push(...step.next);
    }
    return found;
  }
}

/** Functions whose addresses stand somewhere in the loaded image, with the bit that says that they are Thumb code. */
function pointedFunctions({ elf, program }: StepContext["source"]["firmware"]): ProgramFunction[] {
  const vectors = elf.sections.find(({ name }) => name === ".vector_table");
  const isVector = (at: number) =>
    vectors !== undefined && at >= vectors.address && at < vectors.address + vectors.size;
  const found = new Set<ProgramFunction>();
  for (const { virtualAddress, bytes } of loadImage(elf).chunks) {
    const start: number = virtualAddress;
    const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let offset = -start & 3; offset + 4 <= bytes.length; offset += 4) {
      const word = words.getUint32(offset, true);
      if ((word & 1) === 0 || isVector(start + offset)) continue;
      const pointed = program.functions.at(address(word - 1));
      if (pointed?.address === word - 1) found.add(pointed);
    }
  }
  return [...found];
}
