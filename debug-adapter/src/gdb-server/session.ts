import { address } from "../base/brand";
import { UserError } from "../base/errors";
import { Register, REGISTER_COUNT, type RegisterNumber } from "../target/architecture";
import type { StopReason, Target } from "../target/target";
import { Breakpoints } from "./breakpoints";
import { bytesOf, fromHex, parseHex, textToHex, toHex, wordFromHex, wordToHex } from "../gdb-protocol/hex";
import { type MonitorCommand, runMonitorCommand, targetCommands } from "./monitor";
import { framePacket, PacketReader } from "../gdb-protocol/packet";
import { TARGET_DESCRIPTION } from "./target-description";

export interface GdbSessionOptions {
  readonly target: Target;
  /** Sends bytes to the client, one per character. */
  readonly send: (bytes: string) => void;
  /** Called when the client lets go of the target. */
  readonly onEnd: () => void;
  /** Called with a fault of ours. */
  readonly onFault: (error: unknown) => void;
  /** Commands of `monitor`. Those that go back to a start keep it: who serves several clients makes them once. */
  readonly commands?: readonly MonitorCommand[];
}

/** Bytes in a packet that we take; replies to reads of memory stay below it. */
const PACKET_SIZE = 0x4000;

const OK = "OK";
/** A packet that is not understood is answered with nothing (gdb manual E.1). */
const UNSUPPORTED = "";
const BAD_REQUEST = "E01";
const NOT_READABLE = "E0e";
const REFUSED = "E0d";

/** The one thread: the core. */
const THREAD = "1";

/** One client of gdb's remote serial protocol (gdb manual, appendix E). The machine stands while it thinks. */
export class GdbSession {
  private readonly reader = new PacketReader();
  private readonly breakpoints: Breakpoints;
  private readonly commands: readonly MonitorCommand[];
  private readonly target: Target;
  /** Requests are answered one after the other. */
  private queue: Promise<void> = Promise.resolve();
  private waiting = 0;
  /** Stops the run that is under way or about to begin. */
  private interruption = new AbortController();
  private acknowledges = true;
  private lastSent = "";
  private isEnded = false;
  private lastStop: StopReason;

  constructor(private readonly options: GdbSessionOptions) {
    this.target = options.target;
    this.breakpoints = new Breakpoints(options.target);
    this.commands = options.commands ?? targetCommands(options.target);
    const { state } = options.target;
    this.lastStop = state.kind === "stopped" ? state.reason : { kind: "pause" };
  }

  /** Takes what the client has sent, one byte per character. */
  receive(bytes: string): void {
    for (const received of this.reader.receive(bytes)) {
      switch (received.kind) {
        case "packet":
          if (this.acknowledges) this.options.send("+");
          this.waiting++;
          this.queue = this.queue.then(() => this.answer(received.data)).catch(this.options.onFault);
          break;
        case "interrupt":
          this.interrupt();
          break;
        case "rejected":
          this.options.send(this.lastSent);
          break;
        case "damaged":
          if (this.acknowledges) this.options.send("-");
          break;
        case "acknowledged":
          break;
      }
    }
  }

  /** The client has gone: its breakpoints go with it. Resolves when the machine stands. */
  end(): Promise<void> {
    if (!this.isEnded) {
      this.isEnded = true;
      this.interrupt();
      this.breakpoints.clear();
      this.options.onEnd();
    }
    return this.queue;
  }

  /** The request that resumes the target may still wait for its turn when gdb interrupts it. */
  private interrupt(): void {
    if (this.waiting > 0) this.interruption.abort();
    this.target.interrupt();
  }

  private async answer(request: string): Promise<void> {
    let reply: string | undefined;
    try {
      if (this.isEnded) return;
      reply = await this.handle(request);
    } catch (error) {
      // The target's reasons are sentences for people; gdb takes only a number.
      if (!(error instanceof UserError)) throw error;
      reply = REFUSED;
    } finally {
      this.waiting--;
    }
    if (reply !== undefined) this.reply(reply);
    if (request === "QStartNoAckMode") this.acknowledges = false;
    if (request.startsWith("D") || request === "k" || request.startsWith("vKill")) void this.end();
  }

