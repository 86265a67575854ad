/** The lines of a loop in Rust source, first and last, from 1. */
export interface LoopLines {
  readonly first: number;
  readonly last: number;
}

/** The loops of a source text, found by their keywords and braces. */
export function loopsIn(source: string): LoopLines[] {
  const text = withoutWords(source);
  const loops: LoopLines[] = [];
  /** For each brace that is open: where its loop begins, or undefined if it is of no loop. */
  const open: (number | undefined)[] = [];
  let line = 1;
  let begun: number | undefined;
  for (const token of text.match(/\n|[{};]|\b(?:impl|loop|while|for)\b/g) ?? []) {
    if (token === "\n") line++;
    else if (token === "{") {
      open.push(begun === 0 ? undefined : begun);
      begun = undefined;
    } else if (token === "}") {
      const first = open.pop();
      if (first !== undefined) loops.push({ first, last: line });
    } else if (token === ";") begun = undefined;
    // `impl Future for Twice {` is no loop.
    else if (token === "impl") begun = 0;
    else begun ??= line;
  }
  return loops;
}

/** Blanks comments, strings and characters, so that what is in them is not taken for code. */
function withoutWords(source: string): string {
  return source.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\[\s\S]|[^"\\])*"|'(?:\\.|[^'\\\n])'/g, (found) =>
    found.replace(/[^\n]/g, " "),
  );
}
