import type { SourceFile } from "../../symbols/source-files";

/**
 * Folders that must be alike, the file's name included, for a file to be taken for another one. Two would take
 * `src/main.rs` of any package for that of the program.
 */
const FEWEST_ALIKE = 3;

/**
 * The program's source file that a path means: exactly, or because the ends of both paths agree furthest. A sentence if
 * there is none, or more than one.
 */
export function findSourceFile(path: string, files: readonly SourceFile[]): SourceFile | string {
  const wanted = unified(path);
  const exact = files.find((file) => unified(file.path) === wanted);
  if (exact !== undefined) return exact;
  const parts = wanted.split("/");
  let best: SourceFile[] = [];
  let most = 0;
  for (const file of files) {
    const own = unified(file.path).split("/");
    const alike = alikeAtEnd(parts, own);
    const isEnough = alike >= Math.min(FEWEST_ALIKE, own.length);
    if (!isEnough || alike < most) continue;
    best = alike > most ? [file] : [...best, file];
    most = alike;
  }
  const [found, other] = best;
  if (found === undefined) return reasonForNone(wanted, files);
  if (other === undefined) return found;
  return `this may be ${found.path} or ${other.path}; say which in \`sourceMap\``;
}

function reasonForNone(path: string, files: readonly SourceFile[]): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const alike = files.filter((file) => file.name === name);
  const [first] = alike;
  if (first === undefined) return `the firmware has no code of ${name}`;
  const found = alike.length === 1 ? first.path : `${alike.length} other files of this name`;
  return `the firmware has no code of this file; it has ${found} (if that is the same, say so in \`sourceMap\`)`;
}

function alikeAtEnd(first: readonly string[], second: readonly string[]): number {
  const most = Math.min(first.length, second.length);
  let alike = 0;
  while (alike < most && first.at(-1 - alike) === second.at(-1 - alike)) alike++;
  return alike;
}

/** Forward slashes; drive letters are the same in upper and lower case. */
function unified(path: string): string {
  return path.replaceAll("\\", "/").replace(/^[A-Z]:/, (drive) => drive.toLowerCase());
}
