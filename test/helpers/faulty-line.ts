import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { framePacket } from "#adapter/gdb-protocol/packet";

/** What can go wrong on the line to a gdb server. */
export type LineFault =
  | "closes"
  | "goes silent"
  | "damages a packet"
  | "sends noise beside a packet"
  | "answers E01 once"
  | "answers E01 from then on"
  | "answers anything once"
  | "is late"
  | "tells of each stop twice";

/** A line between a debugger and a gdb server that fails as it is told. */
export interface FaultyLine {
  /** Where a debugger connects: `127.0.0.1:40123`. */
  readonly gdb: string;
  /** How many packets the server has sent. */
  readonly packets: number;
  /** Lets the line fail with the next packet of the server; one that closes or goes silent does so at once. */
  fail(fault: LineFault): void;
  /** Lets nobody connect any more; who is connected stays so. */
  refuseOthers(): void;
  close(): Promise<void>;
}

/** How many turns of the event loop a packet that is late is held back. */
const LATE_TURNS = 200;

/**
 * Puts a line before a gdb server that listens on this machine.
 * @param plan what goes wrong, and with which packet that the server sends, counted from 1
 */
export async function startFaultyLine(
  server: number,
  plan?: { readonly fault: LineFault; readonly at: number },
): Promise<FaultyLine> {
  const sockets = new Set<Socket>();
  let packets = 0;
  let fault: LineFault | undefined;
  let isSilent = false;
  const begin = (what: LineFault) => {
    fault = what;
    if (what === "goes silent") isSilent = true;
    if (what === "closes") for (const socket of sockets) socket.destroy();
  };
  /** What the debugger gets in place of a packet. */
  const passed = async (packet: string): Promise<string> => {
    packets++;
    if (plan?.at === packets) begin(plan.fault);
    const current = fault;
    if (current?.endsWith("from then on") !== true && current !== "tells of each stop twice")
      fault = undefined;
    switch (current) {
      case "damages a packet":
        return `${packet.slice(0, -2)}${packet.endsWith("00") ? "01" : "00"}`;
      case "sends noise beside a packet":
        return `\u0000}noise*${packet}more noise#`;
      case "answers E01 once":
      case "answers E01 from then on":
        return framePacket("E01");
      case "answers anything once":
        return framePacket("how are you?");
      case "is late":
        for (let turn = 0; turn < LATE_TURNS; turn++) await nextTurn();
        return packet;
      case "tells of each stop twice":
        return /^\$[ST]/.test(packet) ? packet + packet : packet;
      default:
        return packet;
    }
  };
  const listener = createServer({ allowHalfOpen: true }, (client) => {
    const board = connect({ port: server, host: "127.0.0.1", allowHalfOpen: true });
    let pending = "";
    let order = Promise.resolve();
    for (const socket of [client, board]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.setEncoding("latin1");
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        // One that has broken takes the other with it; one that has ended has told it.
        if (!socket.readableEnded) (socket === client ? board : client).destroy();
      });
    }
    client.on("data", (bytes) => {
      if (!isSilent) board.write(String(bytes), "latin1");
    });
    client.on("end", () => board.end());
    board.on("end", () => void order.then(() => client.end()));
    board.on("data", (bytes) => {
      const { pieces, rest } = cut(pending + String(bytes));
      pending = rest;
      order = order.then(async () => {
        for (const piece of pieces) {
          const sent = piece.startsWith("$") ? await passed(piece) : piece;
          if (!isSilent && client.writable) client.write(sent, "latin1");
        }
      });
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  return {
    gdb: `127.0.0.1:${(listener.address() as AddressInfo).port}`,
    get packets() {
      return packets;
    },
    fail: begin,
    refuseOthers: () => listener.close(),
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Packets and acknowledgements that have come wholly, and the beginning of what has not. */
function cut(bytes: string): { readonly pieces: readonly string[]; readonly rest: string } {
  const pieces: string[] = [];
  const piece = /\$[^#]*#[\s\S]{2}|[^$]/y;
  let end = 0;
  for (let found = piece.exec(bytes); found !== null; found = piece.exec(bytes)) {
    pieces.push(found[0]);
    end = piece.lastIndex;
  }
  return { pieces, rest: bytes.slice(end) };
}
