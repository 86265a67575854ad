import { type Address, address } from "../../base/brand";
import type { Listeners } from "../../base/listeners";
import type { EmbassyLayout } from "../../executor/embassy/layout";
import type { TaskEvents } from "../../executor/task-events";
import type { SourcePlace } from "../../symbols/source-files";
import type { Removable, Target, TracepointHit } from "../../target/target";
import { PICO_MEMORY } from "../../values/memory-copy";
import { symbolsOf } from "../../values/symbol-lookup";
import type { Firmware } from "../firmware";
import { poolOf } from "../inspect-tasks";
import type { StopReports } from "../run-control/stop-reports";
import { startupCode } from "../startup-code";
import { followedScopes } from "../stepping/followed-scopes";
import { programCode } from "../stepping/program-code";
import { addressesOf, type ArmedBreakpoint, Arming } from "./arming";
import { type FutureBefore, futureBefore, type LocatedFuture } from "./polled-futures";
import type {
  BreakpointFilter,
  BreakpointStatus,
  DataBreakpoint,
  ExceptionFilters,
  FunctionBreakpoint,
  InstructionBreakpoint,
  LogPointMessage,
  SourceBreakpoint,
} from "./breakpoint";
import type { CodeSite } from "./code-site";
import { dataRefusal } from "./data-words";
import { ExceptionStops } from "./exception-stops";
import { FunctionIndex } from "./function-sites";
import { HitFilter } from "./hit-filter";
import { HitScopes } from "./hit-scope";
import { LineIndex } from "./line-sites";
import { lackOfPlaces } from "./code-places";
import { findSourceFile } from "./source-path";
import { parseTaskCondition, refusalOf, type TaskCondition } from "./task-condition";

/** What breakpoints need of a debuggee. */
export interface BreakpointSource {
  readonly firmware: Firmware;
  readonly target: Target;
  readonly taskEvents: TaskEvents;
  readonly reports: StopReports;
  /** How Embassy is laid out in the firmware; undefined if it has none. */
  readonly embassy: EmbassyLayout | undefined;
  /** Whether tasks become known only as they are polled. */
  readonly areTasksFoundLater: boolean;
}

/** Why there are no breakpoints at what happens to tasks. */
const EVENTS_NOT_SEEN =
  "on a board what happens to tasks is not seen; set a breakpoint in the code, or debug in the emulated Pico";

/** A breakpoint that was asked for, and what keeps it in the target. */
interface KnownBreakpoint {
  readonly key: string;
  readonly status: BreakpointStatus;
  readonly removables: readonly Removable[];
}

/** Where a breakpoint is to be. */
type Plan =
  | {
      readonly kind: "possible";
      readonly place: SourcePlace | undefined;
      readonly addresses: readonly Address[];
      readonly arm: (breakpoint: ArmedBreakpoint) => readonly Removable[];
    }
  | { readonly kind: "refused"; readonly reason: string };

/**
 * The user's breakpoints. Those of one group (a source file, the functions, data, instructions) are set together, and
 * replace what was set before; one that is asked for again in the same way stays, with its id and its count of hits.
 * They may be set while the debuggee runs.
 */
export class Breakpoints {
  private readonly groups = new Map<string, readonly KnownBreakpoint[]>();
  private lastId = 0;
  private readonly lines: LineIndex;
  private readonly functions: FunctionIndex;
  private readonly arming: Arming;
  private readonly exceptions: ExceptionStops;
  /** What was last asked for: all that follow the same poll share it. */
  private before: { readonly time: number; readonly future: FutureBefore | undefined } | undefined;

  constructor(private readonly source: BreakpointSource) {
    const { firmware, target, taskEvents, reports } = source;
    const { program, elf } = firmware;
    const code = programCode(firmware);
    const symbols = symbolsOf(program);
    const scopes = new HitScopes(program, code, symbols);
    this.exceptions = new ExceptionStops({ firmware, target, reports, symbols });
    this.lines = new LineIndex(program, code);
    this.functions = new FunctionIndex(program, elf, code);
    const startup = startupCode(elf);
    this.arming = new Arming({
      target,
      taskEvents,
      reports,
      code,
      scopes,
      program,
      followed: followedScopes(target, firmware),
      futureBefore: (hit) => this.futureBefore(hit),
      startup,
    });
  }

  /** Told what log points say. */
  get onDidLog(): Listeners<LogPointMessage> {
    return this.arming.onDidLog;
  }

  /** Sets the breakpoints of a source file; the answers are in the order of what is wanted. */
  setInSource(path: string, wanted: readonly SourceBreakpoint[]): BreakpointStatus[] {
    const file = findSourceFile(path, this.source.firmware.program.files.all);
    return this.replace(`source ${path}`, wanted, ({ line }) => {
      if (typeof file === "string") return { kind: "refused", reason: file };
      const found = this.lines.sitesOf(file, line);
      return found.kind === "none" ? { kind: "refused", reason: found.reason } : this.planCode(found);
    });
  }

  setFunctions(wanted: readonly FunctionBreakpoint[]): BreakpointStatus[] {
    return this.replace("functions", wanted, ({ name }) => {
      const condition = parseTaskCondition(name);
      if (condition !== undefined) return this.planTask(condition);
      const found = this.functions.sitesOf(name);
      if (found !== undefined) return this.planCode(found);
      return { kind: "refused", reason: `the firmware has no code of a function ${name}` };
    });
  }

