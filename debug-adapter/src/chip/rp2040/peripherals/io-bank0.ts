import { Drive, type Net, type NetDriver } from "../../net";
import type { InterruptInput, Peripheral } from "../../peripheral";
import { restoreState } from "../../plain-state";
import { Interrupt } from "../interrupts";
import { PIN_COUNT, PinFunction } from "../pin-functions";
import { Pad } from "./pads-bank0";

const INTR0 = 0xf0;
const PROC0_INTE0 = 0x100;
const DORMANT_WAKE_INTE0 = 0x160;
const END = 0x190;
/** PROC0, PROC1 and DORMANT_WAKE have INTE, INTF and INTS of four words each: 0x30 bytes. */
const DESTINATION_STRIDE = 0x30;
const DESTINATIONS = ["PROC0", "PROC1", "DORMANT_WAKE"] as const;
const KINDS = ["INTE", "INTF", "INTS"] as const;
const INTE = 0;
const INTF = 1;

const CTRL_MASK = 0x3003_331f;
/** Per pin four interrupt bits (datasheet 2.19.3). */
const LEVEL_LOW = 1;
const LEVEL_HIGH = 2;
const EDGE_LOW = 4;
const EDGE_HIGH = 8;
const EDGES = 0xcccc_cccc;

function resetState() {
  return {
    ctrl: new Uint32Array(PIN_COUNT).fill(PinFunction.NULL),
    /** Latched edges: EDGE_LOW and EDGE_HIGH bits of INTR0 to INTR3. */
    edges: new Uint32Array(4),
    /** INTE words of PROC0, PROC1, DORMANT_WAKE; INTF likewise. */
    enabled: new Uint32Array(12),
    forced: new Uint32Array(12),
    /** What the interrupt logic of each pin sees: the input behind IRQOVER. */
    interruptLevels: 0,
  };
}

function signalState() {
  return {
    /** Per pin, bit f: what the peripheral of function f puts out, and whether it drives. */
    outputs: new Uint16Array(PIN_COUNT),
    outputEnables: new Uint16Array(PIN_COUNT),
    /** Per pin, a bit: the levels on the pads' inputs (0 where IE is off), and behind INOVER. */
    fromPads: 0,
    inputs: 0,
  };
}

/** Called when the input that a peripheral sees on a pin has changed. */
type InputListener = (pin: number, isHigh: boolean) => void;

/**
 * IO_BANK0 (datasheet 2.19): which block drives each user pin, the overrides, and the pin interrupts.
 * It also stands for the pads' wires: it drives the net of each pin and follows its level.
 */
export class IoBank0 implements Peripheral {
  readonly name = "IO_BANK0";
  readonly baseAddress = 0x4001_4000;
  readonly size = 0x1000;
  readonly state = { ...resetState(), signals: signalState() };
  private readonly drivers: readonly NetDriver[];
  private readonly listeners: InputListener[][] = Array.from({ length: PIN_COUNT }, () => []);

  constructor(
    private readonly nets: readonly Net[],
    private readonly interrupts: InterruptInput,
    private readonly padOf: (pin: number) => number,
    private readonly onFunctionChange: () => void,
  ) {
    this.drivers = nets.map((net, pin) => net.addDriver(`GPIO${pin}`));
    nets.forEach((net, pin) => net.listen(() => this.updateInput(pin)));
  }

  /** The inputs of all pins as SIO and the other peripherals see them, one bit each. */
  get inputs(): number {
    return this.state.signals.inputs;
  }

  /** FUNCSEL of a pin. */
  functionOf(pin: number): number {
    return this.state.ctrl[pin]! & 0x1f;
  }

  /** What a pin does to its net. */
  driveOf(pin: number): Drive {
    return this.drivers[pin]!.drive;
  }

  /** The pull of a pin's pad, which is there while the pin does not drive. */
  pullOf(pin: number): PadPull {
    return pull(this.padOf(pin));
  }

  /** Whether the input buffer of a pin's pad is on. */
  isInputEnabled(pin: number): boolean {
    return (this.padOf(pin) & Pad.IE) !== 0;
  }

