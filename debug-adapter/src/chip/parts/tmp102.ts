import { Drive } from "../net";
import { I2cTarget, type I2cDevice } from "./i2c-target";
import type { Board, Part, PartDisplay } from "./part";

const TEMPERATURE = 0;
const CONFIGURATION = 1;
/** Power-on values of the TMP102's data sheet: 12 bits, comparator mode, 4 Hz; alert between 75 and 80 degrees. */
const CONFIGURATION_RESET = 0x60a0;
const T_LOW_RESET = 0x4b00;
const T_HIGH_RESET = 0x5000;
const EXTENDED_MODE = 1 << 4;

const DEGREES_PER_STEP = 0.0625;
const ROOM_TEMPERATURE = 21.5;

/**
 * A TMP102 temperature sensor on I2C, which reads like an LM75 that is more exact. Conversions are instantaneous; the
 * alert output is not wired. A breakout board brings pull-ups.
 */
export class Tmp102 implements Part, I2cDevice {
  readonly state: {
    celsius: number;
    pointer: number;
    /** Configuration, T_LOW and T_HIGH. */
    registers: Uint16Array;
    /** Bytes of this transfer so far. */
    count: number;
    bus: I2cTarget["state"];
  };
  readonly address: number;

  constructor(
    readonly name: string,
    board: Board,
    wiring: { readonly sda: number; readonly scl: number; readonly address: number },
  ) {
    this.address = wiring.address;
    const [sda, scl] = [board.net(wiring.sda), board.net(wiring.scl)];
    for (const net of [sda, scl]) net.addDriver(`${name} pull-up`).set(Drive.resistorUp);
    const target = new I2cTarget(name, sda, scl, this);
    this.state = {
      celsius: ROOM_TEMPERATURE,
      pointer: TEMPERATURE,
      registers: Uint16Array.of(0, CONFIGURATION_RESET, T_LOW_RESET, T_HIGH_RESET),
      count: 0,
      bus: target.state,
    };
  }

  get celsius(): number {
    return this.state.celsius;
  }

  setTemperature(celsius: number): void {
    this.state.celsius = celsius;
  }

  shows(): PartDisplay {
    return { kind: "tmp102", celsius: this.state.celsius };
  }

  begin(): void {
    this.state.count = 0;
  }

  /** The first byte chooses the register, two more write it, high byte first. */
  write(byte: number): boolean {
    const { state } = this;
    if (state.count === 0) state.pointer = byte & 3;
    else if (state.pointer !== TEMPERATURE && state.count <= 2) {
      const old = state.registers[state.pointer]!;
      state.registers[state.pointer] = state.count === 1 ? (byte << 8) | (old & 0xff) : (old & 0xff00) | byte;
    }
    state.count++;
    return true;
  }

  read(): number {
    const { state } = this;
    const word = state.pointer === TEMPERATURE ? this.temperatureWord() : state.registers[state.pointer]!;
    return state.count++ % 2 === 0 ? word >>> 8 : word & 0xff;
  }

  /** Twelve bits at the top of the word, or thirteen and a 1 at the bottom in extended mode. */
  private temperatureWord(): number {
    const isExtended = (this.state.registers[CONFIGURATION]! & EXTENDED_MODE) !== 0;
    const limit = isExtended ? 2 ** 12 : 2 ** 11;
    const steps = Math.round(this.state.celsius / DEGREES_PER_STEP);
    const clamped = Math.min(limit - 1, Math.max(-limit, steps));
    return isExtended ? ((clamped << 3) | 1) & 0xffff : (clamped << 4) & 0xffff;
  }
}
