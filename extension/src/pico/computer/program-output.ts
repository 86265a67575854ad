import type { Computer } from "./computer";
import { within } from "./within";

/** Milliseconds for a program to tell. PowerShell takes seconds to start on a slow machine. */
const ANSWER_TIME = 15_000;
/** Characters after which a program does not tell what it was asked for. */
const LONGEST = 1 << 25;

/**
 * What a program writes to its standard output, as text; undefined if there is no such program, it writes nothing, or
 * it does not come to an end.
 */
export async function programOutput(
  computer: Computer,
  program: string,
  words: readonly string[],
): Promise<string | undefined> {
  const over = new AbortController();
  try {
    return await within(
      ANSWER_TIME,
      computer,
      textOf(computer.stream({ program, words, signal: over.signal })),
    );
  } catch {
    return undefined;
  } finally {
    over.abort();
  }
}

async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of stream) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length > LONGEST) return undefined;
  }
  text += decoder.decode();
  return text === "" ? undefined : text;
}
