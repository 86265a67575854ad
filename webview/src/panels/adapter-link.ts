import type { CustomQuestion, CustomRequests } from "#adapter/protocol/custom-requests";
import type { FromPanel } from "./messages";
import { Refusal } from "./panel";

interface Waiting {
  readonly resolve: (body: unknown) => void;
  readonly reject: (refusal: Refusal) => void;
}

/** Questions to the adapter of a session, and their answers, as messages. */
export class AdapterLink {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private run = 0;

  constructor(private readonly post: (message: FromPanel) => void) {}

  /** Another session is asked from now on: what the one before has not answered, it will not. */
  follow(run: number): void {
    if (run === this.run) return;
    this.run = run;
    const late = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of late) reject(new Refusal("The session has ended."));
  }

  ask<Command extends CustomQuestion>(
    command: Command,
    args: CustomRequests[Command]["arguments"],
  ): Promise<CustomRequests[Command]["body"]> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: (body) => resolve(body as CustomRequests[Command]["body"]), reject });
      this.post({ kind: "ask", run: this.run, id, command, args });
    });
  }

  replied(id: number, body: unknown): void {
    this.take(id)?.resolve(body);
  }

  refused(id: number, sentence: string): void {
    this.take(id)?.reject(new Refusal(sentence));
  }

  private take(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }
}
