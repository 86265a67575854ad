import { address } from "../../base/brand";
import { hexAddress } from "../../base/hex-address";
import { codeLines, type CodeSource, functionAround } from "./code-lines";

/** The instructions of a function as a text, to be shown where its source is missing. */
export interface CodeListing {
  readonly name: string;
  readonly text: string;
  /** The line of the text, from 1, that an address is on. */
  lineOf(address: number): number;
}

/**
 * Lists the function that an address lies in; undefined if none does.
 *
 *     ; core::task::wake::Waker::wake_by_ref
 *     ; library/core/src/task/wake.rs:489
 *     0x10000abc  b510      push {r4, lr}
 */
export function codeListing(source: CodeSource, at: number): CodeListing | undefined {
  const around = functionAround(source.firmware, address(at));
  if (around === undefined) return undefined;
  const texts = [`; ${around.name}`];
  const lineOf = new Map<number, number>();
  let place = "";
  for (const line of codeLines(source, around.start, around.end)) {
    const here = line.place === undefined ? place : `${line.place.file.path}:${line.place.line}`;
    if (here !== place) texts.push(`; ${here}`);
    place = here;
    texts.push(`${hexAddress(line.address)}  ${halfwords(line.bytes)}  ${line.text}`);
    for (let i = 0; i < line.bytes.length; i++) lineOf.set(line.address + i, texts.length);
  }
  return { name: around.name, text: `${texts.join("\n")}\n`, lineOf: (wanted) => lineOf.get(wanted) ?? 1 };
}

/** `f7ff fffe`: as halfwords, which is how the architecture manual writes instructions. */
export function halfwords(bytes: Uint8Array): string {
  const found: string[] = [];
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    found.push(((bytes[i + 1]! << 8) | bytes[i]!).toString(16).padStart(4, "0"));
  }
  return found.join(" ").padEnd(9);
}
