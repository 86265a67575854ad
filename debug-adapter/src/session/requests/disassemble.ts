import type { DebugProtocol } from "@vscode/debugprotocol";
import { hexAddress } from "../../base/hex-address";
import { halfwords } from "../../debuggee/code/code-listing";
import { instructionWindow } from "../../debuggee/code/instruction-window";
import { addressOf } from "../from-dap";
import type { Launched } from "../launched";
import { toSource } from "../to-dap";

/** More than fits any screen; a client that scrolls asks again. */
const MOST_INSTRUCTIONS = 4096;

/** Instructions around an address, exactly as many as are asked for; of places without memory it says so. */
export async function disassemble(
  launched: Launched,
  { memoryReference, offset, instructionOffset, instructionCount }: DebugProtocol.DisassembleArguments,
): Promise<DebugProtocol.DisassembleResponse["body"]> {
  const at = addressOf(memoryReference, offset) & ~1;
  const inspection = await launched.inspection();
  const source = { firmware: launched.debuggee.firmware, memory: inspection.reader.memory };
  const first = instructionOffset ?? 0;
  const count = Math.max(0, Math.min(instructionCount, MOST_INSTRUCTIONS));
  const lines = instructionWindow(source, at, { offset: first, count });
  let lastPlace = "";
  const instructions = lines.map((line, i): DebugProtocol.DisassembledInstruction => {
    if (line === undefined || line.isMissing) {
      const nowhere = line?.address ?? (at + 2 * (first + i)) >>> 0;
      return { address: hexAddress(nowhere), instruction: "(no memory)", presentationHint: "invalid" };
    }
    const { place, functionName } = line;
    const here = place === undefined ? "" : `${place.file.path}:${place.line}`;
    const isNew = place !== undefined && here !== lastPlace && launched.sources.isHere(place.file.path);
    lastPlace = here;
    return {
      address: hexAddress(line.address),
      instructionBytes: halfwords(line.bytes).trim(),
      instruction: line.text,
      ...(functionName !== undefined && { symbol: functionName }),
      ...(isNew && { location: toSource(place.file), line: place.line }),
    };
  });
  return { instructions };
}
