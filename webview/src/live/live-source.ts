import { unpack } from "#adapter/trace/timeline/packed";
import type { QuestionKind, TimelineQuestions } from "#adapter/trace/timeline/questions";
import type { ToExtension, ToPage } from "../messages";
import type { SourceState, TimelineSource } from "../timeline/timeline-source";

/** The timeline of a run in another process, which is asked by messages. */
export class LiveSource implements TimelineSource {
  state: SourceState = { head: 0, tracks: 0, isRunning: false, cursor: null, revision: 0, progress: 1 };
  onDidChange: () => void = () => undefined;
  private readonly waiting = new Map<number, { deliver(answer: unknown): void; fail(): void }>();
  private lastId = 0;

  constructor(
    private readonly run: number,
    private readonly post: (message: ToExtension) => void,
  ) {}

  ask<Kind extends QuestionKind>(
    kind: Kind,
    args: TimelineQuestions[Kind]["arguments"],
    deliver: (answer: TimelineQuestions[Kind]["answer"]) => void,
    fail: () => void = () => undefined,
  ): void {
    const id = ++this.lastId;
    this.waiting.set(id, { deliver: (answer) => deliver(answer as TimelineQuestions[Kind]["answer"]), fail });
    this.post({ kind: "ask", run: this.run, id, question: kind, args });
  }

  /** How far the run has come. */
  update({ head, tracks, isRunning, isOver }: Extract<ToPage, { kind: "run-state" }>): void {
    const cursor = isRunning || isOver ? null : head;
    const { revision, ...before } = this.state;
    if (
      before.head === head &&
      before.tracks === tracks &&
      before.isRunning === isRunning &&
      before.cursor === cursor
    )
      return;
    this.state = { head, tracks, isRunning, cursor, revision: revision + 1, progress: 1 };
    this.onDidChange();
  }

  /** An answer, packed; null if there is none. */
  answered(id: number, answer: unknown): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (answer === null) waiting?.fail();
    else waiting?.deliver(unpack((answer as { readonly answer: unknown }).answer));
  }
}
