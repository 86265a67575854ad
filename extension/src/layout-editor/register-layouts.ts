import type * as vscode from "vscode";
import type { Surroundings } from "../platform/surroundings";
import { registerLayoutCommands } from "./layout-commands";
import { registerLayoutDocuments } from "./layout-documents";
import { registerLayoutLenses } from "./layout-lenses";
import type { Layouts } from "./layouts";
import { registerMemoryView } from "./memory-view";
import { registerSavedHover } from "./saved-hover";

/** What the compiler has made of async functions, in the editor: lenses, hovers, layouts, the view of async memory. */
export function registerLayouts({ log }: Surroundings, layouts: Layouts): vscode.Disposable[] {
  return [
    registerLayoutLenses(layouts),
    registerLayoutDocuments(layouts),
    registerSavedHover(layouts),
    registerMemoryView(layouts),
    registerLayoutCommands(layouts, log),
  ];
}
