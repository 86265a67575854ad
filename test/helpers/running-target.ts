import { setImmediate as nextTurn } from "node:timers/promises";
import { Register } from "#adapter/target/architecture";
import type { StopReason, TargetState } from "#adapter/target/target";
import { FakeTarget } from "./fake-target";

/** A target without a machine that runs on and on until it is interrupted; each step passes one instruction. */
export class RunningTarget extends FakeTarget {
  private current: TargetState = { kind: "stopped", reason: { kind: "entry" } };
  private isInterrupted = false;

  override get state(): TargetState {
    return this.current;
  }

  override async resume(): Promise<StopReason> {
    this.begin();
    while (!this.isInterrupted) {
      this.execute();
      await nextTurn();
    }
    return this.stop({ kind: "pause" });
  }

  override async step(): Promise<StopReason> {
    this.begin();
    this.execute();
    await Promise.resolve();
    return this.stop({ kind: "step" });
  }

  override interrupt(): void {
    this.isInterrupted = true;
  }

  private begin(): void {
    if (this.current.kind === "running") throw new Error("The target is running already");
    this.current = { kind: "running" };
    this.isInterrupted = false;
  }

  private execute(): void {
    const { registers } = this;
    this.pass(8).reach(registers[Register.pc]!);
    registers[Register.pc] = (registers[Register.pc]! + 2) % 0x40;
  }

  private stop(reason: StopReason): StopReason {
    this.current = { kind: "stopped", reason };
    return reason;
  }
}
