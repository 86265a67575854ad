import { address } from "../../../base/brand";
import type { FlowStep } from "../../../executor/hand-written/thumb-flow";
import type { ProgramFunction } from "../../../symbols/function";
import { stateOf } from "../../../symbols/types/coroutine";
import type { MemoryView, Target } from "../../../target/target";
import { overMemory } from "../../../unwind/fetched-memory";
import type { CodeRow } from "../code-rows";
import { frameAt } from "../hit-frame";
import { linesOfFuture } from "../line-goals";
import type { Goal, StepContext } from "../step-context";
import type { AwaitLink } from "../step-origin";
import type { StepFrame } from "../step-stack";
import { Callees } from "./callees";
import { hitHere, type Standing } from "./standing";

/** Functions of others that one step goes through in search of the user's: a search has to end. */
const MOST_FOLLOWED = 40;

/** How a call is dealt with. */
export type Way =
  | { readonly kind: "over" }
  /** To the only place that is looked for. */
  | { readonly kind: "to"; readonly entry: CodeRow }
  /** Instruction by instruction, since there are several. */
  | { readonly kind: "into" };

/** What a step in does at calls that are made on behalf of what is stepped. */
export class Entering {
  private readonly callees: Callees;
  /** Futures whose bodies have been entered on the way, and wait for their next line. */
  private readonly entered: AwaitLink[] = [];
  /** The activation that is stepped: what is called from there on is called on its behalf. */
  private base: Pick<StepFrame, "callFrameAddress" | "exception"> | undefined;
  private followed = 0;
  private passed: string | undefined;

  constructor(
    private readonly context: StepContext,
    private readonly target: Pick<Target, "readMemory" | "now">,
  ) {
    this.callees = new Callees(context);
    this.base = context.origin.frames[0];
  }

  /** The calls to be followed where the core stands; undefined where nothing is called on behalf of what is stepped. */
  callsIn(here: Standing): Callees | undefined {
    const { origin } = this.context;
    const body = origin.awaits[0]?.future.body;
    const isStepped =
      origin.frames.length === 0 || (body !== undefined && here.frames[0]?.future?.body === body);
    if (!this.isInside(here)) this.base = isStepped ? here : undefined;
    return this.base && this.callees;
  }

  isInside({ callFrameAddress, exception }: Pick<StepFrame, "callFrameAddress" | "exception">): boolean {
    const { base } = this;
    if (base?.callFrameAddress === undefined || callFrameAddress === undefined) return false;
    return callFrameAddress <= base.callFrameAddress && exception === base.exception;
  }

  wayInto(here: Standing, { call }: FlowStep): Way {
    const called = this.functionAt(typeof call === "number" ? call : calledThrough(here, this.context));
    if (called === undefined || called.isNoReturn) return { kind: "over" };
    const entries = this.callees.reachOf(called);
    const [entry] = entries;
    if (entries.size <= 1) return entry === undefined ? { kind: "over" } : { kind: "to", entry };
    if (this.followed++ < MOST_FOLLOWED) return { kind: "into" };
    this.passed ??= called.path;
    return entry === undefined ? { kind: "over" } : { kind: "to", entry };
  }

  /** The core has come to the beginning of a function, or of a poll of a body. */
  async enter(
    entry: CodeRow,
    here: Standing,
  ): Promise<{ readonly isEnd: boolean; readonly goals: readonly Goal[] }> {
    const { code, origin } = this.context;
    const body = code.bodies.bodyOf(entry.scope);
    if (body === undefined) return { isEnd: true, goals: [] };
    const link = await overMemory(this.target, (memory) => this.linkAt(entry, here, memory));
    const isKnown = [...origin.awaits, ...this.entered].some(
      ({ future }) => future.body === body && future.address === link?.future.address,
    );
    if (link === undefined || isKnown) return { isEnd: false, goals: [] };
    // A body of a single line has no line behind its head.
    const isOneLine = code.lines.ofBody(body).statements.includes(entry);
    if (isOneLine && link.place === undefined) return { isEnd: true, goals: [] };
    this.entered.push(link);
    return { isEnd: false, goals: linesOfFuture(link, this.context) };
  }

  /** What the user has to be told of calls that were passed. */
  get doubt(): string | undefined {
    if (this.passed === undefined) return undefined;
    return `${this.passed} calls so much that functions of yours may have been passed there`;
  }

  private linkAt({ scope }: CodeRow, here: Standing, memory: MemoryView): AwaitLink | undefined {
    const { code, match } = this.context;
    const body = code.bodies.bodyOf(scope);
    const polled = match.futureIn(frameAt(hitHere(here, memory, this.target), code.unwinder), scope);
    if (body === undefined || polled === undefined) return undefined;
    const { offset, byteSize } = body.coroutine.discriminant;
    const discriminant = memory.readUint(polled + offset, byteSize as 1 | 2 | 4);
    const state = discriminant === undefined ? undefined : stateOf(body.coroutine, discriminant);
    const place = state?.kind === "suspended" ? state.place : undefined;
    return { future: { body, address: address(polled) }, place };
  }

  private functionAt(at: number): ProgramFunction | undefined {
    return this.context.source.firmware.program.functions.at(address((at & ~1) >>> 0));
  }
}

/** The address in the register of a BLX (ARMv6-M ARM A6.7.14). */
function calledThrough({ pc, registers }: Standing, { code }: StepContext): number {
  const register = ((code.flows.instructionAt(pc) ?? 0) >>> 3) & 0xf;
  return registers[register] ?? 0;
}
