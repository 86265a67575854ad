import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../../base/errors";
import { framePacket, PacketReader } from "../../gdb-protocol/packet";

/** Where a gdb server listens. */
export interface GdbAddress {
  readonly host: string;
  readonly port: number;
  /** Milliseconds after which a server that says nothing is given up; probes answer within a few. */
  readonly patience?: number;
}

const PATIENCE_MS = 5_000;

/** How long a server may need from its first words until it listens, and how often it is asked. */
const STARTING_MS = 1_000;
const TRY_AGAIN_MS = 25;

const INTERRUPT = "\u0003";

/** Requests that are answered with why the program has stopped. */
const RUN = /^(?:\?|[cs]|vCont;)/;
const STOP = /^[STWX][0-9a-f]{2}/i;

/** A request that waits for its reply. */
interface Waiting {
  readonly data: string;
  readonly resolve: (reply: string) => void;
  readonly reject: (error: Error) => void;
  patience: "short" | "forever";
}

/**
 * The line to a gdb server (gdb manual, appendix E): packets there and back over TCP. Replies come in the order of the
 * requests; several may be under way at once as soon as the server has given up acknowledging packets. When the line
 * breaks, all that wait and all that ask later are told so in one sentence.
 */
export class GdbLine {
  private readonly reader = new PacketReader("server");
  /** What has been sent and not answered, in order; behind it what is still to be sent. */
  private readonly waiting: Waiting[] = [];
  private sent = 0;
  private acknowledges = true;
  private lastSent = "";
  private broken: UserError | undefined;
  private hasHeard = false;
  private isLeaving = false;
  /** Runs out when what was asked for first has not been answered for too long; what is behind it cannot be sooner. */
  private patience: NodeJS.Timeout | undefined;
  /** Called once, when the line has broken by itself. */
  onBreak: (why: UserError) => void = () => undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly address: GdbAddress,
  ) {
    socket.setNoDelay(true);
    socket.setEncoding("latin1");
    socket.on("data", (bytes) => this.receive(String(bytes)));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.breakDown(this.hasHeard ? gone(address) : turnedAway(address)));
  }

  /**
   * A server that has just been started says so before it listens, so a refusal is not taken at once for an answer.
   * @throws UserError if nobody listens there
   */
  static async open(address: GdbAddress): Promise<GdbLine> {
    const { patience = PATIENCE_MS } = address;
    const until = performance.now() + Math.min(patience, STARTING_MS);
    for (;;) {
      try {
        return new GdbLine(await connected(address, patience), address);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code !== "ECONNREFUSED" || performance.now() > until) throw unreachable(address, code ?? message);
      }
      await delay(TRY_AGAIN_MS);
    }
  }

  /**
   * Sends a request; resolves with the reply, which is empty where the server does not know the request.
   * @param patience how long the reply may take: `forever` for a request that lets the program run
   * @throws UserError if the line has broken
   */
  request(data: string, patience: "short" | "forever" = "short"): Promise<string> {
    return new Promise((resolve, reject) => {
      const why = this.broken ?? (this.isLeaving ? gone(this.address) : undefined);
      if (why !== undefined) {
        reject(why);
        return;
      }
      this.waiting.push({ data, resolve, reject, patience });
      this.sendMore();
    });
  }

  /** Asks a program that runs to stop; the request that lets it run then gets its reply, and soon. */
  interrupt(): void {
    if (this.broken !== undefined) return;
    this.socket.write(INTERRUPT, "latin1");
    for (const each of this.waiting.slice(0, this.sent)) each.patience = "short";
    this.wait();
  }

  /** From now on packets are not acknowledged (`QStartNoAckMode`), so that several may be under way. */
  stopAcknowledging(): void {
    this.acknowledges = false;
  }

  /** Hangs up when all that was said has been sent, and waits until the other side has noticed. */
  hangUp(): Promise<void> {
    this.onBreak = () => undefined;
    this.isLeaving = true;
    if (this.broken !== undefined || this.socket.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      this.socket.once("close", () => resolve());
      this.socket.setTimeout(this.address.patience ?? PATIENCE_MS, () => this.socket.destroy());
      this.socket.end();
    });
  }

  private receive(bytes: string): void {
    this.hasHeard = true;
    for (const received of this.reader.receive(bytes)) {
      switch (received.kind) {
        case "packet":
          if (this.acknowledges) this.socket.write("+", "latin1");
          this.reply(received.data);
          break;
        case "damaged":
          if (this.acknowledges) this.socket.write("-", "latin1");
          else this.breakDown(damaged(this.address));
          break;
        case "rejected":
          // Without acknowledgements nothing is sent twice: it would be executed twice.
          if (this.acknowledges) this.socket.write(this.lastSent, "latin1");
          break;
        case "acknowledged":
        case "interrupt":
          break;
      }
    }
  }

  private reply(data: string): void {
    // Text for the console, which a server may send while the program runs, answers nothing; "OK" does.
    if (/^O(?!K$)(?:[0-9a-f]{2})*$/i.test(data)) return;
    const [next] = this.waiting;
    // An interrupt that has crossed with another stop is told of, too.
    const isLate = STOP.test(data) && next !== undefined && !RUN.test(next.data);
    if (this.sent === 0 || next === undefined || isLate) return;
    this.waiting.shift();
    this.sent--;
    next.resolve(data);
    this.sendMore();
    this.wait();
  }

  /** With acknowledgements one request is under way at a time: a server may ask for it again. */
  private sendMore(): void {
    const most = this.acknowledges ? 1 : Infinity;
    const isIdle = this.sent === 0;
    while (this.sent < Math.min(this.waiting.length, most)) {
      const next = this.waiting[this.sent++]!;
      this.lastSent = framePacket(next.data);
      this.socket.write(this.lastSent, "latin1");
    }
    if (isIdle) this.wait();
  }

  /** Much that was asked for at once may take long, as long as one answer comes after the other. */
  private wait(): void {
    clearTimeout(this.patience);
    const [first] = this.waiting;
    if (this.sent === 0 || first?.patience !== "short") return;
    const giveUp = () => this.breakDown(this.hasHeard ? silent(this.address) : mute(this.address));
    this.patience = setTimeout(giveUp, this.address.patience ?? PATIENCE_MS);
  }

  private breakDown(why: UserError): void {
    if (this.broken !== undefined) return;
    this.broken = why;
    this.socket.destroy();
    clearTimeout(this.patience);
    for (const { reject } of this.waiting.splice(0)) reject(why);
    this.onBreak(why);
  }
}