  /** Calls `listener` when the input of a pin changes, whatever its function. */
  onInput(pin: number, listener: InputListener): void {
    this.listeners[pin]!.push(listener);
  }

  /** A peripheral drives the pins on which it is selected: one of PinFunction, its output and output enable. */
  setOutput(pin: number, pinFunction: number, isHigh: boolean, isEnabled: boolean): void {
    const { outputs, outputEnables } = this.state.signals;
    const bit = 1 << pinFunction;
    const output = isHigh ? outputs[pin]! | bit : outputs[pin]! & ~bit;
    const enable = isEnabled ? outputEnables[pin]! | bit : outputEnables[pin]! & ~bit;
    if (output === outputs[pin] && enable === outputEnables[pin]) return;
    outputs[pin] = output;
    outputEnables[pin] = enable;
    if (this.functionOf(pin) === pinFunction) this.updateOutput(pin);
  }

  /** A pin's pad or CTRL has changed. */
  updatePin(pin: number): void {
    this.updateOutput(pin);
    this.updateInput(pin);
  }

  read(offset: number): number {
    return this.peek(offset);
  }

  peek(offset: number): number {
    const { state } = this;
    if (offset < INTR0) {
      const pin = offset >> 3;
      return (offset & 4) === 0 ? this.status(pin) : state.ctrl[pin]!;
    }
    if (offset < PROC0_INTE0) return this.raw((offset - INTR0) >> 2);
    if (offset >= END) return 0;
    const { destination, kind, word } = place(offset);
    const index = destination * 4 + word;
    if (kind === INTE) return state.enabled[index]!;
    if (kind === INTF) return state.forced[index]!;
    return this.ints(destination, word);
  }

  write(offset: number, value: number): void {
    const { state } = this;
    if (offset < INTR0) {
      if ((offset & 4) === 0) return;
      const pin = offset >> 3;
      const before = this.functionOf(pin);
      state.ctrl[pin] = value & CTRL_MASK;
      this.updatePin(pin);
      if (this.functionOf(pin) !== before) this.onFunctionChange();
    } else if (offset < PROC0_INTE0) {
      state.edges[(offset - INTR0) >> 2]! &= ~value;
    } else if (offset < END) {
      const { destination, kind, word } = place(offset);
      if (kind === INTE) state.enabled[destination * 4 + word] = value;
      else if (kind === INTF) state.forced[destination * 4 + word] = value;
    }
    this.updateInterrupts();
  }

  reset(): void {
    const { signals } = this.state;
    restoreState(this.state, { ...resetState(), signals });
    for (let pin = 0; pin < PIN_COUNT; pin++) this.updatePin(pin);
    this.state.edges.fill(0);
    this.updateInterrupts();
  }

  registerName(offset: number): string | undefined {
    if (offset < INTR0) return `GPIO${offset >> 3}_${(offset & 4) === 0 ? "STATUS" : "CTRL"}`;
    if (offset < PROC0_INTE0) return `INTR${(offset - INTR0) >> 2}`;
    if (offset >= END) return undefined;
    const { destination, kind, word } = place(offset);
    return `${DESTINATIONS[destination]!}_${KINDS[kind]!}${word}`;
  }

  isEmulated(offset: number): boolean {
    return offset < DORMANT_WAKE_INTE0;
  }

  private status(pin: number): number {
    const { signals, interruptLevels } = this.state;
    const pinFunction = this.functionOf(pin);
    const bit = (bits: number, n: number, at: number) => ((bits >>> n) & 1) << at;
    return (
      bit(signals.outputs[pin]!, pinFunction, 8) |
      (this.outputOf(pin) ? 1 << 9 : 0) |
      bit(signals.outputEnables[pin]!, pinFunction, 12) |
      (this.isDriven(pin) ? 1 << 13 : 0) |
      bit(signals.fromPads, pin, 17) |
      bit(signals.inputs, pin, 19) |
      bit(signals.fromPads, pin, 24) |
      bit(interruptLevels, pin, 26)
    );
  }

  private outputOf(pin: number): boolean {
    const ctrl = this.state.ctrl[pin]!;
    const fromPeripheral = (this.state.signals.outputs[pin]! >>> (ctrl & 0x1f)) & 1;
    return overridden((ctrl >>> 8) & 3, fromPeripheral) !== 0;
  }

