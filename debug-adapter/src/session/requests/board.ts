import { UserError } from "../../base/errors";
import { type HandInput, touchBoard } from "../../debuggee/board/board-hand";
import { boardState, launchOf } from "../../debuggee/board/board-state";
import {
  type BoardArguments,
  type BoardBody,
  INPUT_KINDS,
  type InputArguments,
  type InputBody,
} from "../../protocol/board";
import type { Launched } from "../launched";

/** What is seen of the board now. */
export function board({ debuggee }: Launched, { terminals, withLaunch }: BoardArguments): Promise<BoardBody> {
  const known = new Map(terminals?.map(({ part, known: count }) => [part, count]));
  const state = boardState(debuggee, known);
  if (state === undefined) throw noBoard();
  return Promise.resolve({ ...state, launch: withLaunch === true ? launchOf(debuggee) : null });
}

/** Does something to the board at this instant. */
export function input({ debuggee }: Launched, args: InputArguments): Promise<InputBody> {
  const { target, runControl } = debuggee;
  if (target.board === undefined) throw noBoard();
  const { state } = runControl;
  const isAsleep = state.kind === "stopped" && state.stop.cause.kind === "stuck";
  return Promise.resolve({ time: touchBoard(target.board, handInput(args)), isAsleep });
}

function handInput({ kind, pin, uart, text, part, millicelsius }: InputArguments): HandInput {
  switch (kind) {
    case "press":
    case "release":
      return { kind, pin: needed(kind, "pin", pin) };
    case "type":
      return { kind, uart: needed(kind, "uart", uart), text: needed(kind, "text", text) };
    case "temperature":
      return {
        kind,
        part: needed(kind, "part", part),
        millicelsius: needed(kind, "millicelsius", millicelsius),
      };
    case "wire":
    case "unwire":
      return { kind, part: needed(kind, "part", part) };
    default:
      throw wrongInput(`kind is ${JSON.stringify(kind)}`, `it has to be one of ${INPUT_KINDS.join(", ")}`);
  }
}

function needed<Value>(kind: string, name: string, value: Value | null | undefined): Value {
  if (value !== undefined && value !== null) return value;
  throw wrongInput(`${name} is missing`, `a ${JSON.stringify(kind)} needs it`);
}

function wrongInput(what: string, remedy: string): UserError {
  return new UserError(`The client sent a "pollscope/input" request whose ${what}`, remedy);
}

function noBoard(): UserError {
  return new UserError("There is no board to be seen or touched here", 'set "target" to "emulator"');
}
