import { basename } from "node:path";
import * as vscode from "vscode";
import { picoProjects, projectOf } from "../cargo/find-projects";
import { cargoTools } from "./cargo-tools";

const REMEMBERED = "project";

/** The project that a command without a folder is about. */
export type ProjectChoice =
  | { readonly kind: "project"; readonly folder: string }
  /** No cargo project is open. */
  | { readonly kind: "none" }
  /** The user has been asked and has not answered. */
  | { readonly kind: "cancelled" };

/**
 * The project that F5 means where several folders are open: that of the active editor, else the only one for the Pico,
 * else the one that was chosen last, else the one that the user chooses now.
 */
export async function chosenProject(memory: vscode.Memento): Promise<ProjectChoice> {
  const { projects, active } = await openProjects();
  const remembered = memory.get<string>(REMEMBERED);
  const known = [active, projects.length === 1 ? projects[0] : undefined, remembered].find(
    (each) => each !== undefined && projects.includes(each),
  );
  return known === undefined ? askProject(projects, memory) : { kind: "project", folder: known };
}

/** The project that the user chooses where there are several, whatever was chosen before. */
export async function chooseProject(memory: vscode.Memento): Promise<ProjectChoice> {
  const { projects } = await openProjects();
  const [only] = projects;
  if (projects.length === 1 && only !== undefined) return { kind: "project", folder: only };
  return askProject(projects, memory);
}

/** What of the open folders is a project for the Pico, and the one in which the active editor's file lies. */
async function openProjects(): Promise<{
  readonly projects: readonly string[];
  readonly active: string | undefined;
}> {
  const folders = (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === "file")
    .map(({ uri }) => uri.fsPath);
  const document = vscode.window.activeTextEditor?.document.uri;
  const home = document && vscode.workspace.getWorkspaceFolder(document)?.uri.fsPath;
  const active = home && projectOf(document.fsPath, home);
  const possible = [...new Set([...folders, ...(active === undefined ? [] : [active])])];
  return { projects: await picoProjects(possible, cargoTools()), active };
}

async function askProject(projects: readonly string[], memory: vscode.Memento): Promise<ProjectChoice> {
  if (projects.length === 0) return { kind: "none" };
  const items = projects.map((folder) => ({ label: basename(folder), description: folder, folder }));
  const picked = await vscode.window.showQuickPick(items, {
    title: "Which Project to Debug?",
    placeHolder: "Remembered; the project of the file in the active editor goes before",
    matchOnDescription: true,
  });
  if (picked === undefined) return { kind: "cancelled" };
  await memory.update(REMEMBERED, picked.folder);
  return { kind: "project", folder: picked.folder };
}
