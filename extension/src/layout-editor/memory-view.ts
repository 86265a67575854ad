import * as vscode from "vscode";
import { UserError } from "#adapter/base/errors";
import { type MemoryRow, memoryRows } from "../layouts/memory-tree";
import type { LayoutProgram } from "./layout-program";
import type { Layouts } from "./layouts";

export const MEMORY_VIEW = "pollscope.asyncMemory";

const ICONS: Readonly<Record<MemoryRow["kind"], string | undefined>> = {
  ram: "circuit-board",
  pools: "layers",
  pool: "symbol-event",
  futures: "symbol-namespace",
  future: "symbol-function",
  point: "debug-pause",
  saved: "symbol-variable",
  problem: "warning",
};

/** The view of async memory: all task pools and futures of the program that was built last, against the chip's RAM. */
export function registerMemoryView(layouts: Layouts): vscode.Disposable {
  const tree = new MemoryTree(layouts);
  const view = vscode.window.createTreeView(MEMORY_VIEW, { treeDataProvider: tree, showCollapseAll: true });
  tree.onDidRead((program) => {
    view.description = program?.label ?? "";
  });
  const refresh = () => {
    if (view.visible) tree.refresh();
  };
  const isRust = ({ languageId }: vscode.TextDocument) => languageId === "rust";
  const offer = () => void vscode.commands.executeCommand("setContext", "pollscope.hasRust", true);
  if (vscode.workspace.textDocuments.some(isRust)) offer();
  return vscode.Disposable.from(
    view,
    tree,
    vscode.workspace.onDidOpenTextDocument((document) => {
      if (isRust(document)) offer();
    }),
    layouts.programs.onDidChange(refresh),
    vscode.window.onDidChangeActiveTextEditor(refresh),
    view.onDidChangeVisibility(refresh),
  );
}

class MemoryTree implements vscode.TreeDataProvider<MemoryRow>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  private readonly read = new vscode.EventEmitter<LayoutProgram | undefined>();
  private shown: string | undefined;
  readonly onDidChangeTreeData = this.changed.event;
  /** Fires with the program whose rows are shown. */
  readonly onDidRead = this.read.event;

  constructor(private readonly layouts: Layouts) {}

  /** Shows another program, or the same after another build; what is shown already keeps its open rows. */
  refresh(): void {
    void this.program().then((program) => {
      if (versionOf(program) !== this.shown) this.changed.fire(undefined);
    });
  }

  getTreeItem(row: MemoryRow): vscode.TreeItem {
    const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const isOpen = row.kind === "pools" || row.kind === "futures";
    const item = new vscode.TreeItem(
      row.label,
      row.children.length === 0 ? None : isOpen ? Expanded : Collapsed,
    );
    item.description = row.description;
    item.tooltip = row.tooltip;
    const icon = ICONS[row.kind];
    if (icon !== undefined) item.iconPath = new vscode.ThemeIcon(icon);
    if (row.place !== null) {
      const selection = new vscode.Range(row.place.line - 1, 0, row.place.line - 1, 0);
      item.command = {
        title: "Open the Source",
        command: "vscode.open",
        arguments: [
          vscode.Uri.file(row.place.file),
          { selection, preserveFocus: true } satisfies vscode.TextDocumentShowOptions,
        ],
      };
    }
    return item;
  }

  async getChildren(row?: MemoryRow): Promise<MemoryRow[]> {
    if (row !== undefined) return [...row.children];
    const program = await this.program();
    this.shown = versionOf(program);
    this.read.fire(program);
    if (program === undefined) return [];
    try {
      return memoryRows(await this.layouts.of(program));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const { message } = error;
      return [
        {
          kind: "problem",
          label: program.label,
          description: message,
          tooltip: message,
          place: null,
          children: [],
        },
      ];
    }
  }

  dispose(): void {
    this.changed.dispose();
    this.read.dispose();
  }

  /** The one that the user has chosen, else that of the file in front, else the newest. */
  private async program(): Promise<LayoutProgram | undefined> {
    const document = vscode.window.activeTextEditor?.document;
    const isSource = document?.languageId === "rust" && document.uri.scheme === "file";
    const file = isSource ? document.uri.fsPath : undefined;
    const { programs } = this.layouts;
    const all = await programs.ofWorkspace(file);
    return all.find(({ elf }) => elf === programs.chosen) ?? all[0];
  }
}

function versionOf(program: LayoutProgram | undefined): string | undefined {
  return program && JSON.stringify([program.elf, program.modified, program.sourceMap]);
}
