import { createServer, type Server, type Socket } from "node:net";
import { UserError } from "../base/errors";
import type { Target } from "../target/target";
import { type MonitorCommand, targetCommands } from "./monitor";
import { GdbSession } from "./session";

export interface GdbServerOptions {
  readonly target: Target;
  /** 0 for any that is free. */
  readonly port: number;
  /** Who may connect: by default programs on this machine only. */
  readonly host?: string;
  /** Commands of `monitor` beside those that every target has. */
  readonly commands?: readonly MonitorCommand[];
  readonly onConnect?: (client: string) => void;
  readonly onDisconnect?: () => void;
  /** Called with a fault of ours; the client is let go. */
  readonly onFault: (error: unknown) => void;
}

/** A gdb server that listens. */
export interface GdbServer {
  readonly port: number;
  /** Lets clients go and stops listening. */
  close(): Promise<void>;
}

const THIS_MACHINE = "127.0.0.1";

/**
 * Lets gdb clients attach to a target over TCP, one at a time.
 * @throws UserError if the port cannot be had
 */
export async function startGdbServer(options: GdbServerOptions): Promise<GdbServer> {
  const sockets = new Set<Socket>();
  // The start that they go back to is that of the server, whichever client asks.
  const commands = [...targetCommands(options.target), ...(options.commands ?? [])];
  let standing = Promise.resolve();
  const server = createServer((socket) => {
    // Two debuggers on one machine would pull it to and fro.
    if (sockets.size > 0) socket.destroy();
    else {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      // What the last client let run has to stand first.
      void standing.then(() => (standing = serve(socket, { ...options, commands })));
    }
  });
  await listen(server, options.port, options.host ?? THIS_MACHINE);
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : options.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Serves a client; resolves when it has gone and the machine stands. */
function serve(socket: Socket, options: GdbServerOptions): Promise<void> {
  const { target, commands = [], onConnect, onDisconnect, onFault } = options;
  const session = new GdbSession({
    target,
    commands,
    send: (bytes) => {
      if (socket.writable) socket.write(bytes, "latin1");
    },
    onEnd: () => socket.end(),
    onFault: (error) => {
      socket.destroy();
      onFault(error);
    },
  });
  socket.setNoDelay(true);
  socket.setEncoding("latin1");
  onConnect?.(`${socket.remoteAddress ?? "?"}:${socket.remotePort ?? 0}`);
  socket.on("data", (bytes) => session.receive(String(bytes)));
  // A connection that breaks is one that closes.
  socket.on("error", () => socket.destroy());
  return new Promise((resolve) => {
    const close = () => {
      onDisconnect?.();
      void session.end().then(resolve);
    };
    if (socket.destroyed) close();
    else socket.on("close", close);
  });
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(portError(error, port)));
    server.listen(port, host, () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
}

function portError(error: NodeJS.ErrnoException, port: number): UserError {
  if (error.code === "EADDRINUSE") {
    return new UserError(
      `Port ${port} is in use`,
      "choose another with --port, or stop the other gdb server",
    );
  }
  return new UserError(`Port ${port} cannot be opened (${error.message})`, "choose another with --port");
}
