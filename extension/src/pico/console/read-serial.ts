import { UserError } from "#adapter/base/errors";
import type { Computer } from "../computer/computer";
import { SET_UP_USB } from "../routes/usb-access";

export type SerialEvent =
  | { readonly kind: "open"; readonly port: string }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** The port went away, or could not be used; it is looked for again. */
  | { readonly kind: "gone" };

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
  if (computer.platform === "windows") {
    throw new UserError(
      "Pollscope does not read serial ports on Windows",
      "use the extension Serial Monitor of Microsoft, or a debug probe",
    );
  }
  const isOver = () => signal.aborted;
  while (!isOver()) {
    const port = await findPort();
    if (port !== undefined && (await setUp(computer, { port, baud, signal }))) {
      yield { kind: "open", port };
      for await (const bytes of computer.stream({ program: "cat", words: ["--", port], signal })) {
        yield { kind: "bytes", bytes };
      }
      if (isOver()) return;
      yield { kind: "gone" };
    }
    await computer.sleep(LOOK_EVERY, signal).catch(() => undefined);
  }
}

interface PortSettings {
  readonly port: string;
  readonly baud: number;
  readonly signal: AbortSignal;
}

/** Bytes as they are, no echo, and no hanging up when the port is closed between two processes. */
async function setUp(computer: Computer, { port, baud, signal }: PortSettings): Promise<boolean> {
  const words = [
    computer.platform === "macos" ? "-f" : "-F",
    port,
    String(baud),
    "raw",
    "-echo",
    "-hupcl",
    "clocal",
  ];
  const end = await computer.run({ program: "stty", words, signal });
  if (end?.status === 0) return true;
  const said = end?.lines.at(-1) ?? "there is no stty";
  if (/permission denied/i.test(said)) throw new UserError(`You may not use ${port}`, SET_UP_USB);
  if (/invalid argument/i.test(said)) {
    throw new UserError(
      `${port} does not do ${baud} bits per second`,
      "choose another number: --baud 115200",
    );
  }
  // It may have gone away since it was found.
  return false;
}
