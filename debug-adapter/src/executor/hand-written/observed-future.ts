import { awaitedName } from "../../futures/awaited-name";
import { placeOf } from "../../futures/suspension";
import type { AsyncFunction } from "../../symbols/async-functions";
import type { Program } from "../../symbols/program";
import type { Type } from "../../symbols/types/type";
import type { TaskIndex } from "../../trace/event";
import type { TaskInfo } from "../../trace/trace";
import type { FuturePoll } from "./future-polls";
import type { PollFunction } from "./poll-function";
import type { WakerParts } from "./waker-layout";

/** A future that is polled inside no other: what a hand-written executor runs, and a task to Pollscope. */
export interface ObservedFuture {
  readonly index: TaskIndex;
  readonly type: Type | undefined;
  /** The function whose calls are its polls, inlined or not, as a row of the program's functions. */
  readonly pollRow: number;
  /** If it is a coroutine. */
  readonly body: AsyncFunction | undefined;
  /** Where it lies; undefined if that is not known. */
  readonly address: number | undefined;
  /** The waker that its last poll was given. */
  readonly waker: WakerParts;
  /** Whether it has returned Ready. */
  hasEnded: boolean;
  /** The function that polls it, if it has code of its own. */
  polledBy: PollFunction | undefined;
  /** Where the caller of the poll under way wants the result; undefined if it comes in registers. */
  resultAddress: number | undefined;
}

/** A future that was never polled before. */
export function observedFuture(
  index: TaskIndex,
  { function: poll, future: type }: FuturePoll,
  address: number | undefined,
  program: Program,
): ObservedFuture {
  return {
    index,
    type,
    pollRow: poll.row,
    body: type && program.asyncFunctions.ofType(type),
    address,
    waker: { isKnown: false, data: 0, wake: 0, wakeByRef: 0 },
    hasEnded: false,
    polledBy: undefined,
    resultAddress: undefined,
  };
}

/**
 * How a future stands in the trace's table of tasks. The second one of a name is `name[1]`, as the slots of a pool
 * are counted.
 */
export function taskInfo(
  { function: poll, future }: FuturePoll,
  address: number | undefined,
  { program, isTaken }: { readonly program: Program; readonly isTaken: (name: string) => boolean },
): TaskInfo {
  const body = future && program.asyncFunctions.ofType(future);
  const baseName = future === undefined ? poll.name : futureName(future, body, program);
  let name = baseName;
  for (let count = 1; isTaken(name); count++) name = `${baseName}[${count}]`;
  const bytes = future?.byteSize;
  return {
    name,
    address: address ?? 0,
    bytes: bytes ?? 0,
    futureBytes: bytes ?? null,
    place: placeOf(body?.declaration ?? poll.declaration),
  };
}

/** An async function by its path inside its crate; another future by its type. */
function futureName(future: Type, body: AsyncFunction | undefined, program: Program): string {
  if (body === undefined) return awaitedName(future, program);
  const prefix = `${body.crate}::`;
  return body.name.startsWith(prefix) ? body.name.slice(prefix.length) : body.name;
}
