import { address } from "../../base/brand";
import { type CodeLine, codeLines, type CodeSource, functionAround } from "./code-lines";

/** Most bytes of one instruction. */
const WIDEST = 4;

/**
 * Instructions around an address, counted from the one that is there: `offset` -5 begins five before it. Those where no
 * memory is are undefined. Thumb instructions cannot be read backwards, so reading begins where a function does.
 */
export function instructionWindow(
  source: CodeSource,
  at: number,
  { offset, count }: { readonly offset: number; readonly count: number },
): (CodeLine | undefined)[] {
  const reach = Math.max(0, -offset) * WIDEST;
  const wanted = Math.max(0, at - reach);
  const start = functionAround(source.firmware, address(wanted))?.start ?? wanted;
  const before = alignedAt(source, start, at);
  const behind = codeLines(source, at, at + Math.max(0, offset + count) * WIDEST);
  return Array.from({ length: count }, (_, i) => {
    const position = offset + i;
    return position < 0 ? before.at(position) : behind[position];
  });
}

/** The instructions up to an address. Where one would reach over it, they are decoded in halves. */
function alignedAt(source: CodeSource, start: number, end: number): CodeLine[] {
  const lines = codeLines(source, start, end);
  const last = lines.at(-1);
  if (last === undefined || last.address + last.bytes.length <= end) return lines;
  return [
    ...lines.slice(0, -1),
    { ...last, bytes: last.bytes.slice(0, end - last.address), text: "(half of an instruction)" },
  ];
}
