import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseElf } from "#adapter/elf/elf-file";
import { loadProgram } from "#adapter/symbols/program";
import { findTool } from "../helpers/tool";
import { digits, type Line, quantity } from "./line";
import { type Contender, inTurns, median, medianRatio, secondsOf } from "./measure";
import { runAlone } from "./run-alone";

const ROUNDS = 9;

/** Reads an ELF file and finds all functions, statics and async functions in it. */
export function loadAndIndex(path: string): void {
  const elf = parseElf(readFileSync(path), basename(path));
  const program = loadProgram(elf);
  // By name, as the observer looks for Embassy's functions: every path is read.
  const functions = program.functions.withPath("main");
  const statics = program.statics.matching(({ name }) => name !== "");
  const asyncFunctions = program.asyncFunctions.all;
  if (statics.length === 0 || asyncFunctions.length === 0 || !Array.isArray(functions)) {
    throw new Error(`${path} has too little debug info to measure with`);
  }
}

/** The first time in this process, in seconds: nothing is compiled yet. */
export async function firstLoad(path: string): Promise<number> {
  return secondsOf(() => loadAndIndex(path), "wall");
}

/** Load and index of an ELF file, for the first time in a process and later, against llvm-dwarfdump. */
export async function loadSpeed(path: string): Promise<Line[]> {
  const dwarfdump = findTool("llvm-dwarfdump");
  const contenders: Record<string, Contender> = {
    first: () => Promise.resolve(Number(runAlone(["first-load", path]))),
    again: () => secondsOf(() => loadAndIndex(path), "wall"),
    ...(dwarfdump !== undefined && { dwarfdump: dumper(dwarfdump, path) }),
  };
  for (let i = 0; i < 10; i++) loadAndIndex(path);
  const times = await inTurns(contenders, ROUNDS);
  const line = (what: string, spent: readonly number[]): Line => {
    const ours = quantity(median(spent) * 1e3, "ms");
    const yardsticks = times["dwarfdump"];
    if (yardsticks === undefined) {
      return { what, ours, yardstick: "llvm-dwarfdump is not installed", ratio: "-", goal: "<= 1 x" };
    }
    const ratio = medianRatio(spent, yardsticks);
    const yardstick = `llvm-dwarfdump ${quantity(median(yardsticks) * 1e3, "ms")}`;
    return { what, ours, yardstick, ratio: `${digits(ratio)} x`, goal: "<= 1 x", isMet: ratio <= 1 };
  };
  return [
    line(`${basename(path, ".elf")}: load and index, first`, times["first"]!),
    line("  again in the same process", times["again"]!),
  ];
}

function dumper(tool: string, path: string): Contender {
  return () =>
    secondsOf(() => {
      const { status, error } = spawnSync(tool, ["--debug-info", path], {
        stdio: ["ignore", "ignore", "pipe"],
      });
      if (status !== 0) throw error ?? new Error(`${tool} failed on ${path}`);
    }, "wall");
}
