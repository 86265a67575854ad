import { PeripheralBus, type BusPort } from "../bus";
import type { Net } from "../net";
import type { BoardHooks } from "../parts/part";
import type { Peripheral } from "../peripheral";
import type { Scheduler } from "../scheduler";
import type { CoreTime } from "./core-time";
import type { InterruptLines } from "./interrupt-lines";
import { Busctrl } from "./peripherals/busctrl";
import { Clocks } from "./peripherals/clocks";
import { IoBank0 } from "./peripherals/io-bank0";
import { IoQspi } from "./peripherals/io-qspi";
import { PadsBank0 } from "./peripherals/pads-bank0";
import { PadsQspi } from "./peripherals/pads-qspi";
import { Pll } from "./peripherals/pll";
import { Psm } from "./peripherals/psm";
import { Resets } from "./peripherals/resets";
import { Rosc } from "./peripherals/rosc";
import { Sio } from "./peripherals/sio";
import { Syscfg } from "./peripherals/syscfg";
import { Sysinfo } from "./peripherals/sysinfo";
import { Tbman } from "./peripherals/tbman";
import { Timer } from "./peripherals/timer";
import { Uart } from "./peripherals/uart";
import { VregAndChipReset } from "./peripherals/vreg-and-chip-reset";
import { Watchdog } from "./peripherals/watchdog";
import { XipCtrl } from "./peripherals/xip-ctrl";
import { XipSsi } from "./peripherals/xip-ssi";
import { Xosc } from "./peripherals/xosc";

/**
 * An APB access takes 3 cycles to read and 4 to write (datasheet 2.1.3): the setup and access phases, and what the
 * bridge adds. AHB-Lite blocks answer without waiting.
 */
const APB: BusPort = { hasAtomicAliases: true, readWaitCycles: 2, writeWaitCycles: 3 };
const AHB: BusPort = { hasAtomicAliases: true, readWaitCycles: 0, writeWaitCycles: 0 };
const AHB_PLAIN: BusPort = { ...AHB, hasAtomicAliases: false };

/** What the blocks are wired to. */
export interface ChipWires {
  readonly scheduler: Scheduler;
  readonly hooks: BoardHooks;
  readonly interrupts: InterruptLines;
  /** One net per GPIO pin. */
  readonly nets: readonly Net[];
  readonly time: CoreTime;
  readonly crystalHz: number;
  /** The core's count of cycles. */
  readonly cycles: () => number;
  /** The 1 us tick, which also clocks SysTick's external reference: its period, and clk_sys. */
  readonly onSysTickReference: (cyclesPerTick: number) => void;
  /** The watchdog resets the chip. */
  readonly onWatchdogReset: () => void;
}

export type Blocks = ReturnType<typeof buildBlocks>;

/** Makes every register block of the chip, wires them to each other and puts them on the bus. */
export function buildBlocks(wires: ChipWires) {
  const bus = new PeripheralBus(wires.hooks);
  const { scheduler, interrupts } = wires;
  const system = buildClocking(wires);
  const pads = new PadsBank0((pin) => io.updatePin(pin));
  const io: IoBank0 = new IoBank0(wires.nets, interrupts, (pin) => pads.pad(pin));
  const sio = new Sio(io, interrupts, wires.hooks, wires.cycles);
  const peripheralHz = () => system.clocks.frequencies.peri;
  const uarts = [
    new Uart(0, scheduler, interrupts, io, peripheralHz),
    new Uart(1, scheduler, interrupts, io, peripheralHz),
  ] as const;
  const psm = new Psm(() => sio.reset());
  const xipCtrl = new XipCtrl();
  const xipSsi = new XipSsi();

  const resettable: Peripheral[] = [
    ...uarts,
    io,
    pads,
    system.pllSys,
    system.pllUsb,
    system.timer,
    new Busctrl(),
    new IoQspi(),
    new PadsQspi(),
    new Syscfg((mask) => interrupts.setNmiMask(mask)),
    new Sysinfo(),
    new Tbman(),
  ];
  const byName = new Map(resettable.map((block) => [block.name, [block]]));
  const resets = new Resets(byName, (block, isHeld) => bus.holdInReset(block, isHeld));
  const always = [
    system.xosc,
    system.rosc,
    system.clocks,
    system.watchdog,
    new VregAndChipReset(),
    psm,
    resets,
  ];
  for (const block of [...always, ...resettable]) bus.attach(block, APB);
  bus.attach(xipCtrl, AHB);
  bus.attach(xipSsi, AHB_PLAIN);
  return { ...system, bus, pads, io, sio, uarts, psm, resets, xipCtrl, xipSsi };
}

/** Oscillators, PLLs, clock generators, and what counts by them. */
function buildClocking(wires: ChipWires) {
  const { scheduler, time } = wires;
  const update = () => clocks.update();
  const xosc = new Xosc(scheduler, wires.crystalHz, update);
  const rosc = new Rosc(scheduler, update);
  const pllSys = new Pll("PLL_SYS", () => xosc.frequencyHz, update);
  const pllUsb = new Pll("PLL_USB", () => xosc.frequencyHz, update);
  const timer = new Timer(scheduler, wires.interrupts);
  const tellSysTick = () => {
    const cycles = (watchdog.tickPeriodNs * clocks.frequencies.sys) / 1e9;
    wires.onSysTickReference(Number.isFinite(cycles) ? cycles : 1);
  };
  const watchdog: Watchdog = new Watchdog(
    scheduler,
    (periodNs) => {
      timer.setTickPeriod(periodNs);
      tellSysTick();
    },
    wires.onWatchdogReset,
  );
  const clocks: Clocks = new Clocks({ xosc, rosc, pllSys, pllUsb }, ({ ref, sys }) => {
    time.setFrequency(sys, wires.cycles());
    watchdog.setReferenceFrequency(ref);
    tellSysTick();
  });
  return { xosc, rosc, pllSys, pllUsb, clocks, watchdog, timer };
}
