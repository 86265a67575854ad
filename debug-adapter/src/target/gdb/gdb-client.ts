import { UserError } from "../../base/errors";
import { fromHex, parseHex, textToHex, toHex, wordFromHex, wordToHex } from "../../gdb-protocol/hex";
import { Register, REGISTER_COUNT, REGISTER_NAMES, type RegisterNumber } from "../architecture";
import { type GdbAddress, GdbLine } from "./gdb-line";
import { type RegisterNumbers, registerNumbers } from "./register-numbers";

/** Bytes of a packet where the server does not say: what old ones take. */
const SMALLEST_PACKET = 400;

/** What a server says of a program that has stopped (gdb manual E.3). */
export interface GdbStop {
  /** As on Unix: 2 interrupted, 5 trapped, 11 faulted. */
  readonly signal: number;
}

/** Asks a gdb server for what a debugger of one core needs; knows its packets, and nothing of what they are for. */
export class GdbClient {
  private packetSize = SMALLEST_PACKET;
  private registers: RegisterNumbers = registerNumbers("");
  /** The first thread, which is core 0. */
  private thread = "1";
  private hasContinueActions = false;
  /** The packet that sets breakpoints: in hardware where the server can. */
  private breakpointKind: "0" | "1" = "1";

  private constructor(private readonly line: GdbLine) {}

  /**
   * Connects, which halts the program.
   * @throws UserError if nobody answers, or what answers is no core that we know
   */
  static async connect(address: GdbAddress): Promise<GdbClient> {
    const line = await GdbLine.open(address);
    const client = new GdbClient(line);
    try {
      await client.begin();
    } catch (error) {
      await line.hangUp();
      throw error;
    }
    return client;
  }

  /** Calls a listener once, when the line breaks by itself. */
  onBreak(listener: (why: UserError) => void): void {
    this.line.onBreak = listener;
  }

  /**
   * Registers in the order of `REGISTER_NAMES`; those that the server does not have are 0, SP stands for MSP.
   * @throws UserError if it does not tell where the core stands
   */
  async readRegisters(): Promise<Uint32Array> {
    const bytes = await this.ask("g");
    const { numbers, offsets } = this.registers;
    const values = await Promise.all(
      REGISTER_NAMES.map(async (_, i) => {
        const offset = offsets[i];
        const number = numbers[i];
        if (offset === undefined || number === undefined) return undefined;
        // The reply to `g` need not have all of them.
        const text = bytes.slice(2 * offset, 2 * offset + 8);
        return wordFromHex(text.length === 8 ? text : await this.line.request(`p${number.toString(16)}`));
      }),
    );
    if (values[Register.pc] === undefined || values[Register.sp] === undefined) throw unanswered("g", bytes);
    const found = Uint32Array.from({ length: REGISTER_COUNT }, (_, i) => values[i] ?? 0);
    found[Register.msp] = values[Register.msp] ?? found[Register.sp]!;
    return found;
  }

  /** @throws UserError if the server refuses */
  async writeRegister(register: RegisterNumber, value: number): Promise<void> {
    const name = REGISTER_NAMES[register] ?? String(register);
    const number = this.registers.numbers[register];
    const isDone =
      number !== undefined &&
      (await this.line.request(`P${number.toString(16)}=${wordToHex(value)}`)) === "OK";
    if (!isDone) {
      throw new UserError(
        `The gdb server does not set register ${name}`,
        "set another, or set it in the program",
      );
    }
  }

  /** The bytes from an address on, up to the first that cannot be read. */
  async readMemory(at: number, length: number): Promise<Uint8Array> {
    const most = Math.floor(this.packetSize / 2) - 2;
    const starts: number[] = [];
    for (let done = 0; done < length; done += most) starts.push(done);
    // All are asked for at once: a probe's server looks for requests only every few milliseconds.
    const parts = await Promise.all(
      starts.map((start) => this.readPart(at + start, Math.min(most, length - start))),
    );
    const bytes = new Uint8Array(length);
    for (const [i, part] of parts.entries()) {
      bytes.set(part, starts[i]);
      if (part.length < Math.min(most, length - starts[i]!)) return bytes.slice(0, starts[i]! + part.length);
    }
    return bytes;
  }

  /** Whether the server has written all of it. */
  async writeMemory(at: number, bytes: Uint8Array): Promise<boolean> {
    const most = Math.floor((this.packetSize - 32) / 2);
    for (let done = 0; done < bytes.length; done += most) {
      const part = bytes.subarray(done, done + most);
      const reply = await this.line.request(`M${hex(at + done)},${hex(part.length)}:${toHex(part)}`);
      if (reply !== "OK") return false;
    }
    return true;
  }

  /** Whether the server has set it; it may have no comparator left. */
  async addBreakpoint(at: number): Promise<boolean> {
    const reply = await this.line.request(`Z${this.breakpointKind},${hex(at)},2`);
    if (reply !== "" || this.breakpointKind === "0") return reply === "OK";
    this.breakpointKind = "0";
    return this.addBreakpoint(at);
  }

  async removeBreakpoint(at: number): Promise<void> {
    await this.line.request(`z${this.breakpointKind},${hex(at)},2`);
  }

