import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Nanoseconds } from "../base/brand";
import { formatInstant } from "../base/duration";
import type { Problem } from "../base/errors";
import type { Debuggee } from "../debuggee/debuggee";
import type { FindingsWatch } from "../debuggee/findings/findings-watch";
import type { SourcePlace } from "../trace/trace";

type FoundFinding = ReturnType<FindingsWatch["findings"]>[number];
type Output = DebugProtocol.OutputEvent["body"];

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** A line that no firmware means to send; what is longer is shown in pieces. */
const LONGEST_LINE = 4096;

/** Writes to the Debug Console, each line with its virtual time. */
export class DebugConsole {
  private readonly uarts = new Map<number, number[]>();
  private readonly told = new Set<string>();

  constructor(private readonly send: (output: Output) => void) {}

  /** What the firmware sends on its UARTs and over RTT, by defmt or as text, and what it shows on displays. */
  follow(debuggee: Debuggee): void {
    debuggee.onLog(({ time, level, text, timestamp, place }) => {
      const words = [timestamp, level?.toUpperCase(), text].filter((each) => typeof each === "string");
      this.line(time, words.join(" "), level === "error" ? "stderr" : "stdout", place);
    });
    debuggee.target.observe({
      onUartByte: (time, uart, byte, direction) => {
        if (direction === "transmit") this.addByte(time, uart, byte);
      },
      onDisplay: (time, part, text) => this.line(time, `${part} shows ${JSON.stringify(text)}`, "console"),
    });
  }

  /** A line of the firmware's, or about it. */
  line(
    time: Nanoseconds,
    text: string,
    category: "stdout" | "stderr" | "console",
    place?: SourcePlace | null,
  ): void {
    this.send({
      category,
      output: `[${formatInstant(time)}] ${text}\n`,
      ...(place && { line: place.line, source: { path: place.file } }),
    });
  }

  /** Something that did not work, and what to do about it. */
  failure({ message }: Error): void {
    this.send({ category: "stderr", output: `${message}\n` });
  }

  /** Something that is wrong with the tasks: one line, which can be opened for how it is known and what to do. */
  finding({ severity, kind, title, span, place, related, evidence, remedy }: FoundFinding): void {
    const send = (text: string, more: Partial<Output>) =>
      this.send({ category: severity === "error" ? "stderr" : "console", output: `${text}\n`, ...more });
    const at = (source: SourcePlace | null) =>
      source === null ? {} : { line: source.line, source: { path: source.file } };
    send(`[${formatInstant(span.to)}] ${severity}: ${title} [${kind}]`, {
      group: "startCollapsed",
      ...at(place),
    });
    for (const line of evidence) send(`    ${line}`, {});
    for (const each of related) if (!evidence.includes(each.text)) send(`    ${each.text}`, at(each.place));
    send(`    fix: ${remedy}`, {});
    send("", { group: "end", output: "" });
  }

  /** Something that concerns the session and no instant of the firmware. */
  note(text: string): void {
    this.send({ category: "console", output: `${text}\n` });
  }

  /** What could not be understood, each once. */
  problems(problems: readonly Problem[]): void {
    for (const { where, what } of problems) {
      const text = `${where}: ${what}`;
      if (this.told.has(text)) continue;
      this.told.add(text);
      this.note(text);
    }
  }

  /** A fault of ours, with all that a report needs. */
  fault(error: unknown): void {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.send({ category: "stderr", output: `${stack}\n` });
  }

  /** Lines that have been begun are shown as far as they go: the firmware stands still. */
  flush(time: Nanoseconds): void {
    for (const uart of this.uarts.keys()) this.endLine(time, uart);
  }

  private addByte(time: Nanoseconds, uart: number, byte: number): void {
    const bytes = this.uarts.get(uart) ?? [];
    this.uarts.set(uart, bytes);
    if (byte !== LINE_FEED && byte !== CARRIAGE_RETURN) bytes.push(byte);
    if (byte === LINE_FEED || bytes.length >= LONGEST_LINE) this.endLine(time, uart);
  }

  private endLine(time: Nanoseconds, uart: number): void {
    const bytes = this.uarts.get(uart) ?? [];
    if (bytes.length === 0) return;
    this.uarts.delete(uart);
    this.line(time, `uart${uart}: ${new TextDecoder().decode(Uint8Array.from(bytes))}`, "stdout");
  }
}