/** A socket once it is connected. */
function connected({ host, port }: GdbAddress, patience: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(patience, () => fail(new Error("it does not answer")));
    socket.once("error", fail);
    socket.once("connect", () => {
      socket.setTimeout(0);
      socket.removeAllListeners("error");
      resolve(socket);
    });
  });
}

/** What a user does about a line that has broken. */
const PLUG_IN = "check that the probe is plugged in and its gdb server runs, and start debugging again";

function unreachable({ host, port }: GdbAddress, why: string): UserError {
  return new UserError(
    `No gdb server answers at ${host}:${port} (${why})`,
    'start one (`probe-rs gdb`, OpenOCD, `pollscope gdb-server`), and set "gdb" to where it listens',
  );
}

/** What a user does about a server that does not want to talk: most have one client at a time. */
const END_THE_OTHER =
  "end the other debugger that is connected to it, or check that it is a gdb server, and start debugging again";

function turnedAway({ host, port }: GdbAddress): UserError {
  return new UserError(
    `The gdb server at ${host}:${port} hangs up before it has said anything`,
    END_THE_OTHER,
  );
}

function mute({ host, port }: GdbAddress): UserError {
  return new UserError(`The gdb server at ${host}:${port} lets us connect and says nothing`, END_THE_OTHER);
}

function gone({ host, port }: GdbAddress): UserError {
  return new UserError(`The gdb server at ${host}:${port} has gone`, PLUG_IN);
}

function silent({ host, port }: GdbAddress): UserError {
  return new UserError(`The gdb server at ${host}:${port} does not answer any more`, PLUG_IN);
}

function damaged({ host, port }: GdbAddress): UserError {
  return new UserError(`What the gdb server at ${host}:${port} sends is damaged`, PLUG_IN);
}
