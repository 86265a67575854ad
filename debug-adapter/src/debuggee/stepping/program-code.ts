import type { Unwinder } from "../../unwind/unwinder";
import { unwinderOf } from "../core-backtrace";
import type { Firmware } from "../firmware";
import { BodyLines } from "./body-lines";
import { CodeRows } from "./code-rows";
import { CoroutineBodies } from "./coroutine-bodies";
import { OwnCode } from "./own-code";
import { SourceOrder } from "./source-order";

/** All that steps ask of the code of a firmware. */
export interface ProgramCode {
  readonly unwinder: Unwinder;
  readonly rows: CodeRows;
  readonly bodies: CoroutineBodies;
  readonly lines: BodyLines;
  readonly own: OwnCode;
  readonly order: SourceOrder;
}

const known = new WeakMap<Firmware, ProgramCode>();

/** The code of a firmware; what has been worked out is kept for the next step. */
export function programCode(firmware: Firmware): ProgramCode {
  let code = known.get(firmware);
  if (code === undefined) {
    const { program } = firmware;
    const rows = new CodeRows(program);
    const bodies = new CoroutineBodies(program);
    const lines = new BodyLines(program, rows, bodies);
    const own = new OwnCode(program, rows, bodies);
    const order = new SourceOrder(program, rows);
    code = { unwinder: unwinderOf(firmware), rows, bodies, lines, own, order };
    known.set(firmware, code);
  }
  return code;
}
