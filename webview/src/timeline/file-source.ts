import { answer, type QuestionKind, type TimelineQuestions } from "#adapter/trace/timeline/questions";
import { Timeline } from "#adapter/trace/timeline/timeline";
import type { Trace } from "#adapter/trace/trace";
import type { SourceState, TimelineSource } from "./timeline-source";

/** Events that are read in one go; some ten milliseconds. */
const PIECE = 100_000;

/** The timeline of a trace that is all here. A long one is read piece by piece, so that the page never hangs. */
export class FileSource implements TimelineSource {
  readonly timeline: Timeline;
  onDidChange: () => void = () => undefined;
  private revision = 0;

  /** @param defer calls back when the page has had its turn */
  constructor(
    private readonly trace: Trace,
    private readonly defer: (act: () => void) => void = (act) => void setTimeout(act),
  ) {
    this.timeline = new Timeline(trace);
    this.read();
  }

  get state(): SourceState {
    const { length } = this.trace.events;
    return {
      head: this.trace.endTime,
      tracks: this.timeline.tracks.length,
      isRunning: false,
      cursor: null,
      revision: this.revision,
      progress: length === 0 ? 1 : this.timeline.rows / length,
    };
  }

  ask<Kind extends QuestionKind>(
    kind: Kind,
    args: TimelineQuestions[Kind]["arguments"],
    deliver: (answered: TimelineQuestions[Kind]["answer"]) => void,
  ): void {
    deliver(answer(this.timeline, kind, args, this.trace.endTime));
  }

  private read(): void {
    const isDone = this.timeline.catchUp(PIECE);
    this.revision++;
    this.onDidChange();
    if (!isDone) this.defer(() => this.read());
  }
}
