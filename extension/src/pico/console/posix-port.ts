import { UserError } from "#adapter/base/errors";
import type { Computer, ProgramRun } from "../computer/computer";
import { SET_UP_USB } from "../routes/usb-access";
import { type PortSettings, portInUse, type SerialEvent, wrongBaud } from "./serial-port";
import { stty } from "./stty";

/**
 * Reads a port of Linux or macOS with stty and cat, until it goes away; tells nothing if it has gone already.
 * @throws UserError if the port may not be used
 */
export async function* listenOnPosix(
  computer: Computer,
  settings: PortSettings,
): AsyncGenerator<SerialEvent> {
  const { port, signal } = settings;
  // macOS forgets how a port was set up as soon as nobody has it open, which would be between stty and cat.
  const letGo = computer.platform === "macos" ? await computer.hold(port) : undefined;
  try {
    if (!(await setUp(computer, settings))) return;
    yield { kind: "open", port };
    for await (const bytes of computer.stream({ ...cat(computer, port), signal })) {
      yield { kind: "bytes", bytes };
    }
  } finally {
    await letGo?.();
  }
}

/** Bytes as they are, no echo, and no hanging up when the port is closed between two processes. */
async function setUp(computer: Computer, { port, baud, signal }: PortSettings): Promise<boolean> {
  const settings = [String(baud), "raw", "-echo", "-hupcl", "clocal"];
  const end = await computer.run({ ...stty(computer, port, settings), signal });
  if (end?.status === 0) return true;
  const said = end?.lines.at(-1) ?? "there is no stty";
  if (/permission denied/i.test(said)) throw new UserError(`You may not use ${port}`, SET_UP_USB);
  if (/resource busy/i.test(said)) throw portInUse(port);
  if (/invalid argument/i.test(said)) throw wrongBaud(port, baud);
  // It may have gone away since it was found.
  return false;
}

/** By its full path on macOS, as stty. */
function cat({ platform }: Computer, port: string): Pick<ProgramRun, "program" | "words"> {
  return { program: platform === "macos" ? "/bin/cat" : "cat", words: ["--", port] };
}
