import { Debuggee } from "#adapter/debuggee/debuggee";
import { startGdbServer } from "#adapter/gdb-server/tcp-server";
import type { Target } from "#adapter/target/target";
import { firmwareAt } from "./run-firmware";

/** A board behind a gdb server: the emulated Pico, of which nothing is known but what the server tells. */
export interface BoardServer {
  /** `127.0.0.1:40123`. */
  readonly gdb: string;
  readonly port: number;
  /** The board itself, which only a test can look at. */
  readonly target: Target;
  close(): Promise<void>;
}

/** Serves a firmware that stands at power-on. */
export async function startBoardServer(firmware: string): Promise<BoardServer> {
  const debuggee = new Debuggee(await firmwareAt(firmware), { isObserved: false });
  const server = await startGdbServer({
    target: debuggee.target,
    port: 0,
    onFault: (error) => {
      throw error;
    },
  });
  return {
    gdb: `127.0.0.1:${server.port}`,
    port: server.port,
    target: debuggee.target,
    close: async () => {
      await server.close();
      debuggee.dispose();
    },
  };
}
