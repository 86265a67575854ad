import { type Address, address } from "../../base/brand";
import { placeOf } from "../../futures/suspension";
import { Register } from "../../target/architecture";
import type { CollectItem, Removable, Target, TracepointHit } from "../../target/target";
import { ValueReader } from "../../values/reader";
import type { SymbolLookup } from "../../values/symbol-lookup";
import { hardFaultEntry, panicEntries } from "../failure-entries";
import type { Firmware } from "../firmware";
import { unwinderOf } from "../core-backtrace";
import type { StopCause } from "../run-control/stop";
import type { StopReports } from "../run-control/stop-reports";
import { registersAt } from "../stepping/hit-frame";
import type { ExceptionFilters } from "./breakpoint";
import { faultWords, stackedRegisters } from "./fault-words";
import { ownPlace, panicCause } from "./panic-stop";

const REGISTERS: readonly CollectItem[] = [{ kind: "registers" }];

/** EXC_RETURN bit 2: what was interrupted uses the process stack (B1.5.8). */
const IS_PROCESS_STACK = 4;

export interface ExceptionSource {
  readonly firmware: Firmware;
  readonly target: Target;
  readonly reports: StopReports;
  readonly symbols: SymbolLookup;
}

/** Stops where a panic begins, and where the core enters its HardFault handler. */
export class ExceptionStops {
  private placed: Removable[] = [];

  constructor(private readonly source: ExceptionSource) {}

  /** Replaces what was set before; a sentence for each exception that cannot be noticed in this firmware. */
  set({ panic, hardFault }: ExceptionFilters): { readonly panic?: string; readonly hardFault?: string } {
    for (const each of this.placed.splice(0)) each.remove();
    const panics = panic ? panicEntries(this.source.firmware) : [];
    for (const at of panics) this.place(at, (hit) => this.panicCause(hit));
    const handler = hardFault ? hardFaultEntry(this.source.firmware) : undefined;
    if (handler !== undefined) this.place(handler, (hit) => this.faultCause(hit));
    return {
      ...(panic &&
        panics.length === 0 && { panic: "the firmware has no code of core::panicking::panic_fmt" }),
      ...(hardFault && handler === undefined && { hardFault: "the firmware has no vector table in flash" }),
    };
  }

  private place(at: Address, causeOf: (hit: TracepointHit) => StopCause): void {
    const { target, reports } = this.source;
    const onHit = (hit: TracepointHit) => {
      if (reports.isSeen(hit)) return false;
      reports.addBefore(hit, causeOf(hit));
      return true;
    };
    const where = { kind: "code", address: at } as const;
    // Breakpoints of the user's and steps come first where a core can watch few places.
    this.placed.push(target.addTracepoint({ where, collect: REGISTERS, isOptional: true, onHit }));
  }

  private panicCause(hit: TracepointHit): StopCause {
    const { firmware, symbols } = this.source;
    const symbolAt = (at: number) => firmware.elf.symbols.functionAt(address(at))?.name;
    const reader = new ValueReader(hit.memory, symbols);
    return panicCause(hit, firmware, { reader, program: firmware.program, symbolAt });
  }

  private faultCause(hit: TracepointHit): StopCause {
    const { firmware } = this.source;
    const isProcess = (hit.register(Register.lr) & IS_PROCESS_STACK) !== 0;
    const frame = hit.register(isProcess ? Register.psp : Register.msp);
    const read = stackedRegisters(frame, hit.memory, (register) => hit.register(register));
    if (read === undefined) {
      return { kind: "exception", what: "hard fault: the stack cannot be read", place: null };
    }
    const pc = read(Register.pc);
    const what = `hard fault: ${faultWords(pc, read, hit.memory)}`;
    const { frames } = unwinderOf(firmware).unwind(registersAt(hit), hit.memory);
    const interrupted = frames.slice(frames.findIndex(({ kind }) => kind === "exception") + 1);
    // Behind a jump to nowhere, whoever jumped stands in LR.
    const caller = firmware.program.lines.placeAt(address((read(Register.lr) & ~1) - 2));
    return { kind: "exception", what, place: ownPlace(interrupted) ?? placeOf(caller) };
  }
}
