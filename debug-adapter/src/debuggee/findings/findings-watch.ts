import { Analyses } from "../../analysis/analyses";
import {
  allEvidence,
  findingOf,
  type Finding,
  type FindingKind,
  type FindingNews,
  type Occurrence,
  type Severity,
} from "../../analysis/finding";
import { shortestOf, type Thresholds } from "../../analysis/thresholds";
import { type Nanoseconds, nanoseconds } from "../../base/brand";
import { Listeners } from "../../base/listeners";
import { placeOf } from "../../futures/suspension";
import type { TaskEvent } from "../../executor/task-events";
import type { AsyncFunction } from "../../symbols/async-functions";
import type { Alarm, TracepointHit } from "../../target/target";
import { EventKind } from "../../trace/event";
import { TaskStateFold } from "../../trace/task-state";
import { unwinderOf } from "../core-backtrace";
import type { Debuggee } from "../debuggee";
import { hardFaultEntry, panicEntries } from "../failure-entries";
import { registersAt } from "../stepping/hit-frame";
import { StillMachines, stillMachine } from "../still-machine";
import { DroppedFutures } from "./dropped/dropped-futures";
import { findBigFutures } from "./future-sizes";
import { HeldGuards } from "./held-guards";
import { isAboutTime } from "./hot-lines";
import { NewFindings } from "./new-findings";
import { PollSamples } from "./poll-samples";
import { StuckTasks } from "./stuck-tasks";

/** How grave findings of a kind are taken to be; those that are off are not told of. */
export type Severities = Readonly<Partial<Record<FindingKind, Severity | "off">>>;

export interface FindingsOptions {
  readonly thresholds?: Partial<Thresholds>;
  readonly severities?: Severities;
  /** Full names of types, without generic arguments, that are guards of a lock which nobody can wait for. */
  readonly guardTypes?: readonly string[];
  /** Whether to look into long polls as they go on; on, if not told otherwise. */
  readonly looksIntoPolls?: boolean;
  /** Whether the source says that a finding is meant. */
  readonly isAllowed?: (finding: Pick<Finding, "kind" | "place">) => boolean;
}

/** Which findings stop the debuggee: kinds, each with a test of the names of the tasks concerned. */
export type FindingStops = ReadonlyMap<FindingKind, (tasks: readonly string[]) => boolean>;

/**
 * Looks for findings while a debuggee runs: in its trace, and in memory where the core sleeps or a poll has ended. What
 * it finds depends on the run alone, not on how often the run is broken off. Make it before the debuggee runs.
 */
export class FindingsWatch {
  /** Told of each finding once, soon after it was met first. */
  readonly onDidFind = new Listeners<Finding>();
  /** Set at any time. */
  stops: FindingStops = new Map();
  private readonly analyses: Analyses;
  private readonly states: TaskStateFold;
  private readonly guards: HeldGuards;
  private readonly dropped: DroppedFutures;
  private readonly stuck: StuckTasks;
  private readonly samples: PollSamples | undefined;
  private readonly still = new StillMachines();
  private readonly news: NewFindings;
  private readonly alarm: Alarm | undefined;
  private readonly sized = new Set<AsyncFunction>();
  private hasSpawned = false;
  private alarmAt = Infinity;
  /** Nothing is to be told sooner than this after what it is about has begun. */
  private readonly shortestLimit: number;
  /** In the middle of a run, where a probe looks at the machine. */
  private hit: TracepointHit | undefined;
  private hasFinished = false;
  /** When the program has panicked or met a hard fault; undefined while it has not. */
  private failedAt: Nanoseconds | undefined;

