import type { FunctionIdentity } from "../../symbols/function";
import type { Program } from "../../symbols/program";
import { unwrapped } from "../../symbols/types/member-access";
import { withoutGenerics } from "../../symbols/types/type-name";
import type { Type } from "../../symbols/types/type";

/** A function that polls a future: an implementation of `Future::poll`, or the body of a coroutine. */
export interface FuturePoll {
  readonly function: FunctionIdentity;
  /** What is polled; undefined if the debug info does not say. */
  readonly future: Type | undefined;
}

/** `<T as Future>::poll`, as both ways of mangling give it. */
const TRAIT_METHOD = /^<(.*) as core::future::future::Future>::poll(?:::h[0-9a-f]{16})?$/;

/** Futures that do nothing but poll the one that they point to. */
const POINTERS = /^(?:&mut |core::pin::Pin<|alloc::boxed::Box<|core::panic::unwind_safe::AssertUnwindSafe<)/;

const COROUTINE_BODY = /^\{async_(?:fn|block|closure)#\d+\}/;

/** Tells the functions of a program that poll futures from all others; each is looked at once. */
export class FuturePolls {
  private readonly known = new Map<number, FuturePoll | undefined>();

  constructor(private readonly program: Program) {}

  /** What a function polls, by its index row; undefined if it is no poll, or one that only hands on. */
  ofRow(row: number): FuturePoll | undefined {
    if (!this.known.has(row)) this.known.set(row, this.read(this.program.functions.ofRow(row)));
    return this.known.get(row);
  }

  private read(each: FunctionIdentity): FuturePoll | undefined {
    if (!isPoll(each)) return undefined;
    const [self] = each.parameterTypes;
    const pointer = self && unwrapped(self).type;
    return { function: each, future: pointer?.kind === "pointer" ? pointer.target : undefined };
  }
}

function isPoll(each: FunctionIdentity): boolean {
  if (COROUTINE_BODY.test(each.ownName)) return true;
  if (withoutGenerics(each.ownName) !== "poll") return false;
  const implementor = TRAIT_METHOD.exec(each.demangledName ?? "")?.[1];
  return implementor !== undefined && !POINTERS.test(implementor);
}
