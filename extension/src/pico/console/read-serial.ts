import { isLookCheap } from "../boards/usb-devices";
import type { Computer } from "../computer/computer";
import { listenOnPosix } from "./posix-port";
import type { SerialEvent } from "./serial-port";
import { isWindowsPortThere, listenOnWindows } from "./windows-port";

export interface SerialReading {
  readonly computer: Computer;
  /** The port to read, as long as it is there. */
  readonly findPort: () => Promise<string | undefined>;
  /** Bits per second; USB does not care. */
  readonly baud: number;
  readonly signal: AbortSignal;
}

/** Milliseconds between two looks for a port that is not there. */
const LOOK_EVERY = 250;
const DEAR_LOOK_EVERY = 1000;

/**
 * Reads a serial port until it is cancelled, however often its board is unplugged or restarted. A process of its own
 * does the reading: it can be ended at any time, and no library is needed.
 * @throws UserError if the port may not be used
 */
export async function* readSerial({
  computer,
  findPort,
  baud,
  signal,
}: SerialReading): AsyncGenerator<SerialEvent> {
  const listen = computer.platform === "windows" ? listenOnWindows : listenOnPosix;
  const rest = isLookCheap(computer) ? LOOK_EVERY : DEAR_LOOK_EVERY;
  const isOver = () => signal.aborted;
  while (!isOver()) {
    const port = await findPort();
    if (isOver()) return;
    if (port !== undefined) {
      let wasOpen = false;
      for await (const event of listen(computer, { port, baud, signal })) {
        wasOpen = true;
        yield event;
      }
      if (isOver()) return;
      if (wasOpen) yield { kind: "gone" };
    }
    await computer.sleep(rest, signal).catch(() => undefined);
  }
}

/** Whether a port is there that somebody has named. */
export async function isPortThere(computer: Computer, port: string): Promise<boolean> {
  if (computer.platform === "windows") return isWindowsPortThere(computer, port);
  return (await computer.resolve(port)) !== undefined;
}
