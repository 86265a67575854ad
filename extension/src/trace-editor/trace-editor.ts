import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { ToEditor, ToPage } from "#webview/messages";
import { pageHtml } from "./page-html";

/** As in package.json under `customEditors`. */
export const TRACE_VIEW_TYPE = "pollscope.trace";

/** Opens `.pollscope` files: the page decodes the bytes, this side only reads them, again whenever they change. */
export function registerTraceEditor(
  extensionUri: vscode.Uri,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  return vscode.window.registerCustomEditorProvider(
    TRACE_VIEW_TYPE,
    new TraceEditorProvider(extensionUri, log),
    { supportsMultipleEditorsPerDocument: true },
  );
}

class TraceEditorProvider implements vscode.CustomReadonlyEditorProvider {
  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): void {
    const { webview } = panel;
    const post = (message: ToPage) => void webview.postMessage(message);
    const send = () => void readTraceFile(uri, this.log).then(post);
    // The page says that it is ready whenever it is made: at first, and when a hidden tab comes back.
    const messages = webview.onDidReceiveMessage((message: ToEditor) => {
      this.log.debug(`trace editor: ${message.kind} ${uri.toString(true)}`);
      send();
    });
    const watcher = watchFile(uri, send);
    panel.onDidDispose(() => {
      messages.dispose();
      watcher.dispose();
    });
    this.load(webview);
  }

  private load(webview: vscode.Webview): void {
    const dist = vscode.Uri.joinPath(this.extensionUri, "dist");
    const style = vscode.Uri.joinPath(this.extensionUri, "webview", "style");
    webview.options = { enableScripts: true, localResourceRoots: [dist, style] };
    webview.html = pageHtml({
      cspSource: webview.cspSource,
      script: webview.asWebviewUri(vscode.Uri.joinPath(dist, "webview.js")).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(style, "trace.css")).toString(),
      nonce: randomBytes(16).toString("base64url"),
    });
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
