import { loadImage } from "../../elf/load-image";
import { memoryOf } from "../../target/memory-ranges";
import type { Unwinder } from "../../unwind/unwinder";
import type { MemoryView } from "../../target/target";
import { unwinderOf } from "../core-backtrace";
import type { Firmware } from "../firmware";
import { BodyLines } from "./body-lines";
import { CodeRows } from "./code-rows";
import { CoroutineBodies } from "./coroutine-bodies";
import { FunctionFlows } from "./function-flow";
import { OwnCode } from "./own-code";
import { SourceOrder } from "./source-order";

/** All that steps ask of the code of a firmware. */
export interface ProgramCode {
  readonly unwinder: Unwinder;
  readonly rows: CodeRows;
  readonly bodies: CoroutineBodies;
  readonly lines: BodyLines;
  readonly own: OwnCode;
  readonly flows: FunctionFlows;
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
    const own = new OwnCode(program, rows, bodies);
    const flows = new FunctionFlows(program, rows, codeOf(firmware));
    const lines = new BodyLines(program, rows, bodies, flows);
    const order = new SourceOrder(flows, rows);
    code = { unwinder: unwinderOf(firmware), rows, bodies, lines, own, flows, order };
    known.set(firmware, code);
  }
  return code;
}

/** The code of a firmware, where it is executed. */
function codeOf({ elf }: Firmware): MemoryView {
  const { chunks } = loadImage(elf);
  return memoryOf(chunks.map(({ virtualAddress, bytes }) => ({ start: virtualAddress, bytes })));
}
