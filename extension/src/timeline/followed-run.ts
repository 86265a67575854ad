import { workspace } from "vscode";
import type * as vscode from "vscode";
import { UserError } from "#adapter/base/errors";
import type { FindingsBody } from "#adapter/protocol/findings";
import type { SaveTraceArguments, TimelineBody } from "#adapter/protocol/timeline";
import type { QuestionKind, TimelineQuestions } from "#adapter/trace/timeline/questions";
import type { ToPage } from "#webview/messages";
import { ask } from "../debugging/debuggee";
import { askWhere } from "../platform/save-file";

/** Milliseconds between two looks at how far a run has come; a look costs the adapter well below one. */
const BEAT = 100;

/** Tells the page about one debug session: how far its run has come, what was asked, what was found. */
export class FollowedRun {
  private static count = 0;
  readonly number = ++FollowedRun.count;
  private head = 0;
  private tracks = 0;
  private isRunning = false;
  private isOver = false;
  private isLooking = false;
  private next: ReturnType<typeof setTimeout> | undefined;
  private findings: FindingsBody | undefined;

  /**
   * @param post sends to the page, if there is one
   * @param isSeen whether anybody looks at the page: else the run is left alone
   */
  constructor(
    readonly session: vscode.DebugSession,
    private readonly post: (message: ToPage) => void,
    private readonly isSeen: () => boolean,
  ) {}

  /** Tells a page everything that it has to know to begin with. */
  introduce(): void {
    this.post({ kind: "follow-run", run: this.number, name: this.session.name });
    this.tellState();
    this.tellFindings();
    this.look();
  }

  /** The firmware runs, or stands still. */
  setRunning(isRunning: boolean): void {
    this.isRunning = isRunning;
    this.look();
  }

  setFindings(findings: FindingsBody): void {
    this.findings = findings;
    this.tellFindings();
  }

  /** The session has ended: nothing more can be asked. */
  end(): void {
    this.isOver = true;
    this.isRunning = false;
    clearTimeout(this.next);
    this.tellState();
  }

  /** Answers the page's question with what the adapter says; with null if it says nothing. */
  async answer(
    question: QuestionKind,
    args: TimelineQuestions[QuestionKind]["arguments"],
    id: number,
  ): Promise<void> {
    const body = await this.ask(question, args);
    this.post({ kind: "answer", run: this.number, id, answer: body ?? null });
  }

  /** Asks where to save the trace so far, and has the adapter write it there. */
  async save(form: SaveTraceArguments["form"]): Promise<void> {
    if (this.isOver)
      throw new UserError("The session has ended, and its trace with it", "save it before the end");
    const name = `${this.session.name.replace(/[^\w.-]+/g, "-")}.${form === "trace" ? "pollscope" : "perfetto-trace"}`;
    const target = await askWhere(name, workspace.workspaceFolders?.[0]?.uri);
    if (target !== undefined) await ask(this.session, "pollscope/saveTrace", { path: target.fsPath, form });
  }

  isNumber(run: number): boolean {
    return run === this.number;
  }

  /** Looks how far the run has come, and again and again as long as it runs. */
  look(): void {
    clearTimeout(this.next);
    if (this.isLooking || this.isOver || !this.isSeen()) return;
    this.isLooking = true;
    void this.ask("tracks", {}).then((body) => {
      this.isLooking = false;
      if (body !== undefined) {
        this.head = body.head;
        this.tracks = body.tracks;
        this.tellState();
      }
      if (this.isRunning) this.next = setTimeout(() => this.look(), BEAT);
    });
  }

  private async ask(
    question: QuestionKind,
    args: TimelineQuestions[QuestionKind]["arguments"],
  ): Promise<TimelineBody | undefined> {
    if (this.isOver) return undefined;
    try {
      return await ask(this.session, "pollscope/timeline", { question, args });
    } catch {
      // Before the firmware is loaded, and after the session has ended, there is no timeline.
      return undefined;
    }
  }

  private tellState(): void {
    const { number: run, head, tracks, isRunning, isOver } = this;
    this.post({ kind: "run-state", run, head, tracks, isRunning, isOver });
  }

  private tellFindings(): void {
    if (this.findings === undefined) return;
    const findings = this.findings.findings.map((finding) => ({
      kind: finding.kind,
      severity: finding.severity,
      title: finding.title,
      from: finding.from,
      to: finding.to,
      tasks: finding.tasks.map(({ name }) => name),
      evidence: finding.evidence,
      remedy: finding.remedy,
      place: finding.place === null ? null : { file: finding.place.path, line: finding.place.line },
      count: finding.count,
    }));
    this.post({ kind: "findings", run: this.number, findings });
  }
}