  private isDriven(pin: number): boolean {
    const ctrl = this.state.ctrl[pin]!;
    const fromPeripheral = (this.state.signals.outputEnables[pin]! >>> (ctrl & 0x1f)) & 1;
    return overridden((ctrl >>> 12) & 3, fromPeripheral) !== 0;
  }

  private updateOutput(pin: number): void {
    const pad = this.padOf(pin);
    const isDriven = (pad & Pad.OD) === 0 && this.isDriven(pin);
    this.drivers[pin]!.set(isDriven ? (this.outputOf(pin) ? Drive.high : Drive.low) : pull(pad));
  }

  private updateInput(pin: number): void {
    const { signals } = this.state;
    const ctrl = this.state.ctrl[pin]!;
    const fromPad = (this.padOf(pin) & Pad.IE) !== 0 && this.nets[pin]!.isHigh ? 1 : 0;
    signals.fromPads = withBit(signals.fromPads, pin, fromPad);
    this.updateInterruptLevel(pin, overridden((ctrl >>> 28) & 3, fromPad));
    const input = overridden((ctrl >>> 16) & 3, fromPad);
    if (((signals.inputs >>> pin) & 1) === input) return;
    signals.inputs = withBit(signals.inputs, pin, input);
    for (const listener of this.listeners[pin]!) listener(pin, input !== 0);
  }

  private updateInterruptLevel(pin: number, level: number): void {
    const { state } = this;
    if (((state.interruptLevels >>> pin) & 1) === level) return;
    state.interruptLevels = withBit(state.interruptLevels, pin, level);
    const edge = level === 0 ? EDGE_LOW : EDGE_HIGH;
    state.edges[pin >> 3]! |= edge << ((pin & 7) * 4);
    this.updateInterrupts();
  }

  private raw(word: number): number {
    let raw = this.state.edges[word]! & EDGES;
    for (let n = 0; n < 8 && word * 8 + n < PIN_COUNT; n++) {
      const isHigh = ((this.state.interruptLevels >>> (word * 8 + n)) & 1) !== 0;
      raw |= (isHigh ? LEVEL_HIGH : LEVEL_LOW) << (n * 4);
    }
    return raw >>> 0;
  }

  private ints(destination: number, word: number): number {
    const index = destination * 4 + word;
    const enabled = this.state.enabled[index]!;
    const seen = enabled === 0 ? 0 : this.raw(word) & enabled;
    return (seen | this.state.forced[index]!) >>> 0;
  }

  private updateInterrupts(): void {
    let pending = 0;
    for (let word = 0; word < 4; word++) pending |= this.ints(0, word);
    this.interrupts.setLevel(Interrupt.IO_IRQ_BANK0, pending !== 0);
  }
}

/** Where an interrupt register belongs: offsets 0x100 up. */
function place(offset: number): { destination: number; kind: number; word: number } {
  const within = offset - PROC0_INTE0;
  return {
    destination: Math.floor(within / DESTINATION_STRIDE),
    kind: Math.floor((within % DESTINATION_STRIDE) / 0x10),
    word: (within >> 2) & 3,
  };
}

/** An override field applied to a signal: 0 as it is, 1 inverted, 2 low, 3 high. */
function overridden(field: number, signal: number): number {
  if (field === 0) return signal;
  return field === 1 ? signal ^ 1 : field & 1;
}

function withBit(bits: number, bit: number, value: number): number {
  return value === 0 ? bits & ~(1 << bit) : bits | (1 << bit);
}

type PadPull = typeof Drive.floating | typeof Drive.pullUp | typeof Drive.pullDown | typeof Drive.keep;

/** What a pad does to its net while it does not drive; both pulls together keep the last level. */
function pull(pad: number): PadPull {
  const pulls = pad & (Pad.PUE | Pad.PDE);
  if (pulls === 0) return Drive.floating;
  if (pulls === Pad.PUE) return Drive.pullUp;
  return pulls === Pad.PDE ? Drive.pullDown : Drive.keep;
}
