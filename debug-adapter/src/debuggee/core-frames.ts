import { address } from "../base/brand";
import { placeOf } from "../futures/suspension";
import { Register } from "../target/architecture";
import type { SourcePlace } from "../trace/trace";
import type { Debuggee } from "./debuggee";

/** A function that the core is in. */
export interface CoreFrame {
  readonly name: string;
  readonly place: SourcePlace | null;
  readonly address: number;
}

/** The function at the core's program counter with those inlined there, innermost first. */
export async function coreFrames({ target, firmware }: Debuggee): Promise<CoreFrame[]> {
  const registers = await target.readRegisters();
  const pc = address(registers[Register.pc]!);
  const frames = firmware.program.framesAt(pc);
  if (frames.length > 0) {
    return frames.map((frame) => ({ name: frame.function.name, place: placeOf(frame.place), address: pc }));
  }
  const symbol = firmware.elf.symbols.functionAt(pc);
  return [{ name: symbol?.name ?? `0x${pc.toString(16)}`, place: null, address: pc }];
}
