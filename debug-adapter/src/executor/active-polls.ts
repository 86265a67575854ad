import type { TaskIndex } from "../trace/event";

/** A poll that has begun and not yet returned. */
export interface ActivePoll {
  readonly task: TaskIndex;
  /** Where the poll will return to, and the stack pointer it will have there: together they name this activation. */
  readonly returnAddress: number;
  readonly stackPointer: number;
  /** How many exception handlers were active when it began: an executor may run inside an interrupt. */
  readonly exceptionDepth: number;
}

/**
 * The polls under way, outermost first. There is more than one while an interrupt-mode executor
 * has broken into a poll of another executor.
 */
export class ActivePolls {
  private readonly stack: ActivePoll[] = [];

  get innermost(): ActivePoll | undefined {
    return this.stack.at(-1);
  }

  begin(poll: ActivePoll): void {
    this.dropAbandoned(poll);
    this.stack.push(poll);
  }

  /**
   * The poll that ends by arriving at `returnAddress` with `stackPointer`, taken off the stack;
   * undefined if the program is there for another reason (the address may be the head of the executor's loop too).
   */
  end(returnAddress: number, stackPointer: number): ActivePoll | undefined {
    const poll = this.innermost;
    if (poll?.returnAddress !== returnAddress || poll.stackPointer !== stackPointer) return undefined;
    return this.stack.pop();
  }

  clear(): void {
    this.stack.length = 0;
  }

  /**
   * Forgets polls that can no longer return, as after a panic handler that starts over: those begun inside a handler
   * that has ended, and those of this level whose frame the new poll has taken (the stack grows downwards). Stacks of
   * different levels cannot be compared: thread code may run on the process stack.
   */
  dropAbandoned({ exceptionDepth, stackPointer }: Pick<ActivePoll, "exceptionDepth" | "stackPointer">): void {
    for (let last = this.innermost; last !== undefined; last = this.innermost) {
      const isOfEndedHandler = last.exceptionDepth > exceptionDepth;
      const isOverwritten = last.exceptionDepth === exceptionDepth && last.stackPointer <= stackPointer;
      if (!isOfEndedHandler && !isOverwritten) return;
      this.stack.pop();
    }
  }
}
