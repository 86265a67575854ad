import { address, type Nanoseconds } from "../base/brand";
import type { ProblemList } from "../base/errors";
import type { ElfFile } from "../elf/elf-file";
import type { Program } from "../symbols/program";
import type { Removable, Target } from "../target/target";
import { DefmtFrames } from "./defmt/frames";
import { readDefmtTable } from "./defmt/table";
import type { LogListener } from "./log-line";
import { watchRtt } from "./rtt-channels";
import { TextLines } from "./text-lines";

/** The channel that defmt-rtt makes, which is the only one of its block. */
const DEFMT_CHANNEL = 0;

/** Told of the bytes of a channel as they come, before anything is made of them. */
export type RawLogListener = (time: Nanoseconds, channel: number, bytes: Uint8Array) => void;

export interface LogOptions {
  readonly target: Target;
  readonly elf: ElfFile;
  readonly program: Program;
  readonly problems: ProblemList;
  readonly onLog: LogListener;
  readonly onBytes?: RawLogListener;
}

/**
 * Tells what a firmware logs over RTT: frames of defmt as messages, other channels as lines of text.
 * Undefined if the firmware has no RTT control block.
 */
export function observeLogs(options: LogOptions): Removable | undefined {
  const { target, elf, program, problems, onLog, onBytes } = options;
  const block = elf.symbols.byName("_SEGGER_RTT");
  if (block === undefined) return undefined;
  const table = readDefmtTable(elf, program, problems);
  const frames = table && new DefmtFrames(table);
  const texts = new Map<number, TextLines>();
  return watchRtt(target, address(block.address), block.size, (time, channel, bytes) => {
    onBytes?.(time, channel, bytes);
    if (channel === DEFMT_CHANNEL && frames !== undefined) {
      for (const message of frames.push(bytes)) onLog({ time, ...message, source: "defmt" });
      return;
    }
    const lines = texts.get(channel) ?? new TextLines();
    texts.set(channel, lines);
    const plain = { level: null, timestamp: null, place: null, source: "rtt" } as const;
    for (const text of lines.push(bytes)) onLog({ time, text, ...plain });
  });
}