  setData(wanted: readonly DataBreakpoint[]): BreakpointStatus[] {
    return this.replace("data", wanted, (each) => {
      const reason = dataRefusal(each, this.source.target.capabilities);
      return reason === undefined ? this.planData(each) : { kind: "refused", reason };
    });
  }

  setInstructions(wanted: readonly InstructionBreakpoint[]): BreakpointStatus[] {
    return this.replace("instructions", wanted, (each) => {
      // The lowest bit of a code address says that it is Thumb code, which all of it is.
      const at = address((each.address & ~1) >>> 0);
      const isMemory = PICO_MEMORY.some(({ start, byteSize }) => at >= start && at < start + byteSize);
      if (!isMemory) return { kind: "refused", reason: "no code can be at this address" };
      const place = this.source.firmware.program.lines.placeAt(at);
      return this.planCode({ place, sites: [{ address: at, line: undefined, scope: undefined }] });
    });
  }

  /** Sets which exceptions stop the debuggee; a sentence for each that cannot be noticed in this firmware. */
  setExceptions(filters: ExceptionFilters): { readonly panic?: string; readonly hardFault?: string } {
    return this.exceptions.set(filters);
  }

  /** The lines of a source file, ascending, that have code and so can have a breakpoint. */
  linesWithCode(path: string): number[] {
    const { program } = this.source.firmware;
    const file = findSourceFile(path, program.files.all);
    return typeof file === "string" ? [] : this.lines.linesOf(file);
  }

  private replace<Wanted extends BreakpointFilter>(
    group: string,
    wanted: readonly Wanted[],
    plan: (each: Wanted) => Plan,
  ): BreakpointStatus[] {
    const before = [...(this.groups.get(group) ?? [])];
    const keys = new Set(wanted.map((each) => JSON.stringify(each)));
    const taken = new Set<Address>();
    for (const [name, each] of this.groups) {
      for (const { key, status } of each)
        if (name !== group || keys.has(key)) for (const at of status.addresses) taken.add(at);
    }
    const armed = wanted.map((each) => {
      const key = JSON.stringify(each);
      const kept = before.findIndex((other) => other.key === key && other.status.refusal === undefined);
      return kept < 0 ? this.make(key, each, { plan, taken }) : before.splice(kept, 1)[0]!;
    });
    for (const { removables } of before) for (const each of removables) each.remove();
    this.groups.set(group, armed);
    return armed.map(({ status }) => status);
  }

  private make<Wanted extends BreakpointFilter>(
    key: string,
    wanted: Wanted,
    { plan, taken }: { readonly plan: (each: Wanted) => Plan; readonly taken: Set<Address> },
  ): KnownBreakpoint {
    const id = ++this.lastId;
    const filter = HitFilter.parse(wanted);
    const planned = plan(wanted);
    const place = planned.kind === "possible" ? planned.place : undefined;
    const refused = (refusal: string): KnownBreakpoint => {
      return { key, status: { id, refusal, place, addresses: [] }, removables: [] };
    };
    if (planned.kind === "refused") return refused(planned.reason);
    if (typeof filter === "string") return refused(filter);
    const lack = lackOfPlaces(planned.addresses, taken, this.source.target.capabilities);
    if (lack !== undefined) return refused(lack);
    for (const at of planned.addresses) taken.add(at);
    const status = { id, refusal: undefined, place, addresses: planned.addresses };
    return { key, status, removables: planned.arm({ id, filter, place }) };
  }

  private futureBefore({ time, memory }: TracepointHit): FutureBefore | undefined {
    if (this.before?.time !== time) {
      const polled = this.polledFuture();
      this.before = { time, future: polled && futureBefore(polled, memory) };
    }
    return this.before.future;
  }

  private polledFuture(): LocatedFuture | undefined {
    const { taskEvents, embassy } = this.source;
    const row = taskEvents.polledTask;
    const header = row === undefined ? undefined : taskEvents.trace.tasks[row]?.address;
    const pool = embassy && header !== undefined ? poolOf(embassy, header) : undefined;
    return pool?.body && { body: pool.body, address: header! + pool.futureOffset };
  }

  private planCode({ place, sites }: { place: SourcePlace | undefined; sites: readonly CodeSite[] }): Plan {
    const arm = (breakpoint: ArmedBreakpoint) => this.arming.inCode(breakpoint, sites);
    return { kind: "possible", place, addresses: addressesOf(sites), arm };
  }

  private planTask(condition: TaskCondition): Plan {
    const { taskEvents, target, areTasksFoundLater: areFoundLater } = this.source;
    if (target.capabilities.tracepoints !== "free") return { kind: "refused", reason: EVENTS_NOT_SEEN };
    const reason = refusalOf(condition, { trace: taskEvents.trace, areFoundLater });
    if (reason !== undefined) return { kind: "refused", reason };
    const arm = (breakpoint: ArmedBreakpoint) => this.arming.atTaskEvent(breakpoint, condition);
    return { kind: "possible", place: undefined, addresses: [], arm };
  }

  private planData(wanted: DataBreakpoint): Plan {
    const arm = (breakpoint: ArmedBreakpoint) => this.arming.atWrite(breakpoint, wanted);
    return { kind: "possible", place: undefined, addresses: [], arm };
  }
}
