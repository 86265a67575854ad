import { Register } from "../../../target/architecture";
import type { TracepointHit } from "../../../target/target";
import type { FunctionIdentity } from "../../../symbols/function";
import type { Frame } from "../../../unwind/backtrace";
import type { Debuggee } from "../../debuggee";
import { CallWays } from "../call-ways";
import { type CoroutineCode, coroutineTypeOf } from "./coroutine-code";

/** Text that a program writes about itself is no effect. */
const LOGGING = /^(?:defmt|defmt_rtt|rtt_target|log)(?:::|$)/;

/** Tells which coroutine's own code, or plain functions that it calls, a store is made by. */
export class StoreWriters {
  private readonly near = new Map<number, Writer>();
  private readonly byCallers: CallWays<string | undefined>;

  constructor(
    debuggee: Debuggee,
    private readonly code: CoroutineCode,
  ) {
    const isEnough = (frame: Frame) => frame.kind !== "normal" || writerAmong([frame]).kind === "known";
    this.byCallers = new CallWays<string | undefined>(debuggee, isEnough, writerByFrames, undefined);
  }

  /** The full name of the coroutine's type; undefined for a store that is no coroutine's own. */
  writerOf(hit: TracepointHit): string | undefined {
    const near = this.writerNear(hit.register(Register.pc));
    return near.kind === "caller" ? this.byCallers.at(hit) : near.coroutine;
  }

  /** What the functions at an address say, inlined ones among them. */
  private writerNear(pc: number): Writer {
    let near = this.near.get(pc);
    if (near === undefined) {
      near = writerAmong(this.code.framesAt(pc));
      this.near.set(pc, near);
    }
    return near;
  }
}

function writerByFrames(frames: readonly Frame[]): string | undefined {
  if (frames.some(({ kind }) => kind !== "normal")) return undefined;
  const found = writerAmong(frames);
  return found.kind === "known" ? found.coroutine : undefined;
}

/** Whose a store is, by the functions that are being executed. */
type Writer =
  /** Undefined for a store that is no coroutine's own. */
  | { readonly kind: "known"; readonly coroutine: string | undefined }
  /** None of the functions decides it. */
  | { readonly kind: "caller" };

function writerAmong(frames: readonly { readonly function: FunctionIdentity | undefined }[]): Writer {
  for (const { function: each } of frames) {
    if (each === undefined) continue;
    const coroutine = coroutineTypeOf(each);
    if (coroutine !== undefined) return { kind: "known", coroutine };
    // Below a poll function it is what is awaited that acts.
    if (/^poll(?:<|$)/.test(each.ownName) || LOGGING.test(each.path))
      return { kind: "known", coroutine: undefined };
  }
  return { kind: "caller" };
}