  constructor(
    private readonly debuggee: Debuggee,
    private readonly options: FindingsOptions = {},
  ) {
    const { target } = debuggee;
    this.states = new TaskStateFold(debuggee.trace);
    this.analyses = new Analyses(debuggee.trace, options);
    const { findings } = this.analyses;
    this.news = new NewFindings(findings, (finding) => {
      for (const each of this.shown([finding])) this.onDidFind.tell(each);
    });
    findings.onNews.add((news) => this.note(news));
    this.samples = options.looksIntoPolls === false ? undefined : new PollSamples(debuggee);
    findings.moreEvidence = (occurrence) => this.samples?.wordsFor(occurrence) ?? [];
    this.guards = new HeldGuards(debuggee, this.states, findings, {
      thresholds: this.analyses.thresholds,
      guardTypes: options.guardTypes ?? [],
    });
    this.dropped = new DroppedFutures(debuggee, findings);
    this.stuck = new StuckTasks(debuggee, this.analyses.thresholds, findings);
    this.alarm = target.addAlarm?.((hit) => this.ring(hit));
    debuggee.onStuck = () => this.look(true);
    const { thresholds } = this.analyses;
    this.shortestLimit = Math.min(shortestOf(thresholds, "starvation"), shortestOf(thresholds, "longPoll"));
    debuggee.taskEvents.listen((event, hit) => {
      this.add(event, hit);
      return false;
    });
    target.observe({ onSleep: () => this.rest(), onReset: () => this.startAnew() });
    if (debuggee.isObserved) this.watchFailures();
  }

  /**
   * Looks at a debuggee that stands still, and tells what is settled.
   * @param isForGood whether the core sleeps and nothing is to come that could wake it
   */
  async look(isForGood = false): Promise<void> {
    this.analyses.catchUp();
    this.measureFutures();
    const { now } = this.debuggee.target;
    if (isForGood && this.failedAt === undefined)
      this.stuck.look(await stillMachine(this.debuggee), now, isForGood);
    this.news.settle(Infinity);
  }

  /** The run is over: what is under way counts up to now. To be called once. */
  finish(): void {
    this.hasFinished = true;
    if (this.failedAt === undefined) this.analyses.finish();
    this.guards.finish(this.failedAt ?? this.debuggee.trace.endTime);
    this.measureFutures();
  }

  /** All so far, the gravest first; in the middle of a run with what is under way. */
  findings(): Finding[] {
    return this.shown(this.analyses.findings.list({ isLive: !this.hasFinished }));
  }

  /** What has failed inside, a sentence each. */
  get problems(): readonly string[] {
    return this.analyses.problems;
  }

  /** As grave as the user wants them, without those that are not to be told of. */
  private shown(findings: readonly Finding[]): Finding[] {
    const { severities = {}, isAllowed } = this.options;
    return findings.flatMap((finding) => {
      const severity = severities[finding.kind] ?? finding.severity;
      return severity === "off" || isAllowed?.(finding) === true ? [] : [{ ...finding, severity }];
    });
  }

  private measureFutures(): void {
    if (!this.hasSpawned) return;
    this.hasSpawned = false;
    const { thresholds, findings } = this.analyses;
    const states = this.states.states();
    findBigFutures(this.debuggee, { limit: thresholds.futureBytes, findings, states, seen: this.sized });
  }

  private note(news: FindingNews): void {
    const { now } = this.debuggee.target;
    const { occurrence } = news;
    const refined = news.stage === "begun" ? this.underWay(occurrence, now) : occurrence;
    if (refined !== occurrence) this.analyses.findings.refine(occurrence, refined);
    this.news.note(news, now);
    if (news.begunAs !== undefined) return;
    const isMeant = this.stops.get(occurrence.kind);
    const names = occurrence.tasks.map((task) => this.debuggee.trace.tasks[task]?.name ?? "");
    if (isMeant?.(names) !== true || this.shown([findingOf(occurrence, 1)]).length === 0) return;
    const severity = this.options.severities?.[occurrence.kind] ?? occurrence.severity;
    const finding = {
      ...findingOf(refined, 1),
      severity: severity as Severity,
      evidence: allEvidence(refined),
    };
    this.debuggee.stopReports.addBehind({ kind: "finding", finding });
    this.setAlarmAt(now);
  }

  /** Of something that goes on, what is known so far; a poll that has begun to be long is looked into from now on. */
  private underWay(occurrence: Occurrence, now: Nanoseconds): Occurrence {
    const { samples } = this;
    const [task] = occurrence.tasks;
    const words = samples?.wordsFor(occurrence) ?? [];
    if (task !== undefined && isAboutTime(occurrence)) samples?.begin(task, now);
    const refined = this.atCore(occurrence);
    return words.length === 0 ? refined : { ...refined, evidence: [...refined.evidence, ...words] };
  }

