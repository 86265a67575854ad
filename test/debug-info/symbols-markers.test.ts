import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseElf } from "#adapter/elf/elf-file";
import { loadProgram, type Program } from "#adapter/symbols/program";
import { firmwareFiles } from "#test/helpers/firmware";

// The sources of the samples say with `// @suspend NAME` where their tasks can be parked. The debug info must say
// the same, in dev and in release builds.

const samples = firmwareFiles().filter((path) => path.startsWith("samples/"));

describe("suspend points of the samples", () => {
  it.each(samples)("%s has one at every marked line and at no other", (path) => {
    const program = loadProgram(parseElf(readFileSync(path), path));
    const lines = suspendLinesByFile(program);
    expect(lines.size).toBeGreaterThan(0);
    for (const [source, found] of lines)
      expect({ source, lines: found }).toEqual({ source, lines: markedLines(source) });
  });

  it("is found for every marker of every sample", () => {
    const found = new Set(
      samples.flatMap((path) => [
        ...suspendLinesByFile(loadProgram(parseElf(readFileSync(path), path))).keys(),
      ]),
    );
    const marked = readdirSync("samples", { recursive: true, encoding: "utf8" })
      .map((name) => `samples/${name.replaceAll("\\", "/")}`)
      .filter((path) => /^samples\/[^/]+\/src\/.*\.rs$/.test(path) && markedLines(path).length > 0);
    expect([...found].sort()).toEqual(marked.sort());
  });

  it.each(samples)("%s names its tasks as the source does", (path) => {
    const program = loadProgram(parseElf(readFileSync(path), path));
    const { tasks } = program.asyncFunctions;
    // A sample with an executor of its own has no Embassy tasks.
    const usesEmbassy = program.types.named("embassy_executor::raw::TaskHeader") !== undefined;
    expect(tasks.some(({ task }) => task!.name === "main")).toBe(usesEmbassy);
    for (const { name, task, declaration, coroutine } of tasks) {
      const source = sourceOf(declaration!.file.path)!;
      const text = readFileSync(source, "utf8")
        .split("\n")
        .slice(declaration!.line - 2, declaration!.line + 2);
      expect(text.join("\n")).toMatch(new RegExp(`async fn ${task!.name}\\b`));
      expect(name.split("::").at(-1)).toBe(task!.name);
      // The pool of a task holds whole `TaskStorage`s: a header, and the coroutine.
      const pool = program.statics.named(`${task!.spawner}::POOL`)!;
      const header = program.types.named("embassy_executor::raw::TaskHeader")!;
      expect(pool.byteSize).toBeGreaterThanOrEqual(header.byteSize + coroutine.byteSize);
    }
  });
});

/** Lines of the suspend points in the samples' own sources, ascending, by repository-relative path. */
function suspendLinesByFile({ asyncFunctions }: Program): Map<string, number[]> {
  const found = new Map<string, Set<number>>();
  for (const { states } of asyncFunctions.all.map(({ coroutine }) => coroutine)) {
    for (const { kind, place } of states) {
      const source = kind === "suspended" && place ? sourceOf(place.file.path) : undefined;
      if (source === undefined) continue;
      const lines = found.get(source) ?? new Set();
      found.set(source, lines.add(place!.line));
    }
  }
  return new Map([...found].map(([source, lines]) => [source, [...lines].sort((a, b) => a - b)]));
}

function markedLines(source: string): number[] {
  const lines = readFileSync(source, "utf8").split("\n");
  return [...lines.entries()].filter(([, text]) => text.includes("// @suspend ")).map(([i]) => i + 1);
}

/** The repository's file behind a path in a prebuilt ELF, which begins with a fixed prefix instead of a folder. */
function sourceOf(path: string): string | undefined {
  const relative = /(samples\/.*)$/.exec(path)?.[1];
  return relative !== undefined && existsSync(relative) ? relative : undefined;
}
