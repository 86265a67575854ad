import { PeripheralBus, type BusPort } from "../bus";
import type { Net } from "../net";
import type { BoardHooks } from "../parts/part";
import type { Peripheral } from "../peripheral";
import type { Scheduler } from "../scheduler";
import type { CoreTime } from "./core-time";
import type { InterruptLines } from "./interrupt-lines";
import { Adc } from "./peripherals/adc";
import { Busctrl } from "./peripherals/busctrl";
import { Clocks } from "./peripherals/clocks";
import { Dma, type DmaBus } from "./peripherals/dma";
import { TREQ_PERMANENT } from "./peripherals/dma-registers";
import { I2c } from "./peripherals/i2c";
import { IoBank0 } from "./peripherals/io-bank0";
import { IoQspi } from "./peripherals/io-qspi";
import { PadsBank0 } from "./peripherals/pads-bank0";
import { PadsQspi } from "./peripherals/pads-qspi";
import { Pio } from "./peripherals/pio";
import { Pll } from "./peripherals/pll";
import { Psm } from "./peripherals/psm";
import { Pwm } from "./peripherals/pwm";
import { Resets } from "./peripherals/resets";
import { Rosc } from "./peripherals/rosc";
import { Rtc } from "./peripherals/rtc";
import { Sio } from "./peripherals/sio";
import { Spi } from "./peripherals/spi";
import { Syscfg } from "./peripherals/syscfg";
import { Sysinfo } from "./peripherals/sysinfo";
import { Tbman } from "./peripherals/tbman";
import { Timer } from "./peripherals/timer";
import { Uart } from "./peripherals/uart";
import { Usbctrl } from "./peripherals/usbctrl";
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
  /** The core's count of cycles, as of the access being made. */
  readonly cycles: () => number;
  /** The 1 us tick, which also clocks SysTick's external reference: its period, and clk_sys. */
  readonly onSysTickReference: (cyclesPerTick: number) => void;
  /** What DMA reads and writes through. */
  readonly dmaBus: () => DmaBus;
  /** The watchdog resets the chip. */
  readonly onWatchdogReset: () => void;
}

export type Blocks = ReturnType<typeof buildBlocks>;

/** Makes every register block of the chip, wires them to each other and puts them on the bus. */
export function buildBlocks(wires: ChipWires) {
  const bus = new PeripheralBus(wires.hooks);
  const { interrupts } = wires;
  const system = buildClocking(wires, (hz) => serial.pwm.setSystemFrequency(hz));
  const pads = new PadsBank0((pin) => io.updatePin(pin));
  const io: IoBank0 = new IoBank0(
    wires.nets,
    interrupts,
    (pin) => pads.pad(pin),
    () => serial.pwm.pinFunctionChanged(),
  );
  const sio = new Sio(io, interrupts, wires.hooks, wires.cycles);
  const serial: DataBlocks = buildDataBlocks(wires, io, system.clocks);
  const psm = new Psm(() => sio.reset());
  const xipCtrl = new XipCtrl();
  const xipSsi = new XipSsi();
  const resettable: Peripheral[] = [
    ...serial.apb,
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
  const ahb = [serial.dma, new Usbctrl(), new Pio(0), new Pio(1)];
  const byName = new Map([...resettable, ...ahb].map((block) => [block.name, [block]]));
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
  for (const block of [...ahb, xipCtrl]) bus.attach(block, AHB);
  bus.attach(xipSsi, AHB_PLAIN);
  return { ...system, ...serial, bus, pads, io, sio, psm, resets, xipCtrl, xipSsi };
}

type DataBlocks = ReturnType<typeof buildDataBlocks>;

/** The blocks that move data in and out, and DMA, which they ask for more. */
function buildDataBlocks(wires: ChipWires, io: IoBank0, clocks: Clocks) {
  const { scheduler, interrupts, hooks } = wires;
  const { frequencies } = clocks.state;
  const [peripheralHz, systemHz] = [() => frequencies.peri, () => frequencies.sys];
  const onDataRequest = () => dma.dataRequestChanged();
  const uart = (n: 0 | 1) => new Uart(n, scheduler, interrupts, io, peripheralHz, onDataRequest);
  const i2c = (n: 0 | 1) => new I2c(n, scheduler, interrupts, io, systemHz, onDataRequest);
  const spi = (n: 0 | 1) => new Spi(n, scheduler, interrupts, io, peripheralHz, onDataRequest);
  const uarts = [uart(0), uart(1)] as const;
  const i2cs = [i2c(0), i2c(1)] as const;
  const spis = [spi(0), spi(1)] as const;
  const adc = new Adc(scheduler, interrupts, () => frequencies.adc, onDataRequest);
  const onUnimplemented = (what: string) => hooks.onUnimplemented?.(what, "write");
  const pwm = new Pwm(scheduler, interrupts, io, onUnimplemented);
  const rtc = new Rtc(scheduler, interrupts, () => frequencies.rtc);
  const requests = dataRequests({ uarts, i2cs, spis, adc });
  const dma: Dma = new Dma(scheduler, interrupts, {
    bus: wires.dmaBus,
    systemHz,
    request: (treq) => requests.get(treq)?.(),
    onUnimplemented,
  });
  return { uarts, i2cs, spis, adc, pwm, rtc, dma, apb: [...uarts, ...i2cs, ...spis, adc, pwm, rtc] };
}

/** The data requests by their numbers in TREQ_SEL (datasheet 2.5.3.1, table 120). */
function dataRequests(blocks: {
  readonly uarts: readonly Uart[];
  readonly i2cs: readonly I2c[];
  readonly spis: readonly Spi[];
  readonly adc: Adc;
}): Map<number, () => boolean> {
  const requests = new Map<number, () => boolean>();
  const addPairs = (first: number, pairs: readonly (Uart | I2c | Spi)[]) =>
    pairs.forEach((block, n) => {
      requests.set(first + 2 * n, () => block.wantsTransmitData);
      requests.set(first + 2 * n + 1, () => block.hasReceivedData);
    });
  addPairs(16, blocks.spis);
  addPairs(20, blocks.uarts);
  addPairs(32, blocks.i2cs);
  requests.set(36, () => blocks.adc.hasReceivedData);
  requests.set(TREQ_PERMANENT, () => true);
  return requests;
}

/** Oscillators, PLLs, clock generators, and what counts by them. */
function buildClocking(wires: ChipWires, onSystemFrequency: (hz: number) => void) {
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
    onSystemFrequency(sys);
    tellSysTick();
  });
  return { xosc, rosc, pllSys, pllUsb, clocks, watchdog, timer };
}
