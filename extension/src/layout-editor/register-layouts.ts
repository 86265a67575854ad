import * as vscode from "vscode";
import type { Surroundings } from "../platform/surroundings";
import { registerLayoutCommands } from "./layout-commands";
import { registerLayoutDocuments } from "./layout-documents";
import { registerLayoutLenses } from "./layout-lenses";
import { Layouts } from "./layouts";
import { registerMemoryView } from "./memory-view";
import { registerSavedHover } from "./saved-hover";

/** What the compiler has made of async functions, in the editor: lenses, hovers, layouts, the view of async memory. */
export function registerLayouts(surroundings: Surroundings): vscode.Disposable[] {
  const layouts = new Layouts(surroundings);
  return [
    vscode.Disposable.from(layouts),
    registerLayoutLenses(layouts),
    registerLayoutDocuments(layouts),
    registerSavedHover(layouts),
    registerMemoryView(layouts),
    registerLayoutCommands(layouts, surroundings.log),
  ];
}
