/** What a script says in a line of its own when the port is open. */
export const OPEN = "open";

/**
 * `COM5` as a script may have it, from `com5` or `\\.\COM10`; undefined for everything else, which no script ever gets.
 */
export function comPort(port: string): string | undefined {
  const [, digits] = /^(?:\\\\\.\\)?COM(\d{1,3})$/i.exec(port) ?? [];
  return digits === undefined ? undefined : `COM${Number(digits)}`;
}

/** Opens a port, says so, and hands on what it says until it goes away. */
export function listenScript(port: string, baud: number): string {
  return `${openScript(port, baud)}
$bytes = New-Object byte[] 4096
try {
  while (($count = $port.BaseStream.Read($bytes, 0, $bytes.Length)) -gt 0) { $out.Write($bytes, 0, $count); $out.Flush() }
} catch { exit 2 }
`;
}

/** Opens a port and closes it: that it has had this speed for a moment is all that is wanted. */
export function touchScript(port: string, baud: number): string {
  return `${openScript(port, baud)}
Start-Sleep -Milliseconds 100
try { $port.Close() } catch { }
`;
}

/** Writes the names of all ports, behind a word that is always there. */
export const PORTS_SCRIPT = `[Console]::Out.Write('ports ' + ([IO.Ports.SerialPort]::GetPortNames() -join ' '))`;

/**
 * .NET's SerialPort knows that ports above COM9 are opened as `\\.\COM10`. DTR tells a program that somebody listens:
 * pico-sdk's are silent without. What cannot be opened is told by the name of the exception, for its text is in the
 * language of Windows.
 */
function openScript(port: string, baud: number): string {
  return `
$out = [Console]::OpenStandardOutput()
function Say($text) { $line = [Text.Encoding]::ASCII.GetBytes($text + [char]10); $out.Write($line, 0, $line.Length); $out.Flush() }
try {
  $port = New-Object IO.Ports.SerialPort '${port}', ${baud}
  $port.DtrEnable = $true
  $port.Open()
} catch { Say $_.Exception.GetBaseException().GetType().Name; exit 1 }
Say '${OPEN}'`;
}
