import { nanoseconds } from "#adapter/base/brand";
import type { BoardHooks } from "#adapter/chip/parts/part";
import type { PartSpec } from "#adapter/chip/parts/part-spec";
import { Rp2040 } from "#adapter/chip/rp2040/rp2040";

const FLASH = 0x1000_0000;
const WFI = 0xbf30;
/** B to the instruction before. */
const LOOP = 0xe7fd;
const NVIC_ISPR = 0xe000_e200;
const NVIC_ICPR = 0xe000_e280;

/**
 * A chip whose core only sleeps, so that a test can do the accesses: it reads and writes registers as the core
 * would, lets virtual time pass, and looks at pins and pending interrupts.
 */
export class Rp2040Bench {
  readonly machine: Rp2040;
  /** What the hooks said, one line each. */
  readonly log: string[] = [];

  constructor(parts: readonly PartSpec[] = []) {
    const log = this.log;
    const hooks: BoardHooks = {
      onPin: (pin, isHigh) => log.push(`${this.now} GPIO${pin} ${isHigh ? "high" : "low"}`),
      onUartByte: (uart, byte, direction) => log.push(`${this.now} UART${uart} ${direction} ${byte}`),
      onDisplay: (part, text) => log.push(`${this.now} ${part} "${text}"`),
      onFault: (source, what) => log.push(`${this.now} ${source}: ${what}`),
      onUnimplemented: (register, access) => log.push(`not emulated: ${access} ${register}`),
    };
    this.machine = new Rp2040({ hooks, parts });
    const program = new Uint8Array(0x110);
    const view = new DataView(program.buffer);
    view.setUint32(0x100, 0x2004_2000, true);
    view.setUint32(0x104, FLASH + 0x109, true);
    view.setUint16(0x108, WFI, true);
    view.setUint16(0x10a, LOOP, true);
    this.machine.loadImage([{ address: FLASH, bytes: program }]);
    this.machine.reset();
    this.advance(1000);
  }

  get now(): number {
    return this.machine.now;
  }

  read(address: number, size: 1 | 2 | 4 = 4): number {
    const { core } = this.machine;
    core.accessCycle = core.cycles;
    const value = core.load(address, size);
    if (core.takeFault()) throw new Error(`load from 0x${address.toString(16)} faults`);
    return value >>> 0;
  }

  write(address: number, value: number, size: 1 | 2 | 4 = 4): void {
    const { core } = this.machine;
    core.accessCycle = core.cycles;
    core.store(address, size, value);
    if (core.takeFault()) throw new Error(`store to 0x${address.toString(16)} faults`);
  }

  /** Lets virtual time pass. */
  advance(nanosecondsToPass: number): void {
    const until = nanoseconds(this.now + nanosecondsToPass);
    for (;;) {
      const stop = this.machine.run(until);
      if (stop === "stuck") this.machine.idleUntil(until);
      else if (stop !== "time") throw new Error(`the machine stopped: ${stop}`);
      else return;
    }
  }

  /** Whether an interrupt line has become pending. */
  isPending(line: number): boolean {
    return ((this.read(NVIC_ISPR) >>> line) & 1) !== 0;
  }

  /** Takes the pending state of a line away; it comes back if the line is still high. */
  clearPending(line: number): void {
    this.write(NVIC_ICPR, 2 ** line);
  }

  /** All blocks out of reset, XOSC 12 MHz, clk_sys and clk_peri 125 MHz, USB PLL 48 MHz, a 1 us tick. */
  startClocks(): void {
    this.write(0x4000_c000, 0);
    this.write(0x4002_400c, 1);
    this.write(0x4002_4000, 0xfab_aa0);
    this.advance(100_000);
    this.startPll(0x4002_8000, 125, 6, 2);
    this.startPll(0x4002_c000, 100, 5, 5);
    this.write(0x4000_8030, 2);
    this.write(0x4005_802c, 0x200 | 12);
    this.write(0x4000_803c, 0);
    this.write(0x4000_803c, 1);
    this.write(0x4000_8048, 1 << 11);
    this.write(0x4000_8060, 1 << 11);
    this.write(0x4000_8070, 1024 << 8);
    this.write(0x4000_806c, 1 << 11);
  }

  /** Connects a pin to a block, with its input enabled and a pull-up if asked for. */
  connectPin(pin: number, pinFunction: number, options: { pullUp?: boolean } = {}): void {
    this.write(0x4001_c004 + pin * 4, 0x52 | (options.pullUp === true ? 8 : 4));
    this.write(0x4001_4004 + pin * 8, pinFunction);
  }

  private startPll(base: number, feedback: number, divisor1: number, divisor2: number): void {
    this.write(base + 8, feedback);
    this.write(base + 0xc, (divisor1 << 16) | (divisor2 << 12));
    this.write(base + 4, 0);
  }
}