  /** Lets all cores run until something stops them. */
  async continue(): Promise<GdbStop> {
    return stopOf(await this.line.request(this.hasContinueActions ? "vCont;c" : "c", "forever"));
  }

  /** Executes one instruction of core 0. */
  async step(): Promise<GdbStop> {
    return stopOf(await this.line.request(this.hasContinueActions ? `vCont;s:${this.thread}` : "s"));
  }

  /** Asks a program that runs to stop. */
  interrupt(): void {
    this.line.interrupt();
  }

  /** Runs a command of the server's own, what it prints is not for us; whether it has. */
  async monitor(command: string): Promise<boolean> {
    const reply = await this.line.request(`qRcmd,${textToHex(command)}`);
    return reply === "OK" || fromHex(reply || "?") !== undefined;
  }

  /** Lets the program run on without us. Detaching would not do: probe-rs leaves a core halted then. */
  async letRun(): Promise<void> {
    void this.continue().catch(() => undefined);
    await this.line.hangUp();
  }

  private async begin(): Promise<void> {
    const features = await this.line.request(
      "qSupported:swbreak+;hwbreak+;vContSupported+;xmlRegisters=arm;qXfer:features:read+",
    );
    const size = /(?:^|;)PacketSize=([0-9a-f]+)/i.exec(features)?.[1];
    this.packetSize = Math.min(Math.max(parseHex(size ?? "") ?? 0, SMALLEST_PACKET), 1 << 16);
    if ((await this.line.request("QStartNoAckMode")) === "OK") this.line.stopAcknowledging();
    await this.line.request("?");
    const threads = await this.line.request("qfThreadInfo");
    this.thread = /^m(p?[0-9a-f.]+)/i.exec(threads)?.[1] ?? "1";
    await this.line.request(`Hg${this.thread}`);
    const actions = await this.line.request("vCont?");
    this.hasContinueActions = /^vCont(?=.*;c)(?=.*;s)/.test(actions);
    this.registers = registerNumbers(await this.description("target.xml"));
    if (this.registers.numbers[Register.pc] !== undefined) return;
    throw new UserError(
      "The gdb server does not say which registers its core has",
      "use a server that describes them: probe-rs, OpenOCD, QEMU or `pollscope gdb-server`",
    );
  }

  /** A target description, with those that it includes in their places. */
  private async description(name: string, depth = 0): Promise<string> {
    let text = "";
    for (;;) {
      const most = this.packetSize - 8;
      const part = await this.line.request(`qXfer:features:read:${name}:${hex(text.length)},${hex(most)}`);
      if (!/^[ml]/.test(part)) break;
      text += part.slice(1);
      if (text.length > LONGEST_DESCRIPTION) break;
      if (part.startsWith("l") || part.length === 1) break;
    }
    const includes = [...text.matchAll(/<xi:include\s+href=["']([^"']+)["'][^>]*>/g)];
    for (const [whole, href = ""] of includes) {
      if (depth < DEEPEST_INCLUDE) text = text.replace(whole, await this.description(href, depth + 1));
    }
    return text;
  }

  /** Some servers read all of a part or nothing: where one ends is found by halves. */
  private async readPart(at: number, length: number): Promise<Uint8Array> {
    const bytes = fromHex(await this.line.request(`m${hex(at)},${hex(length)}`));
    if (bytes !== undefined && bytes.length > 0) return bytes.subarray(0, length);
    if (length <= 1) return new Uint8Array(0);
    const half = length >>> 1;
    const first = await this.readPart(at, half);
    if (first.length < half) return first;
    const rest = await this.readPart(at + half, length - half);
    return Uint8Array.from([...first, ...rest]);
  }

  private async ask(request: string): Promise<string> {
    const reply = await this.line.request(request);
    if (reply !== "" && !/^E[0-9a-f]{2}$/i.test(reply)) return reply;
    throw unanswered(request, reply);
  }
}

function unanswered(request: string, reply: string): UserError {
  const said = reply === "" ? "it does not know it" : reply.slice(0, LONGEST_QUOTED);
  return new UserError(
    `The gdb server does not answer ${JSON.stringify(request)} (${said})`,
    "check that the probe and the board are connected and have power",
  );
}

/** What is longer tells a person nothing. */
const LONGEST_QUOTED = 40;

/** Those of real servers have a few thousand characters; one without an end would be read for ever. */
const LONGEST_DESCRIPTION = 1 << 20;

/** Descriptions include each other one level deep; more would be a circle. */
const DEEPEST_INCLUDE = 4;

function hex(value: number): string {
  return (value >>> 0).toString(16);
}

/** `T05...`, `S05`; a program that has ended is one that a probe has lost. */
function stopOf(reply: string): GdbStop {
  const signal = /^[TS]([0-9a-f]{2})/i.exec(reply)?.[1];
  if (signal !== undefined) return { signal: parseInt(signal, 16) };
  throw new UserError(
    `The gdb server cannot let the program run (${reply === "" ? "it does not know how" : reply})`,
    "check that the probe and the board are connected and have power, and start debugging again",
  );
}
