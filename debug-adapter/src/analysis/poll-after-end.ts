import type { Nanoseconds } from "../base/brand";
import { formatInstant } from "../base/duration";
import { EventKind, type TaskIndex } from "../trace/event";
import type { Analysis, AnalysisContext, Fold, FoldedEvent } from "./analysis";
import { taskName } from "./task-places";

/** Tasks that are polled although their future has returned, and nobody has spawned them again. */
class PollAfterEnd implements Fold {
  /** By task: when it has ended, or undefined while it lives, and for tasks whose spawn was not seen. */
  private readonly endedAt: (Nanoseconds | undefined)[] = [];
  private readonly wasSpawned: boolean[] = [];

  constructor(private readonly context: AnalysisContext) {}

  add({ time, kind, task }: FoldedEvent): void {
    switch (kind) {
      case EventKind.Spawn:
        this.wasSpawned[task] = true;
        this.endedAt[task] = undefined;
        break;
      case EventKind.TaskEnd:
        if (this.wasSpawned[task] === true) this.endedAt[task] = time;
        break;
      case EventKind.PollBegin:
        this.judge(task, time);
        break;
      default:
    }
  }

  private judge(task: TaskIndex, to: Nanoseconds): void {
    const from = this.endedAt[task];
    if (from === undefined) return;
    const { trace, findings } = this.context;
    const name = taskName(trace, task);
    findings.add({
      key: `poll-after-end:${task}`,
      weight: 0,
      kind: "poll-after-end",
      severity: "error",
      title: `${name} is polled after it has ended`,
      tasks: [task],
      span: { from, to },
      place: trace.tasks[task]?.place ?? null,
      related: [],
      evidence: [
        `its future returned at ${formatInstant(from)} s; at ${formatInstant(to)} s it is polled, and nobody has spawned it in between`,
      ],
      remedy: "the executor, or unsafe code that changes task headers, breaks the contract of Future::poll",
    });
  }
}

export const pollAfterEnd: Analysis = {
  name: "poll-after-end",
  requires: [],
  kinds: [EventKind.Spawn, EventKind.TaskEnd, EventKind.PollBegin],
  create: (context) => new PollAfterEnd(context),
};
