import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { dumpEntry } from "#adapter/dwarf/dump";
import { parseElf } from "#adapter/elf/elf-file";
import type { AsyncFunction } from "#adapter/symbols/async-functions";
import { loadProgram, type Program } from "#adapter/symbols/program";
import type { SourcePlace } from "#adapter/symbols/source-files";

const FOLDER = "test/golden/debug-info";
const program = loadProgram(parseElf(readFileSync(`${FOLDER}/dwarf5.elf`), "dwarf5.elf"));

/** Compares with a text that was reviewed by eye; `GOLDEN=update` writes it. */
function check(name: string, text: string): void {
  const path = `${FOLDER}/${name}.txt`;
  if (process.env["GOLDEN"] === "update") writeFileSync(path, text);
  expect(text).toBe(existsSync(path) ? readFileSync(path, "utf8") : "");
}

describe("golden texts of dwarf5.elf", () => {
  it("entries of a coroutine", () => {
    const [outer] = program.asyncFunctions.named("dwarf5::outer");
    check("coroutine-entries", `${dumpEntry(program.debugInfo, outer!.coroutine.type.offset)}\n`);
  });

  it("async functions, their states and what they keep", () => {
    check("async-functions", program.asyncFunctions.all.map(asyncFunctionText).join("\n"));
  });

  it("functions, frames, statics and files", () => {
    check("program", programText(program));
  });
});

function asyncFunctionText({ kind, name, generics, declaration, coroutine, body }: AsyncFunction): string {
  const { byteSize, alignment, discriminant, states } = coroutine;
  const lines = [
    `async ${kind} ${name}${generics} ${placeText(declaration)}`,
    `  ${byteSize} bytes, aligned to ${alignment}, state @${discriminant.offset} (${discriminant.byteSize})`,
    `  polled by ${body?.name ?? "nothing"}`,
  ];
  for (const state of states) {
    lines.push(`  ${state.discriminant} ${state.name} (${state.kind}) ${placeText(state.place)}`);
    for (const local of [...state.locals, ...(state.awaitee ? [state.awaitee] : [])]) {
      lines.push(
        `      @${local.offset} ${local.name}: ${local.type.name} (${local.byteSize}) ${local.role}`,
      );
    }
  }
  return `${lines.join("\n")}\n`;
}

function programText(program: Program): string {
  const { functions, statics, files } = program;
  const lines: string[] = [];
  for (const { name, address, byteSize, declaration, linkageName } of functions.all) {
    lines.push(
      `${address.toString(16)} ${name} (${byteSize}) ${placeText(declaration)} ${linkageName ?? ""}`.trimEnd(),
    );
    for (const frame of program.framesAt(address)) {
      lines.push(`    ${frame.isInlined ? "inlined " : ""}${frame.function.path} ${placeText(frame.place)}`);
    }
  }
  for (const { name, address, type, declaration } of statics.all) {
    lines.push(
      `${address.toString(16)} static ${name}: ${type.name} (${type.byteSize}) ${placeText(declaration)}`,
    );
  }
  for (const { path, origin } of files.all) {
    lines.push(`${path} ${origin.kind}${origin.kind === "own" ? "" : ` ${origin.crate}`}`);
  }
  return `${lines.join("\n")}\n`;
}

function placeText(place: SourcePlace | undefined): string {
  return place ? `${place.file.name}:${place.line}${place.column > 0 ? `:${place.column}` : ""}` : "nowhere";
}
