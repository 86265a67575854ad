import type { Address } from "../../../base/brand";
import { Register } from "../../../target/architecture";
import type { TracepointHit } from "../../../target/target";
import { overMemory } from "../../../unwind/fetched-memory";
import type { StepContext } from "../step-context";
import type { AwaitChain } from "./await-chain";
import { pollFunctionOf } from "../../../executor/embassy/poll-function";

/** Where control comes to when something is polled. */
export interface PollEntry {
  readonly address: Address;
  /** Whether that very thing is polled. */
  readonly isPoll: (hit: TracepointHit) => boolean;
}

/** Where polls of the stepped future, of those that await it, and of their task begin. */
export class PollEntries {
  private unseen: string | undefined;

  constructor(
    private readonly chain: AwaitChain,
    private readonly context: StepContext,
  ) {}

  /**
   * Where a poll of a link begins; undefined where that cannot be told. What is inlined somewhere does not say there
   * which future it is: it has to be asked for where only the stepped task can come.
   */
  entryOf(link: number): PollEntry | undefined {
    const code = this.chain.codeAt(link);
    const { future } = this.chain.links[link]!;
    if (code === undefined) {
      this.unseen ??= future.body.name;
      return undefined;
    }
    const { owner, entry } = code;
    if (entry === undefined) return { address: owner.address, isPoll: () => true };
    const { match } = this.context;
    return { address: entry.address, isPoll: (hit) => match.isPolled(hit, entry.scope, future) };
  }

  /** The beginning of a poll of the task. */
  async taskPoll(): Promise<PollEntry | undefined> {
    const { source, origin } = this.context;
    const { embassy, trace, target } = source;
    const header = origin.task === undefined ? undefined : trace.tasks[origin.task]?.address;
    if (embassy === undefined || header === undefined) return undefined;
    const entry = await overMemory(target, (memory) => pollFunctionOf(header, embassy, memory));
    return entry && { address: entry, isPoll: (hit) => hit.register(Register.r0) === header };
  }

  /** Why a step ends before the future has gone on. */
  whyNone(link: number): string {
    const name = this.chain.links[link]?.future.body.name ?? "the future";
    return `${name} is pending, and this build does not tell where it is polled next: set a breakpoint there`;
  }

  /** What the user has to be told of polls that could not be waited for. */
  get doubt(): string | undefined {
    if (this.unseen === undefined) return undefined;
    return `${this.unseen} has several copies in this build, and lines of it may have been passed`;
  }
}
