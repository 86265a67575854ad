import { relative } from "node:path";
import * as vscode from "vscode";
import type { CargoProgram } from "../cargo/metadata";

const REMEMBERED = "program";

/** The program that was chosen last in a folder, if the project still has it. */
export function rememberedProgram(
  memory: vscode.Memento,
  folder: string,
  programs: readonly CargoProgram[],
): CargoProgram | undefined {
  const chosen = memory.get<string>(`${REMEMBERED} ${folder}`);
  return programs.find((each) => keyOf(each) === chosen);
}

/** Asks which program to debug and remembers the answer; undefined if there is none. */
export async function chooseProgram(
  memory: vscode.Memento,
  folder: string,
  programs: readonly CargoProgram[],
): Promise<CargoProgram | undefined> {
  const items = programs.map((program) => ({
    label: program.name,
    description: program.kind === "example" ? `example of ${program.package}` : program.package,
    detail: relative(folder, program.source),
    program,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: "Which Program to Debug?",
    placeHolder: "Remembered for this folder (Pollscope: Choose the Program to Debug asks again)",
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (picked !== undefined) await memory.update(`${REMEMBERED} ${folder}`, keyOf(picked.program));
  return picked?.program;
}

function keyOf({ package: name, kind, name: program }: CargoProgram): string {
  return `${name} ${kind} ${program}`;
}
