import type { UserError } from "#adapter/base/errors";
import type { Computer } from "../computer/computer";
import { powershell } from "../computer/powershell";
import { programOutput } from "../computer/program-output";
import { type PortSettings, portInUse, type SerialEvent, wrongBaud } from "./serial-port";
import { comPort, listenScript, OPEN, PORTS_SCRIPT } from "./windows-port-scripts";

/**
 * Reads a port of Windows until it goes away; tells nothing if it has gone already.
 * @throws UserError if the port may not be used
 */
export async function* listenOnWindows(
  computer: Computer,
  { port, baud, signal }: PortSettings,
): AsyncGenerator<SerialEvent> {
  const name = comPort(port);
  if (name === undefined) return;
  let said = "";
  let isOpen = false;
  for await (const bytes of computer.stream({ ...powershell(computer, listenScript(name, baud)), signal })) {
    if (isOpen) {
      yield { kind: "bytes", bytes };
      continue;
    }
    // Behind this first line the port may say anything: one character for each byte loses nothing.
    said += Buffer.from(bytes).toString("latin1");
    const end = said.indexOf("\n");
    if (end < 0) continue;
    if (said.slice(0, end).trim() !== OPEN) break;
    isOpen = true;
    yield { kind: "open", port };
    if (end + 1 < said.length) yield { kind: "bytes", bytes: Buffer.from(said.slice(end + 1), "latin1") };
  }
  const refusal = isOpen ? undefined : portRefusal(said.trim(), port, baud);
  if (refusal !== undefined) throw refusal;
}

/** What .NET's SerialPort.Open throws, by its documentation; a port that is not there is an IOException. */
export function portRefusal(exception: string, port: string, baud: number): UserError | undefined {
  switch (exception) {
    case "UnauthorizedAccessException":
      return portInUse(port);
    case "ArgumentOutOfRangeException":
      return wrongBaud(port, baud);
    default:
      return undefined;
  }
}

/** Whether Windows lists a port. If it does not tell, the port counts as there: that it can be opened shows then. */
export async function isWindowsPortThere(computer: Computer, port: string): Promise<boolean> {
  const name = comPort(port);
  if (name === undefined) return false;
  const { program, words } = powershell(computer, PORTS_SCRIPT);
  const told = await programOutput(computer, program, words);
  return told === undefined || told.split(/\s+/).includes(name);
}
