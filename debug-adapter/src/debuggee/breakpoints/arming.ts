import { type Address, address } from "../../base/brand";
import { Listeners } from "../../base/listeners";
import { Register } from "../../target/architecture";
import type { TaskEvents } from "../../executor/task-events";
import type { SourcePlace } from "../../symbols/source-files";
import type { CollectItem, Removable, TracepointHit } from "../../target/target";
import { EventKind } from "../../trace/event";
import type { StopReports } from "../run-control/stop-reports";
import { taskEventWords } from "../run-control/task-event-words";
import type { CodeScope } from "../stepping/code-rows";
import { afterWrite } from "./after-write";
import type { DataBreakpoint, LogPointMessage } from "./breakpoint";
import type { CodeSite } from "./code-site";
import { writeWords } from "./data-words";
import type { HitFilter } from "./hit-filter";
import type { HitScopes } from "./hit-scope";
import { needsPasses, type PassSource, ScopePasses } from "./scope-passes";
import { isMeant, type TaskCondition } from "./task-condition";

const REGISTERS: readonly CollectItem[] = [{ kind: "registers" }];

/** A breakpoint that is put into the target. */
export interface ArmedBreakpoint {
  readonly id: number;
  readonly filter: HitFilter;
  readonly place: SourcePlace | undefined;
}

export interface ArmingOptions extends PassSource {
  readonly taskEvents: TaskEvents;
  readonly reports: StopReports;
  readonly scopes: HitScopes;
  /** The code that copies and clears what statics begin as, before `main`; undefined if it is not known. */
  readonly startup: { readonly start: number; readonly end: number } | undefined;
}

/** Puts breakpoints into the target, and reports their hits to run control. */
export class Arming {
  readonly onDidLog = new Listeners<LogPointMessage>();
  private readonly passes = new Map<CodeScope, { readonly passes: ScopePasses; users: number }>();

  constructor(private readonly options: ArmingOptions) {}

  /** Stops before the instructions of some sites; where a line counts, once for each pass of it. */
  inCode(breakpoint: ArmedBreakpoint, sites: readonly CodeSite[]): Removable[] {
    const { target, code, followed: everyScope } = this.options;
    if (target.capabilities.tracepoints !== "free") return this.inCodeOfBoard(breakpoint, sites);
    return sites.flatMap((site) => {
      const { scope, line, isBeginning = false } = site;
      const isFollowed =
        scope !== undefined &&
        line !== undefined &&
        (isBeginning || needsPasses({ scope, line }, sites, code));
      const followed = isFollowed ? this.follow(scope) : undefined;
      // The next step has to know which future was polled here.
      const around = everyScope.followBodiesAround(scope ?? code.rows.scopeAt(site.address));
      const onHit = (hit: TracepointHit) => {
        const arrival = followed?.passes.arrivalAt(hit, line!);
        if (arrival !== undefined && !(isBeginning ? arrival.isBeginning : arrival.isNewPass)) return false;
        return this.hitCode(breakpoint, hit);
      };
      const where = { kind: "code", address: site.address } as const;
      const placed = target.addTracepoint({ where, collect: REGISTERS, onHit });
      return [placed, ...around, ...(followed === undefined ? [] : [followed])];
    });
  }

  /** On a board each place that is watched costs a comparator, and each arrival time: nothing is followed there. */
  private inCodeOfBoard(breakpoint: ArmedBreakpoint, sites: readonly CodeSite[]): Removable[] {
    const onHit = (hit: TracepointHit) => this.hitCode(breakpoint, hit);
    return sites.map((site) => {
      const where = { kind: "code", address: site.address } as const;
      return this.options.target.addTracepoint({ where, collect: REGISTERS, onHit });
    });
  }

  /** Stops at an event of a task. */
  atTaskEvent(breakpoint: ArmedBreakpoint, condition: TaskCondition): Removable[] {
    const { taskEvents, reports } = this.options;
    const listener = taskEvents.listen((event, hit) => {
      const { trace } = taskEvents;
      const verdict = isMeant(condition, event, trace) && this.judge(breakpoint, hit);
      if (verdict === false) return false;
      const words = verdict.event ?? taskEventWords(event, trace);
      const cause = { kind: "breakpoint", ids: [breakpoint.id], event: words } as const;
      if (event.kind === EventKind.PollBegin) reports.addBefore(hit, cause);
      else reports.addBehind(cause);
      return true;
    });
    return [listener];
  }

  /**
   * Stops behind a store that touches a range of memory. Statics that get their first values before `main` are not
   * written to in the eyes of a Rust programmer.
   */
  atWrite(breakpoint: ArmedBreakpoint, { address: start, byteSize }: DataBreakpoint): Removable[] {
    const { target, reports } = this.options;
    const where = { kind: "write", address: address(start), length: byteSize } as const;
    const onHit = (hit: TracepointHit) => {
      if (this.isStartup(hit)) return false;
      const verdict = this.judge(breakpoint, afterWrite(hit));
      if (verdict === false) return false;
      const event = verdict.event ?? writeWords(hit);
      reports.addBehind({ kind: "breakpoint", ids: [breakpoint.id], event });
      return true;
    };
    return [target.addTracepoint({ where, collect: REGISTERS, onHit })];
  }

  private isStartup(hit: TracepointHit): boolean {
    const { startup } = this.options;
    if (startup === undefined) return false;
    const pc = hit.register(Register.pc);
    return pc >= startup.start && pc < startup.end;
  }

  private hitCode(breakpoint: ArmedBreakpoint, hit: TracepointHit): boolean {
    const { reports } = this.options;
    if (!breakpoint.filter.isLogPoint && reports.isSeen(hit)) return false;
    const verdict = this.judge(breakpoint, hit);
    if (verdict === false) return false;
    const event = verdict.event === undefined ? {} : { event: verdict.event };
    reports.addBefore(hit, { kind: "breakpoint", ids: [breakpoint.id], ...event });
    return true;
  }

  /** False if the debuggee runs on; what a log point has to say is said. */
  private judge(
    { filter, place }: ArmedBreakpoint,
    hit: TracepointHit,
  ): false | { readonly event: string | undefined } {
    const verdict = filter.judge(() => this.options.scopes.at(hit));
    if (verdict.kind === "log") this.onDidLog.tell({ text: verdict.text, time: hit.time, place });
    return verdict.kind === "stop" && { event: verdict.event };
  }

  /** Follows a scope for as long as somebody needs it. */
  private follow(scope: CodeScope): Removable & { readonly passes: ScopePasses } {
    let shared = this.passes.get(scope);
    if (shared === undefined) {
      shared = { passes: new ScopePasses(scope, this.options), users: 0 };
      this.passes.set(scope, shared);
    }
    const followed = shared;
    followed.users++;
    const remove = () => {
      followed.users--;
      if (followed.users > 0) return;
      followed.passes.dispose();
      this.passes.delete(scope);
    };
    return { passes: followed.passes, remove };
  }
}

export function addressesOf(sites: readonly CodeSite[]): Address[] {
  return sites.map((site) => site.address).sort((a, b) => a - b);
}
