import type * as vscode from "vscode";
import { UserError } from "#adapter/base/errors";
import { noProgram } from "./cargo-launch";
import { readProject } from "./cargo-tools";
import { chooseProgram } from "./program-choice";
import { chooseProject } from "./project-choice";

/**
 * Asks again which project F5 is to debug, and which program of it.
 * @throws UserError if no project is open
 */
export async function chooseProgramOfProject(memory: vscode.Memento): Promise<void> {
  const project = await chooseProject(memory);
  if (project.kind === "cancelled") return;
  if (project.kind === "none") {
    throw new UserError("No cargo project is open", "open the folder of one, or a file in it, first");
  }
  const { programs } = await readProject(project.folder, new AbortController().signal);
  if (programs.length === 0) throw noProgram(programs, project.folder);
  await chooseProgram(memory, project.folder, programs);
}
