import { hexAddress } from "#adapter/base/hex-address";
import { formatInstant } from "#adapter/base/duration";
import { coreBacktrace } from "#adapter/debuggee/core-backtrace";
import type { CoreFrame } from "#adapter/debuggee/core-frame";
import { coreRegisters } from "#adapter/debuggee/core-registers";
import { launchTo } from "./launch";
import { noteProblems, type Output } from "./output";
import type { StackRequest } from "./requests";
import { placeText, type ShowPath } from "./text/event-json";

/** Registers side by side. */
const REGISTERS_PER_LINE = 4;

/** Runs a firmware to an instant and prints what the core is in the middle of. */
export async function runStack(request: StackRequest, output: Output, showPath: ShowPath): Promise<void> {
  const debuggee = await launchTo(request, output);
  const { frames, problem } = await coreBacktrace(debuggee);
  const registers = await coreRegisters(debuggee);
  const time = debuggee.target.now;
  if (request.isJson) {
    const json = { time_ns: time, frames: frames.map((frame) => frameJson(frame, showPath)), registers };
    await output.write(`${JSON.stringify(json, null, 2)}\n`);
  } else {
    const { style } = output;
    const lines = [
      style.bold(`The core at ${formatInstant(time)} s`),
      ...frameLines(frames, output, showPath),
      "",
      ...registerLines(registers),
    ];
    await output.write(`${lines.join("\n")}\n`);
  }
  noteProblems(output, [...(problem === undefined ? [] : [problem]), ...debuggee.problems]);
}

/** A line for each frame; functions are numbered, the borders of exceptions are not. */
function frameLines(frames: readonly CoreFrame[], { style }: Output, showPath: ShowPath): string[] {
  let number = 0;
  return frames.map(({ name, kind, isInlined, place, address }) => {
    if (kind === "exception") return style.dim(`    --- ${name} ---`);
    const notes = [...(isInlined ? ["inlined"] : []), ...(kind === "guessed" ? ["guessed"] : [])];
    const where = place === null ? hexAddress(address) : placeText(place, showPath);
    const note = notes.length === 0 ? "" : style.dim(` (${notes.join(", ")})`);
    return `${String(number++).padStart(3)} ${name}${note}  ${style.dim(where)}`;
  });
}

function frameJson({ name, kind, isInlined, place, address }: CoreFrame, showPath: ShowPath) {
  return {
    function: name,
    kind,
    inlined: isInlined,
    at: place === null ? null : placeText(place, showPath),
    pc: hexAddress(address),
  };
}

function registerLines(registers: Readonly<Record<string, number>>): string[] {
  const cells = Object.entries(registers).map(([name, value]) => `${name.padStart(7)} ${hexAddress(value)}`);
  const lines: string[] = [];
  for (let i = 0; i < cells.length; i += REGISTERS_PER_LINE)
    lines.push(cells.slice(i, i + REGISTERS_PER_LINE).join("  "));
  return lines;
}
