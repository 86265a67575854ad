import { hexAddress } from "#adapter/base/hex-address";
import { formatInstant } from "#adapter/base/duration";
import { type CoreBacktrace, coreBacktrace } from "#adapter/debuggee/core-backtrace";
import { coreRegisters } from "#adapter/debuggee/core-registers";
import { launchTo } from "./launch";
import { noteProblems, type Output } from "./output";
import type { StackRequest } from "./requests";
import { frameJson } from "./text/core-frame-json";
import { frameLine, type FrameLineOptions, variableLines } from "./text/core-frame-lines";
import type { ShowPath } from "./text/event-json";
import { frameNumbers } from "./text/frame-numbers";

/** Registers side by side. */
const REGISTERS_PER_LINE = 4;

/** Runs a firmware to an instant and prints what the core is in the middle of, and what it holds there. */
export async function runStack(request: StackRequest, output: Output, showPath: ShowPath): Promise<void> {
  const debuggee = await launchTo(request, output);
  const backtrace = await coreBacktrace(debuggee);
  const { frames, problem, reader } = backtrace;
  const registers = await coreRegisters(debuggee);
  const time = debuggee.target.now;
  if (request.isJson) {
    const json = {
      time_ns: time,
      frames: frames.map((frame) => frameJson(frame, reader, showPath)),
      registers,
      problem: problem === undefined ? null : `${problem.where}: ${problem.what}`,
    };
    await output.write(`${JSON.stringify(json, null, 2)}\n`);
  } else {
    const { style } = output;
    const lines = [
      style.bold(`The core at ${formatInstant(time)} s`),
      ...frameLines(backtrace, { style, showPath }),
      "",
      ...registerLines(registers),
    ];
    await output.write(`${lines.join("\n")}\n`);
  }
  noteProblems(output, [...(problem === undefined ? [] : [problem]), ...debuggee.problems]);
  debuggee.dispose();
}

/** Each frame with its variables below; functions are numbered, the borders of exceptions are not. */
function frameLines({ frames, reader }: CoreBacktrace, options: FrameLineOptions): string[] {
  const numbers = frameNumbers(frames);
  return frames.flatMap((frame, i) => [
    `${(numbers[i]?.toString() ?? "").padStart(3)} ${frameLine(frame, options)}`,
    ...variableLines(frame, reader, options).map((line) => `      ${line}`),
  ]);
}

function registerLines(registers: Readonly<Record<string, number>>): string[] {
  const cells = Object.entries(registers).map(([name, value]) => `${name.padStart(7)} ${hexAddress(value)}`);
  const lines: string[] = [];
  for (let i = 0; i < cells.length; i += REGISTERS_PER_LINE)
    lines.push(cells.slice(i, i + REGISTERS_PER_LINE).join("  "));
  return lines;
}