  private reply(data: string): void {
    if (this.isEnded) return;
    this.lastSent = framePacket(data);
    this.options.send(this.lastSent);
  }

  /** Shows text in gdb's console, which takes it only while it waits for the program to stop. */
  private print(text: string): void {
    this.reply(`O${textToHex(text)}`);
  }

  /** The answer to a request; undefined if there is none. */
  private async handle(request: string): Promise<string | undefined> {
    const rest = request.slice(1);
    switch (request[0]) {
      case "?":
        return stopReply(this.lastStop);
      case "g":
        return Array.from(await this.target.readRegisters(), wordToHex).join("");
      case "G":
        return this.writeRegisters(rest);
      case "p":
        return this.readRegister(rest);
      case "P":
        return this.writeRegister(rest);
      case "m":
        return this.readMemory(rest);
      case "M":
      case "X":
        return this.writeMemory(rest, request[0]);
      case "Z":
      case "z":
        return this.setBreakpoint(rest, request.startsWith("Z"));
      case "c":
      case "s":
        return this.resume(request.startsWith("s") ? "step" : "continue", rest);
      case "v":
        return this.handleVerbose(rest);
      case "q":
      case "Q":
        return this.handleQuery(request);
      case "H":
      case "T":
      case "D":
        return OK;
      case "k":
        return undefined;
      default:
        return UNSUPPORTED;
    }
  }

  private handleVerbose(rest: string): Promise<string> | string {
    if (rest === "Cont?") return "vCont;c;C;s;S";
    if (rest.startsWith("Kill")) return OK;
    if (!rest.startsWith("Cont;")) return UNSUPPORTED;
    // Of several actions the first that is for the thread counts, and there is only one thread.
    const action = rest.slice("Cont;".length)[0];
    switch (action) {
      case "c":
      case "C":
        return this.resume("continue", "");
      case "s":
      case "S":
        return this.resume("step", "");
      default:
        return BAD_REQUEST;
    }
  }

  private handleQuery(request: string): Promise<string> | string {
    const name = /^\w+/.exec(request)![0];
    switch (name) {
      case "qSupported":
        return [
          `PacketSize=${PACKET_SIZE.toString(16)}`,
          "QStartNoAckMode+",
          "qXfer:features:read+",
          "vContSupported+",
          "swbreak+",
          "hwbreak+",
        ].join(";");
      case "QStartNoAckMode":
        return OK;
      case "qXfer":
        return describeTarget(request);
      case "qRcmd":
        return this.runMonitorCommand(request.slice("qRcmd,".length));
      case "qAttached":
        return "1";
      case "qC":
        return `QC${THREAD}`;
      case "qfThreadInfo":
        return `m${THREAD}`;
      case "qsThreadInfo":
        return "l";
      case "qThreadExtraInfo":
        return textToHex("core 0");
      case "qSymbol":
        return OK;
      default:
        return UNSUPPORTED;
    }
  }

  private async runMonitorCommand(line: string): Promise<string> {
    const bytes = fromHex(line);
    if (bytes === undefined) return BAD_REQUEST;
    const output = await runMonitorCommand(new TextDecoder().decode(bytes), this.commands);
    return output === "" ? OK : textToHex(output);
  }

  private async resume(how: "step" | "continue", from: string): Promise<string> {
    if (from !== "") {
      const start = parseHex(from);
      if (start === undefined) return BAD_REQUEST;
      await this.target.writeRegister(Register.pc, start);
    }
    const { signal } = this.interruption;
    this.lastStop = await (how === "step" ? this.target.step() : this.target.resume({ signal }));
    this.interruption = new AbortController();
    const note = noteOn(this.lastStop);
    if (note !== undefined) this.print(note);
    return stopReply(this.lastStop);
  }

