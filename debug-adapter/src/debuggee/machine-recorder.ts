import type { Nanoseconds } from "../base/brand";
import type { MachineObserver } from "../target/target";
import { EventKind, NO_TASK, packDisplay, packPin, packUart } from "../trace/event";
import type { Trace } from "../trace/trace";

/** Writes what happens in the machine, apart from tasks, to a trace. */
export class MachineRecorder implements MachineObserver {
  constructor(private readonly trace: Trace) {}

  onExceptionEntry(time: Nanoseconds, exception: number): void {
    this.trace.events.append(time, EventKind.IrqBegin, NO_TASK, exception);
  }

  onExceptionReturn(time: Nanoseconds, exception: number): void {
    this.trace.events.append(time, EventKind.IrqEnd, NO_TASK, exception);
  }

  onSleep(time: Nanoseconds): void {
    this.trace.events.append(time, EventKind.SleepBegin, NO_TASK, 0);
  }

  onWake(time: Nanoseconds): void {
    this.trace.events.append(time, EventKind.SleepEnd, NO_TASK, 0);
  }

  onPin(time: Nanoseconds, pin: number, isHigh: boolean): void {
    this.trace.events.append(time, EventKind.Pin, NO_TASK, packPin(pin, isHigh));
  }

  onUartByte(time: Nanoseconds, uart: number, byte: number, direction: "transmit" | "receive"): void {
    this.trace.events.append(time, EventKind.Uart, NO_TASK, packUart(uart, byte, direction));
  }

  onDisplay(time: Nanoseconds, part: string, text: string): void {
    const payload = packDisplay(this.trace.addString(part), this.trace.addString(text));
    this.trace.events.append(time, EventKind.Display, NO_TASK, payload);
  }
}
