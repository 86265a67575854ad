import { readFileSync } from "node:fs";
import type { BoardHooks } from "#adapter/chip/parts/part";
import { parsePartSpecs } from "#adapter/chip/parts/part-spec";
import { Rp2040 } from "#adapter/chip/rp2040/rp2040";
import { parseElf } from "#adapter/elf/elf-file";
import { loadImage } from "#adapter/elf/load-image";

/** A machine with a sample's firmware, about to execute its first instruction, and what its hooks have said. */
export interface BootedFirmware {
  readonly machine: Rp2040;
  /** One line each: the time in nanoseconds, then what happened. */
  readonly log: string[];
}

/** Boots `samples/prebuilt/NAME.elf` with parts wired to the chip. */
export function bootFirmware(name: string, parts: readonly string[] = []): BootedFirmware {
  const path = `samples/prebuilt/${name}.elf`;
  const image = loadImage(parseElf(new Uint8Array(readFileSync(path)), path));
  const log: string[] = [];
  const note = (what: string) => log.push(`${machine.now} ${what}`);
  const hooks: BoardHooks = {
    onPin: (pin, isHigh) => note(`GPIO${pin} ${isHigh ? "high" : "low"}`),
    onUartByte: (uart, byte, direction) => note(`UART${uart} ${direction} ${byte}`),
    onDisplay: (part, text) => note(`${part} "${text}"`),
    onExceptionEntry: (exception) => note(`exception ${exception}`),
    onExceptionReturn: (exception) => note(`return from ${exception}`),
    onSleep: () => note("sleep"),
    onWake: () => note("wake"),
    onFault: (source, what) => note(`${source}: ${what}`),
    onUnimplemented: (register, access) => note(`not emulated: ${access} ${register}`),
  };
  const machine: Rp2040 = new Rp2040({ hooks, parts: parsePartSpecs(parts) });
  machine.loadImage(image.chunks.map(({ physicalAddress, bytes }) => ({ address: physicalAddress, bytes })));
  machine.reset();
  return { machine, log };
}

/** Times at which a pin changed, in nanoseconds. */
export function edgesOf(log: readonly string[], pin: number): number[] {
  return log.filter((line) => line.includes(` GPIO${pin} `)).map((line) => Number(line.split(" ")[0]));
}

/** What a display showed, with the time in seconds. */
export function textsOf(log: readonly string[], part: string): { time: number; text: string }[] {
  return log
    .filter((line) => line.includes(` ${part} "`))
    .map((line) => ({ time: Number(line.split(" ")[0]) / 1e9, text: line.slice(line.indexOf('"') + 1, -1) }));
}

/** What the chip sent on UART0 from a line of the log on, as text. */
export function sentText(log: readonly string[], from = 0): string {
  const bytes = log.slice(from).flatMap((line) => {
    const match = /UART0 transmit (\d+)/.exec(line);
    return match === null ? [] : [Number(match[1])];
  });
  return String.fromCharCode(...bytes);
}
