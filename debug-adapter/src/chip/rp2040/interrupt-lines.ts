import type { Nvic } from "../armv6m/nvic";
import { NMI } from "../armv6m/core-state";
import type { InterruptInput } from "../peripheral";

/** The interrupt lines from the blocks to core 0, and the lines that SYSCFG makes its NMI (datasheet 2.3.3). */
export class InterruptLines implements InterruptInput {
  readonly state = { levels: 0, nmiMask: 0 };
  /** Set once the core exists. */
  nvic: Nvic | undefined;

  setLevel(line: number, isHigh: boolean): void {
    const { state } = this;
    const bit = 1 << line;
    if (((state.levels & bit) !== 0) === isHigh) return;
    const wasNmi = (state.levels & state.nmiMask) !== 0;
    state.levels ^= bit;
    if (!wasNmi && (state.levels & state.nmiMask) !== 0) this.nvic?.pend(NMI);
    this.nvic?.setLevel(line, isHigh);
  }

  setNmiMask(mask: number): void {
    const { state } = this;
    const wasNmi = (state.levels & state.nmiMask) !== 0;
    state.nmiMask = mask;
    if (!wasNmi && (state.levels & mask) !== 0) this.nvic?.pend(NMI);
  }
}