  private async readRegister(text: string): Promise<string> {
    const register = parseHex(text);
    const value = register === undefined ? undefined : (await this.target.readRegisters())[register];
    return value === undefined ? BAD_REQUEST : wordToHex(value);
  }

  private async writeRegister(text: string): Promise<string> {
    const [number, digits] = text.split("=");
    const register = parseHex(number ?? "");
    const value = wordFromHex(digits ?? "");
    if (register === undefined || register >= REGISTER_COUNT || value === undefined) return BAD_REQUEST;
    await this.target.writeRegister(register as RegisterNumber, value);
    return OK;
  }

  private async writeRegisters(text: string): Promise<string> {
    const bytes = fromHex(text);
    if (bytes?.length !== 4 * REGISTER_COUNT) return BAD_REQUEST;
    const values = await this.target.readRegisters();
    for (const [register, old] of values.entries()) {
      const value = wordFromHex(text.slice(8 * register, 8 * register + 8))!;
      // Those that cannot be written come back as they were.
      if (value !== old) await this.target.writeRegister(register as RegisterNumber, value);
    }
    return OK;
  }

  private async readMemory(text: string): Promise<string> {
    const [start, length] = text.split(",").map(parseHex);
    if (start === undefined || length === undefined) return BAD_REQUEST;
    const wanted = Math.min(length, PACKET_SIZE / 2);
    const bytes = await this.target.readMemory(address(start), wanted);
    return bytes.length === 0 && wanted > 0 ? NOT_READABLE : toHex(bytes);
  }

  private async writeMemory(text: string, form: "M" | "X"): Promise<string> {
    const colon = text.indexOf(":");
    const [start, length] = text.slice(0, Math.max(colon, 0)).split(",").map(parseHex);
    const data = text.slice(colon + 1);
    const bytes = form === "X" ? bytesOf(data) : fromHex(data);
    if (start === undefined || bytes === undefined || bytes.length !== length) return BAD_REQUEST;
    if (length > 0) await this.target.writeMemory(address(start), bytes);
    return OK;
  }

  private setBreakpoint(text: string, isAdded: boolean): string {
    const [kind, place] = text.split(",");
    const at = parseHex(place ?? "");
    // 0 in software, 1 in hardware; 2 to 4 are watchpoints.
    if (kind !== "0" && kind !== "1") return UNSUPPORTED;
    if (at === undefined) return BAD_REQUEST;
    if (isAdded) this.breakpoints.add(kind, at);
    else this.breakpoints.remove(kind, at);
    return OK;
  }
}

/** Part of the target description: `qXfer:features:read:target.xml:offset,length`. */
function describeTarget(request: string): string {
  const match = /^qXfer:features:read:target\.xml:([0-9a-f]+),([0-9a-f]+)$/i.exec(request);
  if (match === null) return UNSUPPORTED;
  const offset = parseInt(match[1]!, 16);
  const part = TARGET_DESCRIPTION.slice(offset, offset + parseInt(match[2]!, 16));
  return offset + part.length < TARGET_DESCRIPTION.length ? `m${part}` : `l${part}`;
}

const SIGINT = 2;
const SIGTRAP = 5;
const SIGSEGV = 11;

function stopReply(reason: StopReason): string {
  const signal = signalOf(reason).toString(16).padStart(2, "0");
  const why = reason.kind === "breakpoint" ? "swbreak:;" : "";
  return `T${signal}${why}thread:${THREAD};`;
}

function signalOf({ kind }: StopReason): number {
  switch (kind) {
    case "pause":
      return SIGINT;
    case "lockup":
      return SIGSEGV;
    default:
      return SIGTRAP;
  }
}

/** What gdb has no signal for. */
function noteOn({ kind }: StopReason): string | undefined {
  switch (kind) {
    case "lockup":
      return "The core has locked up: a fault happened inside the HardFault handler.\n";
    case "stuck":
      return "The core sleeps, and nothing is to come that could wake it.\n";
    default:
      return undefined;
  }
}
