import type { FunctionIdentity } from "../../symbols/function";
import type { FlowGraph } from "./flow-graph";
import type { CodeView } from "./thumb-flow";

/** A place at which a waker is used. */
export type WakeSite =
  | WakeCall
  /** The waker's function is inlined as well: whose waker it is cannot be told. */
  | { readonly kind: "inlined"; readonly address: number }
  /** The entry of a function of the waker's table. */
  | { readonly kind: "function"; readonly address: number };

/** The call of a function of the waker's table. It gets the waker's data in r0 (AAPCS32 6.1.1). */
export interface WakeCall {
  readonly kind: "call";
  readonly address: number;
  /** The function that is called, where the compiler knew it. */
  readonly callee: number | undefined;
  /** Otherwise the register that leads to it. */
  readonly calleeRegister: number;
}

/** What every use of a waker goes through, whatever its table is. */
const WAKER_METHODS: ReadonlySet<string> = new Set([
  "core::task::wake::Waker::wake",
  "core::task::wake::Waker::wake_by_ref",
]);

/** Whether a function is one of those that use a waker. */
export function isWakerMethod(each: FunctionIdentity): boolean {
  return each.ownName.startsWith("wake") && WAKER_METHODS.has(each.path);
}

/**
 * The calls in the code of a waker's method. Where one goes through a register it is the one of the table: direct
 * calls beside it, in a dev build, only hand the waker around.
 */
export function ownCalls(graph: FlowGraph, code: CodeView, isOwn: (at: number) => boolean): WakeCall[] {
  const calls: WakeCall[] = [];
  for (const { address, call } of graph.all()) {
    if (call === undefined || !isOwn(address)) continue;
    const callee = call === "indirect" ? undefined : call;
    calls.push({ kind: "call", address, callee, calleeRegister: registerOf(address, code) });
  }
  const indirect = calls.filter(({ callee }) => callee === undefined);
  return indirect.length > 0 ? indirect : calls;
}

/** The operand of BLX Rm (ARMv6-M ARM A6.7.14). */
function registerOf(address: number, code: CodeView): number {
  return ((code.readUint(address, 2) ?? 0) >>> 3) & 15;
}
