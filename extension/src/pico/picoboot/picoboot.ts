import type { Computer } from "../computer/computer";
import { within } from "../computer/within";
import { type UsbConnection, type UsbDirection, UsbFault } from "../usb/usb-transport";
import {
  encodeCommand,
  exclusiveAccess,
  exitXip,
  flashErase,
  HAS_PARTITION_TABLE,
  isAnswered,
  partitionTableInfo,
  type PicobootCommand,
  read,
  reboot,
  type Reboot,
  reboot2,
  type Reboot2,
  write,
} from "./commands";
import { decodeStatus, STATUS_SIZE, statusWords } from "./status";

/** Control requests to the interface (RP2040 datasheet 2.8.5.5, RP2350 datasheet 5.6.5). */
const INTERFACE_RESET = 0x41;
const COMMAND_STATUS = 0x42;

/** Milliseconds for a packet that the boot ROM only has to take. */
const SHORT_TIME = 3000;
/** Milliseconds for data, and until a command is done: the slowest sectors take 400 ms to erase, and 8 are erased at once. */
const LONG_TIME = 10_000;
/** Milliseconds that the library may take beyond the time it was given, before it is not waited for any more. */
const GRACE = 2000;

/** The ACK has no content; there is room for a full packet, as systems want it. */
const PACKET_SIZE = 64;

/** A boot ROM has refused a command. */
export class RomRefusal extends Error {
  override readonly name = "RomRefusal";

  constructor(
    readonly command: PicobootCommand["name"],
    /** As the status names it; undefined if it names no reason for this command. */
    readonly code: number | undefined,
  ) {
    super(`${command}: ${statusWords(code ?? 0)}`);
  }
}

/** Numbers of the interface and of its two endpoints. */
export interface PicobootInterface {
  readonly number: number;
  readonly send: number;
  readonly receive: number;
}

/** The interface among those of a device: class FF, no subclass, no protocol, two bulk endpoints. */
export function picobootInterface({ interfaces }: UsbConnection): PicobootInterface | undefined {
  for (const { number, class: kind, subclass, protocol, endpoints } of interfaces) {
    if (kind !== 0xff || subclass !== 0 || protocol !== 0) continue;
    const bulk = endpoints.filter(({ isBulk }) => isBulk);
    const send = bulk.find(({ direction }) => direction === "out");
    const receive = bulk.find(({ direction }) => direction === "in");
    if (send !== undefined && receive !== undefined)
      return { number, send: send.number, receive: receive.number };
  }
  return undefined;
}

/**
 * A boot ROM that takes commands, one after the other. Each step rejects with a `UsbFault`, with a `RomRefusal`, or with
 * `TookTooLong` if not even the library answers; after that only `recover` and `close` are of use.
 */
export class Picoboot {
  private token = 0;
  private hasRestart = false;

  constructor(
    private readonly computer: Computer,
    private readonly connection: UsbConnection,
    private readonly usb: PicobootInterface,
  ) {}

  /** Makes the interface forget what another program has left of a command, and the lock of the drive. */
  reset(): Promise<void> {
    const request = { ...this.toInterface, request: INTERFACE_RESET } as const;
    return this.timed(SHORT_TIME, (timeout) => this.connection.control(request, timeout));
  }

  /** Locks the drive out, and readies the flash. */
  async takeFlash(): Promise<void> {
    await this.command(exclusiveAccess);
    await this.command(exitXip);
  }

  /** Erases sectors of 4096 bytes. An RP2040 says that it has even if it could not: only reading back tells. */
  async erase(address: number, size: number): Promise<void> {
    await this.command(flashErase(address, size));
  }

  async write(address: number, bytes: Uint8Array): Promise<void> {
    await this.command(write(address, bytes.length), bytes);
  }

  read(address: number, size: number): Promise<Uint8Array> {
    return this.command(read(address, size));
  }

