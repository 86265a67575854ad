/**
 * What a machine tells its observer while it runs, in machine words: addresses, exception numbers, pins.
 * One call each, with numbers only, so that nothing is allocated per event; a hook that is not set costs nothing,
 * and code and data hooks cost nothing where they are not hit.
 *
 * While a hook runs, the core's registers and the scheduler's `now` are up to date and memory may be read.
 */
export interface MachineHooks {
  /**
   * The instruction at a hooked address is about to be executed.
   * Returns true to stop before it; it is executed, without calling the hook again, when the machine runs on.
   */
  onCode?: (address: number) => boolean;
  /**
   * A store to a watched word is about to take effect (memory still holds the old value).
   * Returns true to stop after the storing instruction.
   */
  onStore?: (address: number, size: 1 | 2 | 4, value: number) => boolean;
  /** A load from a watched word. Returns true to stop after the loading instruction. */
  onLoad?: (address: number, size: 1 | 2 | 4) => boolean;
  /** An exception (ARMv6-M ARM B1.5.2: 3 HardFault, 11 SVCall, 14 PendSV, 15 SysTick, 16 + n interrupt n) is entered. */
  onExceptionEntry?: (exception: number) => void;
  /** The handler of `exception` has returned. */
  onExceptionReturn?: (exception: number) => void;
  /** The core goes to sleep (WFI or WFE with nothing pending). */
  onSleep?: () => void;
  /** The core goes on after a sleep. */
  onWake?: () => void;
  /** The instant of the observer's alarm has come, between two instructions. Returns true to stop here. */
  onAlarm?: () => boolean;
  /** The level of a pin, as seen from outside the chip, has changed. */
  onPin?: (pin: number, isHigh: boolean) => void;
  /** A byte has left (`transmit`) or reached the chip on a UART. */
  onUartByte?: (uart: number, byte: number, direction: "transmit" | "receive") => void;
  /** A display wired to the chip shows something else. `text` is what a person would read. */
  onDisplay?: (part: string, text: string) => void;
  /** Firmware used something that is not emulated; called once per register and direction. */
  onUnimplemented?: (register: string, access: "read" | "write") => void;
}

/** Why `run` came back. */
export type MachineStop =
  /** Virtual time has reached the given instant. */
  | "time"
  /** The budget of instructions is used up. */
  | "budget"
  /** A hook asked to stop. */
  | "hook"
  /** BKPT without a debugger's handler, which escalates to HardFault on real silicon; left to the debugger. */
  | "breakpoint-instruction"
  /** A fault inside the HardFault or NMI handler: the core has stopped for good (ARMv6-M ARM B1.5.15). */
  | "lockup"
  /** Asleep with no event to come and no input scheduled: it can never go on. */
  | "stuck"
  /** The firmware reset the chip (SYSRESETREQ, watchdog) or left for the boot loader. */
  | "reset";
