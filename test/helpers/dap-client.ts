import { PassThrough } from "node:stream";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { PollscopeSession } from "#adapter/session/debug-session";
import type { SessionWorld } from "#adapter/session/session-world";
import { steadyClock } from "./steady-clock";

/** A DAP client joined to a session of this process by streams in memory. */
export class DapClient {
  private readonly toAdapter = new PassThrough();
  private readonly received: DebugProtocol.ProtocolMessage[] = [];
  private readonly waiting: (() => void)[] = [];
  private pending = Buffer.alloc(0);
  private sequence = 0;

  constructor(other: Partial<SessionWorld> = {}) {
    const fromAdapter = new PassThrough();
    fromAdapter.on("data", (bytes: Buffer) => this.receive(bytes));
    // What is installed on this machine must not show in what a test sees.
    const world = { packageFolder: process.cwd(), environment: {}, clock: steadyClock(), ...other };
    const session = new PollscopeSession(world);
    // As a server the session does not end the process when it is disconnected.
    session.setRunAsServer(true);
    session.start(this.toAdapter, fromAdapter);
  }

  /** The number of the request that was sent last. */
  get lastSequence(): number {
    return this.sequence;
  }

  /** Sends a request and resolves with its response, be it success or failure. */
  async request(command: string, args: unknown = {}): Promise<DebugProtocol.Response> {
    const seq = ++this.sequence;
    const body = JSON.stringify({ seq, type: "request", command, arguments: args });
    this.toAdapter.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    return (await this.take(
      (message) => message.type === "response" && (message as DebugProtocol.Response).request_seq === seq,
    )) as DebugProtocol.Response;
  }

  /** Resolves with the next event of one of some names, one that has come already included. */
  async event(...names: readonly string[]): Promise<DebugProtocol.Event> {
    return (await this.take(
      (message) => message.type === "event" && names.includes((message as DebugProtocol.Event).event),
    )) as DebugProtocol.Event;
  }

  /** The events that have come since they were last taken, in their order. */
  takeEvents(): DebugProtocol.Event[] {
    const events = this.received.filter((message) => message.type === "event");
    for (const event of events) this.received.splice(this.received.indexOf(event), 1);
    return events as DebugProtocol.Event[];
  }

  /** Sends what may be no proper message. */
  sendRaw(text: string): void {
    this.toAdapter.write(text);
  }

  /** Goes without a word, as an editor that has crashed. */
  hangUp(): void {
    this.toAdapter.destroy();
  }

  private async take(
    isWanted: (message: DebugProtocol.ProtocolMessage) => boolean,
  ): Promise<DebugProtocol.ProtocolMessage> {
    for (;;) {
      const index = this.received.findIndex(isWanted);
      if (index >= 0) return this.received.splice(index, 1)[0]!;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** Splits the stream at its `Content-Length` headers (DAP, base protocol). */
  private receive(bytes: Buffer): void {
    this.pending = Buffer.concat([this.pending, bytes]);
    for (;;) {
      const headerEnd = this.pending.indexOf("\r\n\r\n");
      const length = Number(/Content-Length: (\d+)/.exec(this.pending.toString("latin1", 0, headerEnd))?.[1]);
      if (headerEnd < 0 || this.pending.length < headerEnd + 4 + length) break;
      const body = this.pending.subarray(headerEnd + 4, headerEnd + 4 + length).toString("utf8");
      this.received.push(JSON.parse(body) as DebugProtocol.ProtocolMessage);
      this.pending = this.pending.subarray(headerEnd + 4 + length);
    }
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
