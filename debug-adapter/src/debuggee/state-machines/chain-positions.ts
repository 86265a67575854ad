import { placeOf } from "../../futures/suspension";
import type { AsyncFunction } from "../../symbols/async-functions";
import type { Program } from "../../symbols/program";
import type { AwaitFrame } from "../../trace/trace";
import { statesInOrder } from "./machine-states";

/** One async function in the await chain of a task. */
export interface ChainPosition {
  readonly body: AsyncFunction;
  /** The row of the state that it is parked in; undefined where several suspend points share one line. */
  readonly row: number | undefined;
  /**
   * Names the future by the awaits that lead to it: futures of two such names are never the same. Two of one name may
   * still be: the await that leads there may have been reached again.
   */
  readonly path: string;
}

/** The await chain of a suspended task. */
export interface ChainPositions {
  /** From the task's own body inwards. */
  readonly positions: readonly ChainPosition[];
  /** Whether all of the chain could be told: not where two awaits of one line lead to different functions. */
  readonly isWhole: boolean;
}

/** Finds the frames of a suspension in the program: the trace names them by function and line only. */
export function chainPositions(
  root: AsyncFunction,
  frames: readonly AwaitFrame[],
  program: Program,
): ChainPositions {
  const positions: ChainPosition[] = [];
  let body: AsyncFunction | undefined = root;
  let path = "";
  for (const [depth, frame] of frames.entries()) {
    if (body?.name !== frame.function) return { positions, isWhole: false };
    const states = statesInOrder(body.coroutine);
    const rows = states.flatMap((state, row) =>
      state.kind === "suspended" && isAt(placeOf(state.place), frame.place) ? [row] : [],
    );
    positions.push({ body, row: rows.length === 1 ? rows[0] : undefined, path });
    path += `${rows.join("|")}/`;
    const inner = frames[depth + 1]?.function;
    if (inner === undefined) break;
    const awaited = rows.flatMap((row): AsyncFunction[] => {
      const type = states[row]?.awaitee?.type;
      const found = type && program.asyncFunctions.ofType(type);
      return found?.name === inner ? [found] : [];
    });
    const different = new Set(awaited);
    body = different.size === 1 ? awaited[0] : undefined;
  }
  return { positions, isWhole: frames.length > 0 };
}

function isAt(a: AwaitFrame["place"], b: AwaitFrame["place"]): boolean {
  return a?.file === b?.file && a?.line === b?.line;
}
