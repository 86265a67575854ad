import { address } from "../../base/brand";
import { placeOf } from "../../futures/suspension";
import type { Program } from "../../symbols/program";
import { Register } from "../../target/architecture";
import type { Target } from "../../target/target";
import type { CoreHalt } from "../run-control/machine-runner";
import type { StopCause } from "../run-control/stop";

/** What has happened to a core that cannot go on by itself. */
export async function explainHalt(
  reason: CoreHalt,
  target: Pick<Target, "readRegisters" | "readMemory">,
  program: Program,
): Promise<StopCause> {
  const pc = address((await target.readRegisters())[Register.pc]!);
  const place = placeOf(program.lines.placeAt(pc));
  if (reason === "lockup") {
    const what = "the core has locked up: a fault in the HardFault handler, or one that could not be handled";
    return { kind: "exception", what, place };
  }
  const [number] = await target.readMemory(pc, 1);
  return {
    kind: "exception",
    what: `the firmware has executed a breakpoint instruction (bkpt ${number})`,
    place,
  };
}
