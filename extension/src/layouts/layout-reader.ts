import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { Worker } from "node:worker_threads";
import { UserError } from "#adapter/base/errors";
import type { LayoutFacts } from "./layout-facts";
import type { LayoutRequest } from "./read-layouts";

export interface LayoutQuestion {
  readonly id: number;
  readonly request: LayoutRequest;
}

export type LayoutAnswer =
  | { readonly id: number; readonly kind: "read"; readonly facts: LayoutFacts }
  /** What the file is is the user's to mend. */
  | { readonly id: number; readonly kind: "refused"; readonly what: string; readonly remedy: string }
  /** A fault of ours. */
  | { readonly id: number; readonly kind: "failed"; readonly stack: string };

/** Facts of so many files are kept; a workspace has a few programs, in a few profiles. */
const MOST_KEPT = 32;

interface Kept {
  readonly version: string;
  readonly facts: Promise<LayoutFacts>;
}

interface Asked {
  readonly resolve: (facts: LayoutFacts) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Reads layouts in a thread of its own, and reads a file again only when it has changed. The thread lives for as long as
 * something is being read.
 */
export class LayoutReader {
  private readonly kept = new Map<string, Kept>();
  private readonly asked = new Map<number, Asked>();
  private worker: Worker | undefined;
  private nextId = 0;
  private isDisposed = false;

  /** @param program the bundle whose entry is `layout-worker.ts` */
  constructor(private readonly program: string) {}

  /**
   * The layouts of a firmware file as it is now.
   * @throws UserError if it cannot be read, is no firmware, or has no debug info
   */
  async read(request: LayoutRequest): Promise<LayoutFacts> {
    const version = await versionOf(request);
    const known = this.kept.get(request.elf);
    if (known?.version === version) return known.facts;
    const facts = this.ask(request);
    this.kept.delete(request.elf);
    this.kept.set(request.elf, { version, facts });
    facts.catch((error: unknown) => {
      // What a file is does not change while the file does not; a fault of ours may not come again.
      if (!(error instanceof UserError)) this.kept.delete(request.elf);
    });
    for (const [elf] of this.kept) if (this.kept.size > MOST_KEPT) this.kept.delete(elf);
    return facts;
  }

  /** Ends the thread; what was asked is not answered any more. */
  dispose(): void {
    this.isDisposed = true;
    this.endWorker(disposed());
  }

  private ask(request: LayoutRequest): Promise<LayoutFacts> {
    if (this.isDisposed) return Promise.reject(disposed());
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.asked.set(id, { resolve, reject });
      this.worker ??= this.startWorker();
      this.worker.postMessage({ id, request } satisfies LayoutQuestion);
    });
  }

  private startWorker(): Worker {
    const worker = new Worker(this.program);
    worker.on("message", (answer: LayoutAnswer) => this.answered(answer));
    const ended = (error: Error) => {
      if (this.worker === worker) this.endWorker(error);
    };
    worker.on("error", ended);
    worker.on("exit", (code) =>
      ended(new Error(`the thread that reads layouts has ended with code ${code}`)),
    );
    return worker;
  }

  private answered(answer: LayoutAnswer): void {
    const asked = this.asked.get(answer.id);
    this.asked.delete(answer.id);
    switch (answer.kind) {
      case "read":
        asked?.resolve(answer.facts);
        break;
      case "refused":
        asked?.reject(new UserError(answer.what, answer.remedy));
        break;
      case "failed":
        asked?.reject(new Error(answer.stack));
        break;
    }
    if (this.asked.size === 0) this.endWorker(new Error("nothing was asked"));
  }

  private endWorker(reason: Error): void {
    const { worker } = this;
    this.worker = undefined;
    void worker?.terminate();
    const left = [...this.asked.values()];
    this.asked.clear();
    for (const { reject } of left) reject(reason);
  }
}

function disposed(): UserError {
  return new UserError("Layouts are no longer read", "open the window again");
}

/** What changes when a file is built again, or is to be read otherwise. */
async function versionOf({ elf, sourceMap }: LayoutRequest): Promise<string> {
  try {
    const { mtimeMs, size } = await stat(elf);
    return JSON.stringify([mtimeMs, size, sourceMap]);
  } catch {
    throw new UserError(
      `${basename(elf)} is no longer there (${elf})`,
      "build the project, so that layouts are known again",
    );
  }
}
