import * as vscode from "vscode";
import { UserError } from "#adapter/base/errors";
import { showError } from "../platform/show-error";
import type { Layouts } from "./layouts";
import { layoutUri } from "./layout-documents";
import { MEMORY_VIEW } from "./memory-view";

/** The commands about layouts, each of which the palette has. */
export function registerLayoutCommands(layouts: Layouts, log: vscode.LogOutputChannel): vscode.Disposable {
  const command = (id: string, act: () => Promise<void>) =>
    vscode.commands.registerCommand(id, async () => {
      try {
        await act();
      } catch (error) {
        showError(error, log);
      }
    });
  return vscode.Disposable.from(
    command("pollscope.showLayout", () => showLayout(layouts)),
    command("pollscope.chooseLayoutProgram", () => chooseProgram(layouts)),
    command("pollscope.showAsyncMemory", async () => {
      await vscode.commands.executeCommand("setContext", "pollscope.hasRust", true);
      await vscode.commands.executeCommand(`${MEMORY_VIEW}.focus`);
    }),
    vscode.commands.registerCommand("pollscope.refreshLayouts", () => layouts.programs.refresh()),
  );
}

/** Opens the layout of the async fn that the cursor is in. */
async function showLayout(layouts: Layouts): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== "rust") {
    throw new UserError("No Rust file is in front", "put the cursor into an async fn");
  }
  const found = await layouts.ofDocument(editor.document);
  if (found === undefined) throw new UserError("No build of this file is known", BUILD_IT);
  const line = editor.selection.active.line + 1;
  const function_ = found.placed.functions.findLast((each) => each.line <= line);
  const name = function_?.instances[0]?.name;
  if (name === undefined) {
    throw new UserError(
      `${found.program.label} has no async fn at the cursor`,
      "put the cursor into one that the program calls, and build again if it is new",
    );
  }
  await vscode.commands.executeCommand("vscode.open", layoutUri(found.program, name));
}

const BUILD_IT = "build the project with cargo, with `debug = 2` in its profile";

/** Lets the user say which of several builds is meant. */
async function chooseProgram(layouts: Layouts): Promise<void> {
  const { programs } = layouts;
  const document = vscode.window.activeTextEditor?.document;
  const all = await programs.ofWorkspace(document?.uri.scheme === "file" ? document.uri.fsPath : undefined);
  if (all.length === 0) throw new UserError("Nothing is built yet in this workspace", BUILD_IT);
  const newest = { label: "The newest", description: "whatever is built last", elf: undefined };
  const items = all.map(({ elf, label, modified }) => ({
    label,
    description: modified === 0 ? "comes with Pollscope" : new Date(modified).toLocaleString(),
    detail: elf,
    elf,
  }));
  const picked = await vscode.window.showQuickPick([newest, ...items], {
    title: "Choose the Build Whose Layouts Are Shown",
    placeHolder: "Sizes of futures are those of one build",
    matchOnDetail: true,
  });
  if (picked !== undefined) await programs.choose(picked.elf);
}