  /** Whether an RP2350 has a partition table, which says what may be written where. */
  async hasPartitionTable(): Promise<boolean> {
    const answer = await this.command(partitionTableInfo);
    const summary = new DataView(answer.buffer, answer.byteOffset).getUint32(8, true);
    return (summary & HAS_PARTITION_TABLE) !== 0;
  }

  /** Restarts an RP2040. */
  reboot(way: Reboot): Promise<void> {
    return this.restart(reboot(way));
  }

  /** Restarts an RP2350. */
  reboot2(way: Reboot2): Promise<void> {
    return this.restart(reboot2(way));
  }

  /**
   * Makes the board ready for the next one who flashes it, whatever has happened: the endpoints go on, a command that is
   * under way ends, the drive may be written again. Tries, and does not fail.
   */
  async recover(): Promise<void> {
    if (this.hasRestart) return;
    const { send, receive } = this.usb;
    const clear = (direction: UsbDirection, endpoint: number) =>
      this.timed(SHORT_TIME, () => this.connection.clearHalt(direction, endpoint));
    // If it is gone, or does not listen, what failed before has told so.
    await clear("in", receive).catch(() => undefined);
    await clear("out", send).catch(() => undefined);
    await this.reset().catch(() => undefined);
  }

  /** Lets the drive be written again, unless the board restarts anyway. */
  async release(): Promise<void> {
    if (!this.hasRestart) await this.reset();
  }

  /** Whether it has taken the command to restart. */
  get isRestarting(): boolean {
    return this.hasRestart;
  }

  private async restart(command: PicobootCommand): Promise<void> {
    await this.command(command);
    this.hasRestart = true;
  }

  private get toInterface() {
    return { type: "vendor", value: 0, interface: this.usb.number } as const;
  }

  /** @returns what the board has sent: nothing, for commands that are not answered */
  private async command(command: PicobootCommand, data?: Uint8Array): Promise<Uint8Array> {
    this.token++;
    try {
      return await this.transfers(command, data);
    } catch (error) {
      if (!(error instanceof UsbFault) || error.kind !== "stalled") throw error;
      throw new RomRefusal(command.name, await this.reasonOfStall());
    }
  }

  /** The command, its data, and an empty packet against the direction of the data: the ACK. */
  private async transfers(command: PicobootCommand, data: Uint8Array | undefined): Promise<Uint8Array> {
    await this.send(encodeCommand(command, this.token), SHORT_TIME);
    if (isAnswered(command.name)) {
      const answer = await this.receive(command.transferLength, LONG_TIME);
      await this.send(new Uint8Array(), SHORT_TIME);
      if (answer.length === command.transferLength) return answer;
      throw new UsbFault("other", `${answer.length} of ${command.transferLength} bytes came`);
    }
    if (data !== undefined) await this.send(data, LONG_TIME);
    const ack = await this.receive(PACKET_SIZE, LONG_TIME);
    if (ack.length > 0) throw new UsbFault("other", `${ack.length} bytes came instead of none`);
    return ack;
  }

  private async reasonOfStall(): Promise<number | undefined> {
    const request = { ...this.toInterface, request: COMMAND_STATUS } as const;
    const answer = await this.timed(SHORT_TIME, (timeout) =>
      this.connection.ask(request, STATUS_SIZE, timeout),
    );
    const status = decodeStatus(answer);
    return status?.token === this.token && status.code !== 0 ? status.code : undefined;
  }

  private send(bytes: Uint8Array, time: number): Promise<void> {
    return this.timed(time, (timeout) => this.connection.send(this.usb.send, bytes, timeout));
  }

  private receive(length: number, time: number): Promise<Uint8Array> {
    return this.timed(time, (timeout) => this.connection.receive(this.usb.receive, length, timeout));
  }

  private timed<T>(time: number, step: (timeout: number) => Promise<T>): Promise<T> {
    return within(time + GRACE, this.computer, step(time));
  }
}
