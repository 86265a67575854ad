import { type Address, address } from "../../base/brand";
import { disassemble, instructionText } from "../../disassembly/disassemble";
import type { SourcePlace } from "../../symbols/source-files";
import type { MemoryView } from "../../target/target";
import type { Firmware } from "../firmware";

/** An instruction, or data among the code. */
export interface CodeLine {
  readonly address: Address;
  readonly bytes: Uint8Array;
  /** Whether there is no memory, and nothing of the rest is known. */
  readonly isMissing: boolean;
  /** In unified assembly language; what it refers to is named behind it: `bl 0x10000abc <blink::nap>`. */
  readonly text: string;
  /** The function that begins here. */
  readonly functionName: string | undefined;
  readonly place: SourcePlace | undefined;
}

/** Where code is decoded from: the program, and memory as it is now. */
export interface CodeSource {
  readonly firmware: Firmware;
  readonly memory: MemoryView;
}

/** What is at some addresses. */
export function codeLines(source: CodeSource, start: number, end: number): CodeLine[] {
  const lines: CodeLine[] = [];
  for (let at = start & ~1; at < end;) {
    const line = lineAt(source, address(at));
    lines.push(line);
    at += line.bytes.length;
  }
  return lines;
}

/** The function that an address lies in, by its debug info or else by the linker: where it begins and ends. */
export function functionAround(
  { program, elf }: Firmware,
  at: Address,
): { readonly name: string; readonly start: number; readonly end: number } | undefined {
  const described = program.functions.at(at);
  const range = described?.ranges.find(({ start, end }) => start <= at && at < end);
  if (described !== undefined && range !== undefined) return { name: described.path, ...range };
  const symbol = elf.symbols.functionAt(at);
  if (symbol === undefined || symbol.size === 0) return undefined;
  const start = symbol.address & ~1;
  return { name: symbol.name, start, end: start + symbol.size };
}

function lineAt({ firmware, memory }: CodeSource, at: Address): CodeLine {
  const around = functionAround(firmware, at);
  const functionName = around?.start === at ? around.name : undefined;
  const common = { address: at, functionName, isMissing: false, place: firmware.program.lines.placeAt(at) };
  const bytes = memory.read(at, WIDEST) ?? memory.read(at, NARROWEST);
  if (bytes === undefined) {
    return {
      ...common,
      isMissing: true,
      bytes: new Uint8Array(NARROWEST),
      text: "(no memory)",
      place: undefined,
    };
  }
  const isData = firmware.elf.symbols.byteKindAt(at) === "data";
  const isWord = bytes.length === WIDEST && at % WIDEST === 0;
  if (isData) return { ...common, ...dataText(isWord ? bytes : bytes.slice(0, NARROWEST)), place: undefined };
  const [instruction] = disassemble(bytes, at);
  // Half of a wide instruction where memory ends.
  if (instruction === undefined) return { ...common, ...dataText(bytes.slice(0, NARROWEST)) };
  const { byteSize, reference } = instruction;
  const named = reference === undefined ? undefined : nameOf(firmware, reference.address);
  const remark = named === undefined ? "" : ` <${named}>`;
  return { ...common, bytes: bytes.slice(0, byteSize), text: instructionText(instruction) + remark };
}

const WIDEST = 4;
const NARROWEST = 2;

function dataText(bytes: Uint8Array): Pick<CodeLine, "bytes" | "text"> {
  const value = bytes.reduceRight((sum, byte) => sum * 0x100 + byte, 0);
  const directive = bytes.length === WIDEST ? ".word" : ".short";
  return {
    bytes: bytes.slice(),
    text: `${directive} 0x${value.toString(16).padStart(bytes.length * 2, "0")}`,
  };
}

/** A function, or a place inside one. */
function nameOf(firmware: Firmware, at: Address): string | undefined {
  const around = functionAround(firmware, at);
  if (around === undefined) return undefined;
  return around.start === at ? around.name : `${around.name}+${at - around.start}`;
}
