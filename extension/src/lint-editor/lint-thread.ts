import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { FromLinter, ToLinter } from "./lint-messages";

/** A thread that dies is started again so often, then it stays dead: the next would die of the same. */
const MOST_STARTS = 3;

export interface LintThreadEvents {
  readonly onMessage: (message: FromLinter) => void;
  /** The thread has died; `isFinal` if it is not started again. All it knew is gone. */
  readonly onDied: (error: Error, isFinal: boolean) => void;
}

/** The thread that lints: started with the first message. */
export class LintThread {
  private worker: Worker | undefined;
  private starts = 0;
  private isOver = false;

  constructor(
    private readonly extension: string,
    private readonly events: LintThreadEvents,
  ) {}

  post(message: ToLinter): void {
    if (this.isOver) return;
    this.worker ??= this.start();
    this.worker.postMessage(message);
  }

  private start(): Worker {
    this.starts++;
    const worker = new Worker(join(this.extension, "dist/lint-worker.js"));
    worker.on("message", (message: FromLinter) => this.events.onMessage(message));
    worker.on("error", (error: Error) => {
      if (this.worker !== worker) return;
      this.worker = undefined;
      this.isOver = this.starts >= MOST_STARTS;
      this.events.onDied(error, this.isOver);
    });
    return worker;
  }

  dispose(): void {
    this.isOver = true;
    void this.worker?.terminate();
    this.worker = undefined;
  }
}
