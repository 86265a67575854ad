import type { Nanoseconds } from "../../base/brand";
import { Drive, type NetDriver, type Wire } from "../net";
import type { TimedEvent } from "../scheduler";
import type { Board, Part, PartDisplay } from "./part";
import { readSegments } from "./seven-segment";

// The shortest times of the TM1637's data sheet ("Interface timing"), in nanoseconds.
const CLOCK_PULSE_NS = 400;
const SETUP_NS = 100;
const HOLD_NS = 100;

/** Display memory: six digits, of which the usual modules wire four. */
const MEMORY_SIZE = 6;
const DIGITS = 4;
/** The digit whose bit 7 is the colon on modules with a clock face. */
const COLON_DIGIT = 1;
const DOT = 0x80;

// Commands: the top two bits of the first byte.
const DATA_COMMAND = 0x40;
const DISPLAY_COMMAND = 0x80;
const ADDRESS_COMMAND = 0xc0;
const READ_KEYS = 0x02;
const FIXED_ADDRESS = 0x04;
const DISPLAY_ON = 0x08;

/** Digits written one transaction each are read as one: this long after the last. */
const SETTLE_NS = 2e6;

const ACK_CLOCK = 8;

/**
 * A four-digit display with the TM1637, decoded at bit level from its two wires. A module brings pull-ups.
 *
 * Bits are taken when CLK rises, lowest first; DIO moving while CLK is high is a start (falling) or a stop (rising).
 * After the eighth clock has fallen the chip holds DIO low until the ninth has.
 */
export class Tm1637 implements Part {
  readonly state = {
    isActive: false,
    bit: 0,
    shift: 0,
    /** Bytes of this transaction so far. */
    count: 0,
    command: 0,
    address: 0,
    isFixedAddress: false,
    memory: new Uint8Array(MEMORY_SIZE),
    isOn: false,
    brightness: 0,
    shown: " ".repeat(DIGITS),
    clockChangedAt: -Infinity,
    dataChangedAt: -Infinity,
    clockRoseAt: -Infinity,
  };
  private readonly clk: Wire;
  private readonly dio: Wire;
  private readonly acknowledge: Pick<NetDriver, "set">;
  private readonly settled: Pick<TimedEvent, "schedule">;
  private readonly reported = new Set<string>();

  constructor(
    readonly name: string,
    private readonly board: Board,
    wiring: { readonly clk: number; readonly dio: number },
  ) {
    this.clk = board.net(wiring.clk);
    this.dio = board.net(wiring.dio);
    this.acknowledge = this.dio.addDriver(name);
    for (const net of [this.clk, this.dio]) net.addDriver(`${name} pull-up`).set(Drive.resistorUp);
    this.clk.listen((isHigh) => this.clockChanged(isHigh));
    this.dio.listen((isHigh) => this.dataChanged(isHigh));
    this.settled = board.scheduler.addEvent(`${name} settled`, () => this.show());
  }

  /** What a person reads: four characters, `12:34` with the colon lit; blanks while the display is off. */
  get text(): string {
    return this.state.shown;
  }

  /** 0 (1/16 of the time) to 7 (14/16). */
  get brightness(): number {
    return this.state.brightness;
  }

  /** What the display memory holds now; `text` is what it has come to when a transaction was over. */
  shows(): PartDisplay {
    const { memory, isOn, brightness, shown: text } = this.state;
    return { kind: "tm1637", text, segments: Array.from(memory.subarray(0, DIGITS)), isOn, brightness };
  }

  private clockChanged(isHigh: boolean): void {
    const { state } = this;
    const { now } = this.board.scheduler;
    this.checkTime(now - state.clockChangedAt, CLOCK_PULSE_NS, "a CLK pulse");
    state.clockChangedAt = now;
    if (isHigh) {
      state.clockRoseAt = now;
      this.checkTime(now - state.dataChangedAt, SETUP_NS, "DIO before CLK rises");
      this.takeBit();
    } else {
      this.endClock();
    }
  }

  private dataChanged(isHigh: boolean): void {
    const { state } = this;
    const { now } = this.board.scheduler;
    state.dataChangedAt = now;
    if (!this.clk.isHigh) return;
    this.checkTime(now - state.clockRoseAt, HOLD_NS, "DIO after CLK has risen");
    if (isHigh) this.stop();
    else this.start();
  }

  private start(): void {
    const { state } = this;
    state.isActive = true;
    state.bit = 0;
    state.shift = 0;
    state.count = 0;
  }

  private stop(): void {
    const { state } = this;
    if (!state.isActive) return;
    state.isActive = false;
    const isOneOfSeveral = state.isFixedAddress && (state.command & 0xc0) === ADDRESS_COMMAND;
    if (isOneOfSeveral) this.settled.schedule((this.board.scheduler.now + SETTLE_NS) as Nanoseconds);
    else this.show();
  }

  private takeBit(): void {
    const { state } = this;
    if (!state.isActive) return;
    if (state.bit < ACK_CLOCK && this.dio.isHigh) state.shift |= 1 << state.bit;
    state.bit++;
  }

  private endClock(): void {
    const { state } = this;
    if (!state.isActive) return;
    if (state.bit === ACK_CLOCK) {
      this.takeByte(state.shift);
      this.acknowledge.set(Drive.low);
    } else if (state.bit > ACK_CLOCK) {
      state.bit = 0;
      state.shift = 0;
      this.acknowledge.set(Drive.floating);
    }
  }

  private takeByte(byte: number): void {
    const { state } = this;
    state.count++;
    if (state.count === 1) this.takeCommand(byte);
    else if ((state.command & 0xc0) === ADDRESS_COMMAND) {
      if (state.address < MEMORY_SIZE) state.memory[state.address] = byte;
      if (!state.isFixedAddress) state.address = (state.address + 1) % MEMORY_SIZE;
    }
  }

  private takeCommand(byte: number): void {
    const { state } = this;
    state.command = byte;
    switch (byte & 0xc0) {
      case DATA_COMMAND:
        state.isFixedAddress = (byte & FIXED_ADDRESS) !== 0;
        if ((byte & 0x03) === READ_KEYS) this.report("reads keys, which are not emulated: none is pressed");
        return;
      case ADDRESS_COMMAND:
        state.address = byte & 0x0f;
        if (state.address >= MEMORY_SIZE) this.report(`digit ${state.address} does not exist`);
        return;
      case DISPLAY_COMMAND:
        state.isOn = (byte & DISPLAY_ON) !== 0;
        state.brightness = byte & 7;
        return;
      default:
        this.report(`0x${byte.toString(16)} is no command`);
    }
  }

  private show(): void {
    const text = this.readDigits();
    if (text === this.state.shown) return;
    this.state.shown = text;
    this.board.hooks.onDisplay?.(this.name, text);
  }

  private readDigits(): string {
    const { memory, isOn } = this.state;
    if (!isOn) return " ".repeat(DIGITS);
    const digits = Array.from(memory.subarray(0, DIGITS), (pattern, digit) => {
      const mark = digit === COLON_DIGIT ? ":" : ".";
      return readSegments(pattern) + ((pattern & DOT) === 0 ? "" : mark);
    });
    return digits.join("");
  }

  private checkTime(time: number, least: number, what: string): void {
    if (time < least) this.report(`${what}: ${time} ns, at least ${least} ns are needed`, what);
  }

  /** Each kind of fault once: a driver that is too fast is so at every bit. */
  private report(what: string, kind = what): void {
    if (this.reported.has(kind)) return;
    this.reported.add(kind);
    this.board.hooks.onFault?.(this.name, what);
  }
}
