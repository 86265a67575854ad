import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LayoutReader } from "./layout-reader";

describe("reading layouts in a thread", () => {
  let folder: string;
  let elf: string;
  let reader: LayoutReader | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pollscope-layouts-"));
    elf = join(folder, "blink");
    writeFileSync(elf, "ELF");
  });
  afterEach(() => {
    reader?.dispose();
    rmSync(folder, { recursive: true });
  });

  /** A reader whose thread runs `source`, with `answer(question, rest)` to answer. */
  function readerOf(source: string): LayoutReader {
    const program = join(folder, "worker.cjs");
    const prelude = `
      const { parentPort } = require("node:worker_threads");
      const answer = ({ id }, rest) => parentPort.postMessage({ id, ...rest });
      let count = 0;`;
    writeFileSync(program, `${prelude}\nparentPort.on("message", (question) => { ${source} });`);
    return (reader = new LayoutReader(program));
  }

  const ECHO = `answer(question, { kind: "read", facts: { ...question.request, count: ++count } });`;

  it("gives what the thread has read", async () => {
    const sourceMap = { "/pollscope": "/here" };
    expect(await readerOf(ECHO).read({ elf, sourceMap })).toEqual({ elf, sourceMap, count: 1 });
  });

  it("reads a file once, and again when it has changed or is to be read otherwise", async () => {
    const own = readerOf(ECHO);
    const first = await own.read({ elf, sourceMap: {} });
    expect(await own.read({ elf, sourceMap: {} })).toBe(first);
    expect(await own.read({ elf, sourceMap: { a: "b" } })).not.toBe(first);
    utimesSync(elf, 1, 1);
    const second = await own.read({ elf, sourceMap: {} });
    expect(second).not.toBe(first);
    writeFileSync(elf, "longer");
    utimesSync(elf, 1, 1);
    expect(await own.read({ elf, sourceMap: {} })).not.toBe(second);
  });

  it("reads several files at once in one thread", async () => {
    const own = readerOf(ECHO);
    const other = join(folder, "other");
    writeFileSync(other, "ELF");
    const facts = await Promise.all([
      own.read({ elf, sourceMap: {} }),
      own.read({ elf: other, sourceMap: {} }),
    ]);
    expect(facts).toMatchObject([
      { elf, count: 1 },
      { elf: other, count: 2 },
    ]);
  });

  it("refuses in the thread's own words", async () => {
    const own = readerOf(
      `answer(question, { kind: "refused", what: "It is no ELF file", remedy: "name one" });`,
    );
    await expect(own.read({ elf, sourceMap: {} })).rejects.toMatchObject({
      name: "UserError",
      message: "It is no ELF file; name one",
    });
  });

  it("tells a fault of the thread, and reads on afterwards", async () => {
    const own = readerOf(`if (question.request.sourceMap.fault) throw new Error("oh"); ${ECHO}`);
    await expect(own.read({ elf, sourceMap: { fault: "yes" } })).rejects.toThrow("oh");
    const other = join(folder, "other");
    writeFileSync(other, "ELF");
    expect(await own.read({ elf: other, sourceMap: {} })).toMatchObject({ count: 1 });
  });

  it("says that a file is gone", async () => {
    rmSync(elf);
    await expect(readerOf(ECHO).read({ elf, sourceMap: {} })).rejects.toThrow(
      /^blink is no longer there \(.*\); build the project/,
    );
  });

  it("tries again after a fault", async () => {
    const marker = join(folder, "faulty");
    writeFileSync(marker, "");
    const own = readerOf(
      `if (require("node:fs").existsSync(${JSON.stringify(marker)})) process.exit(3); ${ECHO}`,
    );
    await expect(own.read({ elf, sourceMap: {} })).rejects.toThrow("has ended with code 3");
    rmSync(marker);
    expect(await own.read({ elf, sourceMap: {} })).toMatchObject({ count: 1 });
  });

  it("leaves nobody waiting when it is disposed of", async () => {
    const own = readerOf("");
    const reading = own.read({ elf, sourceMap: {} });
    const refused = expect(reading).rejects.toThrow("Layouts are no longer read");
    own.dispose();
    await refused;
  });
});
