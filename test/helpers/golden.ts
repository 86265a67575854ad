import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect } from "vitest";

/**
 * Compares a text with `test/golden/NAME`. `GOLDEN=update` rewrites the file: read the diff. A file that is missing
 * is a failure; on a mismatch the text is beside it as `NAME.actual`.
 */
export function expectGolden(name: string, text: string): void {
  const path = `test/golden/${name}`;
  const actual = `${path}.actual`;
  rmSync(actual, { force: true });
  if (process.env["GOLDEN"] === "update") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return;
  }
  const isThere = existsSync(path);
  const expected = isThere ? readFileSync(path, "utf8").replaceAll("\r\n", "\n") : undefined;
  if (text !== expected) writeFileSync(actual, text);
  expect(isThere, `${path} is missing: run with GOLDEN=update, and read what it has written`).toBe(true);
  expect(text).toBe(expected);
}
