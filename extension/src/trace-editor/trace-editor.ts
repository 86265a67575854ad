import * as vscode from "vscode";
import type { ToExtension, ToPage } from "#webview/messages";
import type { Exportable, Exportables } from "../timeline/export-command";
import { openSource } from "../platform/open-source";
import { saveFile } from "../platform/save-file";
import type { Surroundings } from "../platform/surroundings";
import { loadPage, TRACE_PAGE } from "../platform/webview-page";

/** As in package.json under `customEditors`. */
export const TRACE_VIEW_TYPE = "pollscope.trace";

/** Opens `.pollscope` files: the page decodes the bytes, this side only reads them, again whenever they change. */
export function registerTraceEditor(surroundings: Surroundings, exportables: Exportables): vscode.Disposable {
  const provider = new TraceEditorProvider(surroundings, exportables);
  return vscode.window.registerCustomEditorProvider(TRACE_VIEW_TYPE, provider, {
    supportsMultipleEditorsPerDocument: true,
  });
}

class TraceEditorProvider implements vscode.CustomReadonlyEditorProvider {
  constructor(
    private readonly surroundings: Surroundings,
    private readonly exportables: Exportables,
  ) {}

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): void {
    const { webview } = panel;
    const { extension, log } = this.surroundings;
    const post = (message: ToPage) => void webview.postMessage(message);
    const send = () => void readTraceFile(uri, log).then(post);
    const messages = webview.onDidReceiveMessage((message: ToExtension) => {
      log.debug(`trace editor: ${message.kind} ${uri.toString(true)}`);
      switch (message.kind) {
        // It says so whenever it is made: at first, and when a hidden tab comes back.
        case "ready":
          send();
          break;
        case "open-source":
          void openSource(message.file, message.line, extension);
          break;
        case "choose-export":
          void vscode.commands.executeCommand("pollscope.saveTimeline");
          break;
        case "save":
          void saveFile(message.name, message.bytes, vscode.Uri.joinPath(uri, ".."));
          break;
        case "ask":
        case "select":
          // Only a page that follows a run asks, and has panels beside it.
          break;
      }
    });
    const watcher = watchFile(uri, send);
    const exportable: Exportable = {
      forms: ["svg", "png", "perfetto"],
      // The page makes all of these; the trace itself is the file.
      saveAs: (form) => {
        if (form !== "trace") post({ kind: "export", form });
      },
    };
    this.exportables.lookedAt(exportable);
    panel.onDidChangeViewState(() => {
      if (panel.active) this.exportables.lookedAt(exportable);
    });
    panel.onDidDispose(() => {
      this.exportables.forget(exportable);
      messages.dispose();
      watcher.dispose();
    });
    loadPage(webview, extension, TRACE_PAGE);
  }
}

async function readTraceFile(uri: vscode.Uri, log: vscode.LogOutputChannel): Promise<ToPage> {
  try {
    const bytes = await vscode.workspace.fs.readFile(uri);
    // The file system may give a Node Buffer, which would not arrive as bytes.
    return { kind: "open-trace", bytes: new Uint8Array(bytes) };
  } catch (error) {
    log.error(`cannot read ${uri.toString(true)}`, error);
    const what = "This trace file cannot be read";
    return { kind: "show-failure", what, remedy: "Pollscope's log, in the Output panel, has the reason" };
  }
}

function watchFile(uri: vscode.Uri, onChange: () => void): vscode.Disposable {
  const folder = vscode.Uri.joinPath(uri, "..");
  const name = uri.path.slice(uri.path.lastIndexOf("/") + 1);
  // Characters with a meaning in a glob stand for themselves in brackets.
  const pattern = new vscode.RelativePattern(folder, name.replace(/[[\]{}*?]/g, "[$&]"));
  const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, false, true);
  watcher.onDidChange(onChange);
  watcher.onDidCreate(onChange);
  return watcher;
}
