import { nanoseconds } from "../../base/brand";
import type { FindingList } from "../../analysis/finding";
import { placeOf } from "../../futures/suspension";
import type { AsyncFunction } from "../../symbols/async-functions";
import type { Program } from "../../symbols/program";
import { bytesInUse, type CoroutineState } from "../../symbols/types/coroutine";
import type { TaskIndex } from "../../trace/event";
import type { TaskState } from "../../trace/task-state";
import type { SourcePlace } from "../../trace/trace";
import type { Debuggee } from "../debuggee";
import { firmwareRam } from "../firmware-ram";
import { poolOf } from "../inspect-tasks";
import { RAM } from "../pico";

/** A local takes at least this part of a future to be named. */
const LEAST_SHARE = 1 / 16;

/** Locals that are named. */
const MOST_NAMED = 6;

/** Futures lie in futures by value, so this only bounds damaged debug info. */
const DEEPEST = 64;

/** A variable that takes much of a future. */
interface BigLocal {
  readonly name: string;
  readonly type: string;
  readonly byteSize: number;
  readonly function: string;
  readonly place: SourcePlace | null;
}

/** What is asked of sizes again and again in one run. */
export interface SizeOptions {
  readonly limit: number;
  readonly findings: FindingList;
  /** Of every task, as of now. */
  readonly states: readonly TaskState[];
  /** The functions that have been told of. */
  readonly seen: Set<AsyncFunction>;
}

/** Tasks whose futures take much of the chip's RAM, as the debug info says; only tasks that have been spawned. */
export function findBigFutures(debuggee: Debuggee, { limit, findings, states, seen }: SizeOptions): void {
  const { trace, embassy } = debuggee;
  const { program, elf } = debuggee.firmware;
  const ram = firmwareRam(elf);
  const whose = ram.bytes === RAM.size ? "the chip's" : "what the linker script gives it";
  trace.tasks.forEach(({ name, address, futureBytes }, row) => {
    const body = embassy && poolOf(embassy, address)?.body;
    if (body === undefined || futureBytes === null || futureBytes < limit || seen.has(body)) return;
    if (states[row]?.kind === "unspawned") return;
    seen.add(body);
    const state = largestState(body);
    const locals = bigLocals(body, futureBytes * LEAST_SHARE, program);
    const percent = Math.max(1, Math.round((100 * futureBytes) / ram.bytes));
    findings.add({
      key: `oversized-future:${row}`,
      weight: futureBytes,
      kind: "oversized-future",
      severity: "warning",
      title: `the future of ${name} takes ${futureBytes} bytes of RAM for as long as the program runs (${percent} % of ${whose})`,
      tasks: [row as TaskIndex],
      span: { from: nanoseconds(0), to: debuggee.target.now },
      place: placeOf(state?.place) ?? trace.tasks[row]!.place,
      related: locals.flatMap(({ place, name: local, byteSize }) =>
        place === null ? [] : [{ place, text: `${local}: ${byteSize} bytes are kept across this await` }],
      ),
      evidence: [
        `most is kept at this await`,
        ...locals.map(
          (each) => `${each.name}: ${each.type} in ${each.function} takes ${each.byteSize} bytes`,
        ),
      ],
      remedy:
        "end the scope of large values before the await, or keep one that is needed on both sides in a static (StaticCell) and hold a reference",
    });
  });
}

/** The suspend point at which most bytes are kept. */
function largestState({ coroutine }: AsyncFunction): CoroutineState | undefined {
  const suspended = coroutine.states.filter(({ kind }) => kind === "suspended");
  return suspended.sort((a, b) => bytesOf(b) - bytesOf(a))[0];
}

function bytesOf({ locals, awaitee }: CoroutineState): number {
  return bytesInUse(awaitee === undefined ? locals : [...locals, awaitee]);
}

/** The largest values in a future and the futures that it awaits, each once per function. */
function bigLocals(outer: AsyncFunction, least: number, program: Program): BigLocal[] {
  const found = new Map<string, BigLocal>();
  const visit = (body: AsyncFunction, depth: number) => {
    for (const state of body.coroutine.states) {
      if (state.kind !== "suspended") continue;
      for (const { role, name, type, byteSize, offset } of state.locals) {
        const key = `${body.name}:${offset}:${byteSize}`;
        if (role !== "variable" || byteSize < least || found.has(key)) continue;
        found.set(key, { name, type: type.name, byteSize, function: body.name, place: placeOf(state.place) });
      }
      const awaited = state.awaitee && program.asyncFunctions.ofType(state.awaitee.type);
      if (awaited !== undefined && depth < DEEPEST) visit(awaited, depth + 1);
    }
  };
  visit(outer, 0);
  return [...found.values()].sort((a, b) => b.byteSize - a.byteSize).slice(0, MOST_NAMED);
}