  /** What the core does right now, for a finding about the poll that is under way. */
  private atCore(occurrence: Occurrence): Occurrence {
    const { hit } = this;
    if (occurrence.placeBefore === undefined || hit === undefined) return occurrence;
    const { frames } = unwinderOf(this.debuggee.firmware).unwind(registersAt(hit), hit.memory);
    const place = placeOf(frames.find((frame) => frame.place?.file.origin.kind === "own")?.place);
    if (place === null) return occurrence;
    const before =
      occurrence.place === null ? [] : [{ place: occurrence.place, text: occurrence.placeBefore }];
    return { ...occurrence, place, related: [...before, ...occurrence.related] };
  }

  /** Called for each event of each task: what it costs is what watching costs. */
  private add(event: TaskEvent, hit: TracepointHit): void {
    if (event.kind === EventKind.Spawn) this.hasSpawned = true;
    this.states.add(hit.time, event.kind, event.task, event.payload);
    this.guards.add(event, hit);
    this.dropped.add(event, hit);
    this.stuck.add(event, hit);
    if (event.kind === EventKind.PollEnd) this.samples?.end(event.task, hit.time);
    this.analyses.catchUp();
    const { alarmAt, analyses, news, stuck } = this;
    if (analyses.probeDue >= alarmAt && news.due >= alarmAt && stuck.lockedAt >= alarmAt) return;
    // Most polls are over soon: an alarm that is set too early for one serves all, until the core sleeps.
    this.setAlarmAt(Math.min(this.nextDue(), hit.time + this.shortestLimit));
  }

  /** The core sleeps. */
  private rest(): void {
    this.analyses.catchUp();
    this.analyses.rest();
    this.measureFutures();
    const due = this.nextDue();
    if (due === this.alarmAt || this.debuggee.stopReports.isWaiting) return;
    this.alarmAt = due;
    this.alarm?.set(nanoseconds(due));
  }

  /** Behind a panic or a hard fault the program is over: however long its handler takes says nothing of it. */
  private watchFailures(): void {
    const { firmware, target } = this.debuggee;
    const fault = hardFaultEntry(firmware);
    for (const at of [...panicEntries(firmware), ...(fault === undefined ? [] : [fault])]) {
      const onHit = (hit: TracepointHit) => {
        this.fail(hit.time);
        return false;
      };
      target.addTracepoint({ where: { kind: "code", address: at }, collect: [], onHit });
    }
  }

  private fail(now: Nanoseconds): void {
    if (this.failedAt !== undefined) return;
    this.failedAt = now;
    this.samples?.stop(now);
    this.analyses.fail(now);
  }

  private startAnew(): void {
    this.failedAt = undefined;
    this.samples?.stop(this.debuggee.target.now);
    this.analyses.findings.endAll();
    this.analyses.restart();
    this.guards.reset();
    this.dropped.reset();
  }

  /** The instant at which something is to be done; Infinity if there is nothing. */
  private nextDue(): number {
    if (this.failedAt !== undefined) return this.news.due;
    return Math.min(this.stuck.nextLook(), this.analyses.probeDue, this.news.due);
  }

  private setAlarmAt(at: number): void {
    if (at >= this.alarmAt) return;
    this.alarmAt = at;
    this.alarm?.set(nanoseconds(at));
  }

  private ring(hit: TracepointHit): boolean {
    const now = hit.time;
    this.alarmAt = Infinity;
    this.hit = hit;
    if (this.analyses.probeDue <= now) this.analyses.probe(now);
    if (this.failedAt === undefined && this.stuck.nextLook() <= now) {
      this.stuck.look(this.still.at(hit, this.states.states()), now, false);
    }
    this.hit = undefined;
    this.measureFutures();
    this.news.settle(now);
    const stops = this.debuggee.stopReports.isWaiting;
    if (!stops) this.setAlarmAt(this.nextDue());
    return stops;
  }
}
